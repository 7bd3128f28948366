package cyclostest

import (
	"strings"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// self is how a path names the caller.
const self = "self"

// locate finds the user that a path names: the caller by self, and anybody else
// by id or principal. A leading quote makes the rest a principal, whatever it
// looks like. Users whom the caller must not see are not found.
func (st *state) locate(caller *user, key string) (*user, *problem) {
	found := st.resolve(caller, key)
	if found == nil || !visible(caller, found) {
		return nil, notFound("User", key)
	}
	return found, nil
}

func (st *state) resolve(caller *user, key string) *user {
	if key == self {
		return caller
	}
	if principal, quoted := strings.CutPrefix(key, "'"); quoted {
		return st.userByPrincipal(PrincipalAny, principal)
	}
	if id, ok := parseLong(key); ok {
		return st.userByID(id)
	}
	if kind, value, ok := strings.Cut(key, ":"); ok {
		switch {
		case kind == "id":
			if id, ok := parseLong(value); ok {
				return st.userByID(id)
			}
			return nil
		case knownPrincipal(kind):
			return st.userByPrincipal(kind, value)
		}
	}
	return st.userByPrincipal(PrincipalAny, key)
}

// relation says what the caller is to the owner of a password.
func relation(caller, owner *user) who {
	switch {
	case caller == owner:
		return lifecycle.ByOwner
	case caller.Role == RoleAdministrator, owner.manager == caller:
		return lifecycle.ByManager
	default:
		return lifecycle.ByNobody
	}
}

// visible says whether the caller may know of the user. Users who left or were
// disabled are only known to those who manage them.
func visible(caller, u *user) bool {
	switch u.Status {
	case gen.UserStatusEnumDisabled, gen.UserStatusEnumRemoved, gen.UserStatusEnumPurged:
		return relation(caller, u) != lifecycle.ByNobody
	default:
		return true
	}
}

package cyclostest

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// self identifies the caller in a path.
const self = "self"

// lookupUser returns the user identified by self, an id or a principal. After a
// leading quote, the rest is always a principal. Users that are not visible to the
// caller are not found.
func (st *state) lookupUser(caller *user, key string) (*user, *problem) {
	found := st.resolveUser(caller, key)
	if found == nil || !visible(caller, found) {
		return nil, notFound("User", key)
	}
	return found, nil
}

func (st *state) resolveUser(caller *user, key string) *user {
	if key == self {
		return caller
	}
	if principal, quoted := strings.CutPrefix(key, "'"); quoted {
		return st.userByPrincipal(PrincipalAny, principal)
	}
	if id, ok := parseLong(key); ok {
		return st.byID[id]
	}
	if kind, value, ok := strings.Cut(key, ":"); ok {
		switch {
		case kind == "id":
			if id, ok := parseLong(value); ok {
				return st.byID[id]
			}
			return nil
		case knownPrincipal(kind):
			return st.userByPrincipal(kind, value)
		}
	}
	return st.userByPrincipal(PrincipalAny, key)
}

// relation returns the caller's relation to the owner of a password.
func relation(caller, owner *user) who {
	switch {
	case caller == owner:
		return lifecycle.ByOwner
	case caller.Role == RoleAdministrator:
		return lifecycle.ByAdministrator
	case owner.manager == caller:
		return lifecycle.ByManager
	default:
		return lifecycle.ByNobody
	}
}

// visible reports whether the caller can see the user. Disabled, removed and
// purged users are visible only to their managers.
func visible(caller, u *user) bool {
	hidden := []gen.UserStatusEnum{gen.UserStatusEnumDisabled, gen.UserStatusEnumRemoved, gen.UserStatusEnumPurged}
	return !slices.Contains(hidden, u.Status) || relation(caller, u) != lifecycle.ByNobody
}

// parseLong parses numbers like Java's Long.parseLong: an optional sign and
// decimal digits of any script, within 64 bits. Java reads UTF-16 code units, so
// digits outside the Basic Multilingual Plane are rejected.
func parseLong(s string) (int64, bool) {
	var ascii strings.Builder
	for i, r := range s {
		digit, ok := decimalDigit(r)
		switch {
		case ok:
			ascii.WriteByte('0' + digit)
		case i == 0 && (r == '+' || r == '-'):
			ascii.WriteRune(r)
		default:
			return 0, false
		}
	}
	n, err := strconv.ParseInt(ascii.String(), 10, 64)
	return n, err == nil
}

// decimalDigit returns the value of a decimal digit. Unicode lists a script's
// digits consecutively from zero to nine, so each range starts at a zero.
func decimalDigit(r rune) (byte, bool) {
	for _, run := range unicode.Nd.R16 {
		if first, last := rune(run.Lo), rune(run.Hi); first <= r && r <= last {
			return byte((r - first) % 10), true
		}
	}
	return 0, false
}

package cyclostest

import (
	"strings"
	"time"

	"github.com/cyclos-go/passwords/gen"
)

// state is the world while the server runs. The mutex of the Server guards it.
type state struct {
	users    []*user
	types    []*PasswordType
	sessions map[string]*user
	clients  map[string]*user // by prefix and token
	channels []Channel
	messages []Message
	calls    map[gen.OperationID]int
}

// user is a User with its relations resolved.
type user struct {
	User
	id        int64
	manager   *user
	passwords map[string]*password // by internal name of the type
}

// isActive says whether the user can use the system.
func (u *user) isActive() bool { return u.Status == gen.UserStatusEnumActive }

// mediums are those by which the user can be reached, e-mail first.
func (u *user) mediums() []gen.SendMediumEnum {
	var mediums []gen.SendMediumEnum
	for _, medium := range []gen.SendMediumEnum{gen.SendMediumEnumEmail, gen.SendMediumEnumSMS} {
		if u.address(medium) != "" {
			mediums = append(mediums, medium)
		}
	}
	return mediums
}

// address is where a medium reaches the user, "" if it does not.
func (u *user) address(medium gen.SendMediumEnum) string {
	switch medium {
	case gen.SendMediumEnumEmail:
		return u.Email
	case gen.SendMediumEnumSMS:
		return u.Phone
	default:
		return ""
	}
}

// password returns the user's password of type t as it is now.
func (u *user) password(t *PasswordType, now time.Time) *password {
	p := u.passwords[t.InternalName]
	p.settle(now)
	return p
}

// userByLogin returns nil if there is no such user.
func (st *state) userByLogin(loginName string) *user {
	return st.userByPrincipal(PrincipalLoginName, loginName)
}

func (st *state) userByID(id int64) *user {
	for _, u := range st.users {
		if u.id == id {
			return u
		}
	}
	return nil
}

// typeByName returns nil if no password type has this internal name.
func (st *state) typeByName(internalName string) *PasswordType {
	for _, t := range st.types {
		if t.InternalName == internalName {
			return t
		}
	}
	return nil
}

// typeByKey finds a password type by id or internal name.
func (st *state) typeByKey(key string) *PasswordType {
	for _, t := range st.types {
		if t.ID == key {
			return t
		}
	}
	return st.typeByName(key)
}

// principals lists the kinds of principal in the order in which a value is
// compared with them, and where a user has them. Login names and e-mails are
// compared without regard to case.
var principals = []struct {
	name string
	of   func(*User) string
	same func(a, b string) bool
}{
	{PrincipalLoginName, func(u *User) string { return u.LoginName }, strings.EqualFold},
	{PrincipalEmail, func(u *User) string { return u.Email }, strings.EqualFold},
	{PrincipalPhone, func(u *User) string { return u.Phone }, func(a, b string) bool { return a == b }},
	{PrincipalAccountNumber, func(u *User) string { return u.AccountNumber }, func(a, b string) bool { return a == b }},
}

// knownPrincipal says whether name is a kind of principal, or stands for all.
func knownPrincipal(name string) bool {
	if name == PrincipalAny {
		return true
	}
	for _, kind := range principals {
		if kind.name == name {
			return true
		}
	}
	return false
}

// userByPrincipal returns nil if no user has the value as a principal of that
// kind.
func (st *state) userByPrincipal(kindName, value string) *user {
	if value == "" {
		return nil
	}
	for _, kind := range principals {
		if kindName != PrincipalAny && kindName != kind.name {
			continue
		}
		for _, u := range st.users {
			if kind.same(kind.of(&u.User), value) {
				return u
			}
		}
	}
	return nil
}

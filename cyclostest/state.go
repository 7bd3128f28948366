package cyclostest

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/cyclos-go/passwords/gen"
)

// state is the world of a running server, guarded by Server.mu.
type state struct {
	byID        map[int64]*user
	byPrincipal map[string]map[string]*user // by principal type and normalized value
	types       []*PasswordType
	sessions    map[string]*user
	lifetimes   map[string]*lifetime // of the sessions that logins have opened, by token
	clients     map[string]*user     // by prefix and token
	channels    []Channel
	messages    ring[Message]
	requests    ring[Request]
	calls       map[gen.OperationID]int
}

// user is a User with its relations resolved.
type user struct {
	User
	id        int64
	manager   *user
	passwords []*password // without those that were neither given nor used so far
}

func (u *user) isActive() bool { return u.Status == gen.UserStatusEnumActive }

// mediums returns the mediums for which the user has an address, email first.
func (u *user) mediums() []gen.SendMediumEnum {
	mediums := []gen.SendMediumEnum{}
	for _, medium := range []gen.SendMediumEnum{gen.SendMediumEnumEmail, gen.SendMediumEnumSMS} {
		if u.address(medium) != "" {
			mediums = append(mediums, medium)
		}
	}
	return mediums
}

// address returns the user's address for a medium, "" if there is none.
func (u *user) address(medium gen.SendMediumEnum) string {
	return map[gen.SendMediumEnum]string{gen.SendMediumEnumEmail: u.Email, gen.SendMediumEnumSMS: u.Phone}[medium]
}

// password returns the user's password of type t, advanced to now.
func (u *user) password(t *PasswordType, now time.Time) *password {
	p := u.existing(t)
	if p == nil {
		p = &password{typ: t, status: neverCreated}
		u.passwords = append(u.passwords, p)
	}
	p.advance(now)
	return p
}

// existing returns nil if the user's password of type t was neither given nor used.
func (u *user) existing(t *PasswordType) *password {
	return find(u.passwords, func(p *password) bool { return p.typ == t })
}

// userByLogin returns nil if there is no such user.
func (st *state) userByLogin(loginName string) *user {
	return st.userByPrincipal(PrincipalLoginName, loginName)
}

// typeByName returns nil if there is no password type with this internal name.
func (st *state) typeByName(internalName string) *PasswordType {
	return find(st.types, func(t *PasswordType) bool { return t.InternalName == internalName })
}

// typeByKey returns a password type by id or internal name, nil if there is none.
func (st *state) typeByKey(key string) *PasswordType {
	return cmp.Or(find(st.types, func(t *PasswordType) bool { return t.ID == key }), st.typeByName(key))
}

// find returns the first element that matches, nil if there is none.
func find[T any](all []*T, matches func(*T) bool) *T {
	if i := slices.IndexFunc(all, matches); i >= 0 {
		return all[i]
	}
	return nil
}

type principal struct {
	name     string
	of       func(*User) string
	foldCase bool
}

// principals lists the principal types in the order in which they are tried. Login
// names and emails are case-insensitive.
var principals = []principal{
	{PrincipalLoginName, func(u *User) string { return u.LoginName }, true},
	{PrincipalEmail, func(u *User) string { return u.Email }, true},
	{PrincipalPhone, func(u *User) string { return u.Phone }, false},
	{PrincipalAccountNumber, func(u *User) string { return u.AccountNumber }, false},
}

// normalize returns the same string for the values that mean the same principal.
func (kind principal) normalize(value string) string {
	if kind.foldCase {
		return strings.Map(foldRune, value)
	}
	return value
}

// foldRune returns the same rune for all runes that strings.EqualFold considers equal.
func foldRune(r rune) rune {
	least := r
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		least = min(least, other)
	}
	if 'A' <= least && least <= 'Z' {
		return least + 'a' - 'A' // keeps strings.Map from copying the usual names
	}
	return least
}

// knownPrincipal reports whether name is a principal type or PrincipalAny.
func knownPrincipal(name string) bool {
	return name == PrincipalAny || slices.ContainsFunc(principals, func(kind principal) bool { return kind.name == name })
}

// userByPrincipal returns nil if there is no user with this principal.
func (st *state) userByPrincipal(kindName, value string) *user {
	for _, kind := range principals {
		if kindName == PrincipalAny || kindName == kind.name {
			if u := st.byPrincipal[kind.name][kind.normalize(value)]; u != nil {
				return u
			}
		}
	}
	return nil
}

package cyclostest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/cyclos-go/passwords/gen"
)

// First ids that the server assigns. They differ from the ids of the default world.
const (
	firstUserID int64 = 1_000_001
	firstTypeID int64 = 2_000_001
)

// build creates the initial state of a server. The error describes all
// inconsistencies in the world. It contains no password.
func build(w World, now time.Time) (*state, error) {
	b := builder{state: &state{
		byID:        make(map[int64]*user, len(w.Users)),
		byPrincipal: map[string]map[string]*user{},
		sessions:    map[string]*user{},
		lifetimes:   map[string]*lifetime{},
		clients:     map[string]*user{},
		calls:       map[gen.OperationID]int{},
	}, now: now}
	b.addTypes(w.PasswordTypes)
	b.addUsers(w.Users)
	b.addManagers()
	b.addChannels(w.Channels)
	for _, s := range w.Sessions {
		b.addToken(b.sessions, "session", s.Token, s.User)
	}
	for _, c := range w.AccessClients {
		b.addToken(b.clients, "access client", c.Prefix+c.Token, c.User)
	}
	return b.state, errors.Join(b.errs...)
}

// builder collects all errors instead of stopping at the first.
type builder struct {
	*state
	users []*user
	now   time.Time
	errs  []error
}

func (b *builder) fail(format string, args ...any) {
	b.errs = append(b.errs, fmt.Errorf(format, args...))
}

// assignID returns a function that must be called once for each i, in order. It returns
// id unless that is empty, and otherwise a new number of at least first+i that is not
// in reserved.
func assignID(first int64, reserved []string) func(i int, id string) string {
	taken, next := map[int64]bool{}, first
	for _, id := range reserved {
		if n, err := strconv.ParseInt(id, 10, 64); id != "" && err == nil {
			taken[n] = true
		}
	}
	return func(i int, id string) string {
		if id != "" {
			return id
		}
		for next = max(next, first+int64(i)); taken[next]; next++ {
		}
		next++
		return strconv.FormatInt(next-1, 10)
	}
}

func (b *builder) addTypes(types []PasswordType) {
	var reserved []string
	for _, t := range types {
		reserved = append(reserved, t.ID, t.InternalName)
	}
	id := assignID(firstTypeID, reserved)
	for i, t := range types {
		t.Name = cmp.Or(t.Name, t.InternalName)
		t.ID = id(i, t.ID)
		if _, err := strconv.ParseInt(t.ID, 10, 64); err != nil {
			b.fail("password type %q: the id is not a 64-bit number", t.InternalName)
		}
		if t.InternalName == "" {
			b.fail("password type %d has no internal name", i)
		}
		if b.typeByName(t.InternalName) != nil || b.typeByKey(t.ID) != nil {
			b.fail("password type %q: duplicate id or internal name", t.InternalName)
		}
		if !t.Mode.Valid() {
			b.fail("password type %q: unknown mode %q", t.InternalName, t.Mode)
		}
		if t.MaxTries < 0 || t.BlockFor < 0 || t.ExpiresAfter < 0 {
			b.fail("password type %q: negative limit", t.InternalName)
		}
		t.applyPolicyDefaults()
		if err := t.checkPolicy(); err != nil {
			b.fail("password type %q: %w", t.InternalName, err)
		}
		b.types = append(b.types, &t)
	}
}

func (b *builder) addUsers(users []User) {
	for _, kind := range principals {
		b.byPrincipal[kind.name] = map[string]*user{}
	}
	var reserved []string
	for _, u := range users {
		reserved = append(reserved, u.ID)
	}
	assigned := assignID(firstUserID, reserved)
	for i, given := range users {
		u := &user{User: given}
		u.Name = cmp.Or(u.Name, u.LoginName)
		u.Role = cmp.Or(u.Role, RoleMember)
		u.Status = cmp.Or(u.Status, gen.UserStatusEnumActive)
		u.ID = assigned(i, u.ID)
		id, err := strconv.ParseInt(u.ID, 10, 64)
		if err != nil {
			b.fail("user %q: the id is not a 64-bit number", u.LoginName)
		}
		u.id = id
		if u.LoginName == "" {
			b.fail("user %d has no login name", i)
		}
		if b.byID[u.id] != nil {
			b.fail("user %q: duplicate id", u.LoginName)
		}
		b.byID[u.id] = u
		for _, kind := range principals {
			users, key := b.byPrincipal[kind.name], kind.normalize(kind.of(&u.User))
			if users[key] != nil {
				b.fail("user %q: another user has the same %s", u.LoginName, kind.name)
			}
			if key != "" {
				users[key] = u
			}
		}
		if !slices.Contains([]Role{RoleAdministrator, RoleBroker, RoleMember, RoleOperator}, u.Role) {
			b.fail("user %q: unknown role %q", u.LoginName, u.Role)
		}
		if !u.Status.Valid() {
			b.fail("user %q: unknown status %q", u.LoginName, u.Status)
		}
		b.addPasswords(u)
		b.users = append(b.users, u)
	}
}

func (b *builder) addPasswords(u *user) {
	for _, from := range u.Passwords {
		t := b.typeByName(from.Type)
		if t == nil || u.existing(t) != nil {
			b.fail("user %q: unknown or duplicate password type %q", u.LoginName, from.Type)
			continue
		}
		p := &password{typ: t, status: cmp.Or(from.Status, active)}
		u.passwords = append(u.passwords, p)
		if !p.status.Valid() {
			b.fail("user %q: password %q: unknown status %q", u.LoginName, from.Type, p.status)
		}
		if p.status == pending && p.typ.Mode != gen.PasswordModeEnumGenerated {
			b.fail("user %q: password %q: mode %q does not allow status %q", u.LoginName, from.Type, p.typ.Mode, p.status)
		}
		switch valueless := p.status == neverCreated || p.status == pending; {
		case valueless && from.Value != "":
			b.fail("user %q: password %q: status %q does not allow a value", u.LoginName, from.Type, p.status)
		case !valueless && from.Value == "":
			b.fail("user %q: password %q: status %q requires a value", u.LoginName, from.Type, p.status)
		}
		if p.status == neverCreated {
			continue
		}
		p.date = from.Date
		if p.date.IsZero() {
			p.date = b.now
		}
		p.set(from.Value, p.date)
		if p.status == temporarilyBlocked && p.typ.BlockFor > 0 {
			p.blockedUntil = p.date.Add(p.typ.BlockFor)
		}
	}
	u.Passwords = nil // superseded by u.passwords
}

func (b *builder) addManagers() {
	wanted := map[Role]Role{RoleMember: RoleBroker, RoleOperator: RoleMember}
	for _, u := range b.users {
		if u.Manager == "" {
			if u.Role == RoleOperator {
				b.fail("operator %q has no manager: set Manager to a member", u.LoginName)
			}
			continue
		}
		manager := b.userByLogin(u.Manager)
		if manager == nil || manager.Role != wanted[u.Role] {
			b.fail("user %q: manager %q does not exist or has the wrong role", u.LoginName, u.Manager)
		}
		u.manager = manager
	}
}

func (b *builder) addChannels(channels []Channel) {
	if len(channels) == 0 {
		for _, t := range b.types {
			if t.Mode == gen.PasswordModeEnumManual {
				channels = []Channel{{InternalName: "main", PasswordType: t.InternalName}}
				break
			}
		}
	}
	for i, c := range channels {
		same := func(other Channel) bool { return other.InternalName == c.InternalName }
		if c.InternalName == "" || slices.ContainsFunc(channels[:i], same) {
			b.fail("channel %q: missing or duplicate internal name", c.InternalName)
		}
		used := b.typeByName(c.PasswordType)
		if used == nil {
			b.fail("channel %q: unknown password type %q", c.InternalName, c.PasswordType)
		} else if i == 0 {
			used.access = true
		}
		if c.Confirmation != "" && b.typeByName(c.Confirmation) == nil {
			b.fail("channel %q: unknown confirmation type %q", c.InternalName, c.Confirmation)
		}
		c.Roles = slices.Clone(c.Roles)
		b.channels = append(b.channels, c)
	}
	if len(b.channels) == 0 {
		b.fail("no channel: add one, or add a manual password type for the default channel")
	}
}

func (b *builder) addToken(tokens map[string]*user, kind, token, loginName string) {
	u := b.userByLogin(loginName)
	if u == nil {
		b.fail("%s of unknown user %q", kind, loginName)
	}
	if token == "" || tokens[token] != nil {
		b.fail("%s of %q: missing or duplicate token", kind, loginName)
	}
	tokens[token] = u
}

package passwords_test

import (
	"errors"
	"math/big"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit"
)

func FuzzUser(f *testing.F) {
	for _, row := range testkit.UserCases() {
		f.Add(row.Value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		world := userWorld(value)
		named, id := loginOf(world.Users, value), longOf(value)
		if isRejected(value) || strings.TrimSpace(value) == "" {
			named = nil
		}
		checkUser(t, world, passwords.Principal(value), named, value, "'"+value)
		checkUser(t, world, passwords.UserID(value), userWith(world.Users, func(u cyclostest.User) bool { return u.ID == id }), value)
		checkLocator(t, world, value)
	})
}

// checkUser calls operations for a user and checks that they act only on the user
// wanted, or are rejected if want is nil. The forms are the path segments that may
// arrive for the user.
func checkUser(t *testing.T, world cyclostest.World, user passwords.ManagedUser, want *cyclostest.User, forms ...string) {
	t.Helper()
	s := newFuzzedCyclos(world)
	client, ctx := s.as(t, "caller"), t.Context()
	data, errData := client.GetUserPasswordsListData(ctx, user, "user.id")
	_, errList := client.ListUserPasswords(ctx, user)
	one, errOne := client.GetUserPasswordsData(ctx, user, cyclostest.TypeLogin)
	errDisable := client.DisablePassword(ctx, user, cyclostest.TypeLogin)
	if want == nil {
		wantRejected(t, errData, errList, errOne, errDisable)
		s.wantCalls(t)
		s.wantStatuses(t, "a rejected call", nil)
		return
	}
	if err := errors.Join(errData, errList, errOne, errDisable); err != nil {
		t.Fatalf("user %q: %v", want.LoginName, err)
	}
	if data.User.ID != want.ID || one.Type.InternalName != cyclostest.TypeLogin {
		t.Errorf("user %s was reached, want %s", data.User.ID, want.ID)
	}
	s.wantCalls(t, "getUserPasswordsListData", "listUserPasswords", "getUserPasswordsData", "disablePassword")
	s.wantStatuses(t, "disablePassword", map[passwordOf]gen.PasswordStatusEnum{
		{want.LoginName, cyclostest.TypeLogin}: gen.PasswordStatusEnumDisabled,
	})
	s.wantUserSegment(t, forms...)
}

// checkLocator checks that a locator arrives unchanged. The server decides whom it
// names.
func checkLocator(t *testing.T, world cyclostest.World, value string) {
	t.Helper()
	s := newFuzzedCyclos(world)
	client, ctx := s.as(t, "caller"), t.Context()
	_, errList := client.ListUserPasswords(ctx, passwords.Locator(value))
	errDisable := client.DisablePassword(ctx, passwords.Locator(value), cyclostest.TypeLogin)
	if trimmed := strings.TrimSpace(value); isRejected(value) || trimmed == "" || strings.EqualFold(trimmed, "self") {
		wantRejected(t, errList, errDisable)
		s.wantCalls(t)
		s.wantStatuses(t, "a rejected call", nil)
		return
	}
	for _, err := range []error{errList, errDisable} {
		if err != nil && !errors.Is(err, passwords.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	}
	s.wantCalls(t, "listUserPasswords", "disablePassword")
	s.wantUserSegment(t, value)
}

// wantUserSegment checks the user in the path of all requests.
func (s *fuzzedCyclos) wantUserSegment(t *testing.T, forms ...string) {
	t.Helper()
	for _, r := range s.link.Arrived {
		path, _, _ := strings.Cut(r.RequestURI, "?")
		segment, err := url.PathUnescape(strings.Split(path, "/")[2])
		if err != nil || !slices.Contains(forms, segment) {
			t.Errorf("the user arrived as %q, want one of %q", segment, forms)
		}
	}
}

func FuzzPasswordType(f *testing.F) {
	for _, row := range testkit.TypeCases() {
		f.Add(row.Value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		s := newFuzzedCyclos(typeWorld(value))
		manager, ana, ctx := s.as(t, "caller"), s.as(t, "ana"), t.Context()
		user, typ := passwords.Principal("ana"), typeOf(s.world.PasswordTypes, value)
		var reached []string
		step := func(id string, want gen.PasswordStatusEnum, call func() (passwords.Secret, error)) {
			t.Helper()
			secret, err := call()
			if isRejected(value) {
				wantRejected(t, err)
				s.wantStatuses(t, id, nil)
				return
			}
			if err != nil {
				t.Fatalf("%s: %v", id, err)
			}
			reached = append(reached, id)
			s.wantStatuses(t, id, map[passwordOf]gen.PasswordStatusEnum{{"ana", typ.InternalName}: want})
			if !secret.IsZero() && !s.Check("ana", typ.InternalName, secret.Reveal()) {
				t.Errorf("%s returned the value of another password", id)
			}
		}
		noSecret := func(err error) (passwords.Secret, error) { return passwords.Secret{}, err }
		step("generatePassword", gen.PasswordStatusEnumActive, func() (passwords.Secret, error) { return ana.GeneratePassword(ctx, value) })
		step("changeGenerated", gen.PasswordStatusEnumActive, func() (passwords.Secret, error) { return ana.ChangeGenerated(ctx, value, passwords.Secret{}) })
		step("disablePassword", gen.PasswordStatusEnumDisabled, func() (passwords.Secret, error) { return noSecret(manager.DisablePassword(ctx, user, value)) })
		step("enablePassword", gen.PasswordStatusEnumActive, func() (passwords.Secret, error) { return noSecret(manager.EnablePassword(ctx, user, value)) })
		step("resetGeneratedPassword", gen.PasswordStatusEnumPending, func() (passwords.Secret, error) {
			return noSecret(manager.ResetGeneratedPassword(ctx, user, value))
		})
		data, err := manager.GetUserPasswordsData(ctx, user, value)
		switch {
		case isRejected(value), value == "list-data":
			wantRejected(t, err)
		case err != nil:
			t.Fatal(err)
		default:
			reached = append(reached, "getUserPasswordsData")
			if data.Type.ID != typ.ID || data.Status != gen.PasswordStatusEnumPending {
				t.Errorf("type %s was read, want %s", data.Type.ID, typ.ID)
			}
		}
		s.wantCalls(t, reached...)
	})
}

// fuzzedCyclos is an embedded server that its clients reach in memory.
type fuzzedCyclos struct {
	*cyclostest.Server
	world cyclostest.World
	link  *testkit.InMemory
}

func newFuzzedCyclos(world cyclostest.World) *fuzzedCyclos {
	server := cyclostest.New(cyclostest.WithWorld(world))
	return &fuzzedCyclos{server, world, &testkit.InMemory{Handler: server.Handler()}}
}

// as returns a client with the session of a user.
func (s *fuzzedCyclos) as(t *testing.T, loginName string) *passwords.Client {
	t.Helper()
	return testkit.NewClient(t, "http://localhost/api",
		passwords.WithSessionToken(passwords.NewSecret("fuzzed-session-"+loginName)), passwords.WithHTTPClient(&http.Client{Transport: s.link}))
}

// passwordOf names one password of one user.
type passwordOf struct{ user, passwordType string }

// wantStatuses checks the status of all passwords: those not listed must be
// unchanged.
func (s *fuzzedCyclos) wantStatuses(t *testing.T, after string, changed map[passwordOf]gen.PasswordStatusEnum) {
	t.Helper()
	for _, u := range s.world.Users {
		for _, typ := range s.world.PasswordTypes {
			want, ok := changed[passwordOf{u.LoginName, typ.InternalName}]
			if !ok {
				want = gen.PasswordStatusEnumNeverCreated
				if len(u.Passwords) > 0 && u.Passwords[0].Type == typ.InternalName {
					want = gen.PasswordStatusEnumActive
				}
			}
			if got := s.Status(u.LoginName, typ.InternalName); got != want {
				t.Errorf("after %s the password %q of %q is %s, want %s", after, typ.InternalName, u.LoginName, got, want)
			}
		}
	}
}

// wantCalls checks that each of these operations was executed once, and that no
// other request was sent.
func (s *fuzzedCyclos) wantCalls(t *testing.T, ids ...string) {
	t.Helper()
	want := map[string]int{}
	for _, id := range ids {
		want[id]++
	}
	for _, op := range testkit.Operations() {
		if got := s.Calls(gen.OperationID(op.ID)); got != want[op.ID] {
			t.Errorf("%s was executed %d times, want %d", op.ID, got, want[op.ID])
		}
	}
	if len(s.link.Sent) != len(ids) {
		t.Errorf("%d requests were sent, want %d", len(s.link.Sent), len(ids))
	}
}

// isRejected is a second implementation of the rule for values that cannot be sent
// in a path.
func isRejected(value string) bool {
	return value == "" || value == "." || value == ".." || !utf8.ValidString(value) ||
		strings.ContainsFunc(value, func(r rune) bool {
			return r < 0x20 || 0x7f <= r && r <= 0x9f || r == '/' || r == '\\' || r == ';'
		})
}

// wantRejected checks that each error is ErrInvalidArgument.
func wantRejected(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if !errors.Is(err, passwords.ErrInvalidArgument) {
			t.Errorf("got %v, want ErrInvalidArgument", err)
		}
	}
}

var decimal = regexp.MustCompile(`^[+-]?[0-9]+$`)

// longOf returns value as a canonical 64-bit number, "" if it is not one.
func longOf(value string) string {
	if !decimal.MatchString(value) {
		return ""
	}
	n, ok := new(big.Int).SetString(value, 10)
	if !ok || !n.IsInt64() {
		return ""
	}
	return n.String()
}

// userWorld has a user with this login name and one with this id, among users that
// a misread value would reach.
func userWorld(value string) cyclostest.World {
	login := []cyclostest.Password{{Type: cyclostest.TypeLogin, Value: "fake"}}
	users := []cyclostest.User{
		{ID: "7", LoginName: "caller", Role: cyclostest.RoleAdministrator},
		{ID: "1", LoginName: "one"},
		{ID: "-42", LoginName: "two"},
		{ID: "11", LoginName: "self"},
		{ID: "12", LoginName: "'123"},
		{ID: "123", LoginName: "three"},
		{ID: "13", LoginName: "ana", Email: "ana@example.org", Phone: "+42", AccountNumber: "0042"},
		{ID: "14", LoginName: "passwords"},
		{ID: "15", LoginName: "'ana"},
	}
	if id := longOf(value); id != "" && !slices.ContainsFunc(users, func(u cyclostest.User) bool { return u.ID == id }) {
		users = append(users, cyclostest.User{ID: id, LoginName: "by id"})
	}
	if value != "" && loginOf(users, value) == nil {
		users = append(users, cyclostest.User{ID: "9000000000000000001", LoginName: value})
	}
	for i := range users {
		users[i].Passwords = login
	}
	return cyclostest.World{
		Users:         users,
		PasswordTypes: []cyclostest.PasswordType{{ID: "-7", InternalName: cyclostest.TypeLogin, Mode: gen.PasswordModeEnumManual}},
		Sessions:      []cyclostest.Session{{Token: "fuzzed-session-caller", User: "caller"}},
	}
}

// loginOf returns the user with the login name; nil if there is none.
func loginOf(users []cyclostest.User, name string) *cyclostest.User {
	return userWith(users, func(u cyclostest.User) bool { return strings.EqualFold(u.LoginName, name) })
}

func userWith(users []cyclostest.User, is func(cyclostest.User) bool) *cyclostest.User {
	if i := slices.IndexFunc(users, is); i >= 0 {
		return &users[i]
	}
	return nil
}

// typeWorld has a password type with this name, among types that a misread value
// would reach.
func typeWorld(value string) cyclostest.World {
	var types []cyclostest.PasswordType
	for id, name := range map[string]string{
		"1": "one", "-42": "two", "11": "list-data", "12": "generate", "13": "change-generated",
		"14": "passwords", "15": "pin", "16": "disable", "123": "self",
	} {
		types = append(types, cyclostest.PasswordType{ID: id, InternalName: name, Mode: gen.PasswordModeEnumGenerated})
	}
	if value != "" && typeOf(types, value) == nil {
		types = append(types, cyclostest.PasswordType{ID: "9000000000000000001", InternalName: value, Mode: gen.PasswordModeEnumGenerated})
	}
	return cyclostest.World{
		Users: []cyclostest.User{
			{ID: "7", LoginName: "caller", Role: cyclostest.RoleAdministrator},
			{ID: "13", LoginName: "ana"},
			{ID: "14", LoginName: "passwords"},
		},
		PasswordTypes: types,
		Sessions:      []cyclostest.Session{{Token: "fuzzed-session-caller", User: "caller"}, {Token: "fuzzed-session-ana", User: "ana"}},
		Channels:      []cyclostest.Channel{{InternalName: "main", PasswordType: "pin"}},
	}
}

// typeOf returns the type with that id, or else with that name; nil if there is
// none.
func typeOf(types []cyclostest.PasswordType, key string) *cyclostest.PasswordType {
	for _, is := range []func(cyclostest.PasswordType) bool{
		func(typ cyclostest.PasswordType) bool { return typ.ID == key },
		func(typ cyclostest.PasswordType) bool { return typ.InternalName == key },
	} {
		if i := slices.IndexFunc(types, is); i >= 0 {
			return &types[i]
		}
	}
	return nil
}

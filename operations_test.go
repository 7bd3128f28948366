package passwords_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/internal/testkit"
	"github.com/cyclos-go/passwords/internal/testkit/spec"
)

// embedded is a Cyclos server with clients. Each exchange is validated against the
// API description.
type embedded struct {
	*cyclostest.Server
	admin, ana *passwords.Client
}

func newEmbedded(t *testing.T, opts ...cyclostest.Option) embedded {
	t.Helper()
	cyclos := cyclostest.New(opts...)
	server := httptest.NewServer(spec.Handler(t, cyclos.Handler()))
	t.Cleanup(server.Close)
	cyclos.URL = server.URL + "/api"
	return embedded{
		cyclos,
		testkit.NewClient(t, cyclos.URL, passwords.WithBasicAuth(cyclostest.Admin, passwords.NewSecret(cyclostest.AdminPassword))),
		testkit.NewClient(t, cyclos.URL, passwords.WithSessionToken(passwords.NewSecret(cyclostest.AnaSession))),
	}
}

var versions = []string{"4.9", "4.10", "4.11", "4.12", "4.13", "4.14", "4.15", "4.16"}

// since reports whether version v is first or newer.
func since(v, first string) bool { return slices.Index(versions, v) >= slices.Index(versions, first) }

// TestAllOperationsOnEveryVersion takes the passwords of ana through their life
// cycles.
func TestAllOperationsOnEveryVersion(t *testing.T) {
	t.Parallel()
	for _, v := range versions {
		t.Run(v, func(t *testing.T) {
			t.Parallel()
			s := newEmbedded(t, cyclostest.WithVersion(v))
			ana, ctx := passwords.Principal(cyclostest.Ana), t.Context()

			all, err := s.ana.ListUserPasswords(ctx, passwords.Self(), "status", "type")
			if err != nil || len(all) == 0 {
				t.Fatalf("got %v, %v", all, err)
			}
			for _, p := range all {
				if p.Status == "" || p.Type.InternalName == "" || p.Type.Mode == passwords.ModeScript || !p.Date.IsZero() {
					t.Errorf("got %+v with %+v", p, p.Type)
				}
				if (p.Type.Mode != "") != since(v, "4.14") {
					t.Errorf("the mode of a listed type is %q", p.Type.Mode)
				}
			}

			data, err := s.admin.GetUserPasswordsListData(ctx, ana)
			if err != nil || len(data.Passwords) != len(all) {
				t.Fatalf("got %+v, %v", data, err)
			}
			if (data.User != nil) != since(v, "4.12") || (len(data.SendMediums) > 0) != since(v, "4.14") {
				t.Errorf("got the user %v and the send mediums %v", data.User, data.SendMediums)
			}

			login, err := s.ana.GetUserPasswordsData(ctx, passwords.Self(), cyclostest.TypeLogin)
			if err != nil || login.Status != passwords.StatusActive || login.Date.IsZero() || !login.Permissions.Change {
				t.Fatalf("got %+v, %v", login, err)
			}
			if login.RequireOldPasswordForChange != since(v, "4.11") {
				t.Errorf("old password required: %t", login.RequireOldPasswordForChange)
			}

			status := func(passwordType string, want passwords.Status) {
				t.Helper()
				if got := s.Status(cyclostest.Ana, passwordType); got != want {
					t.Fatalf("%s is %s, want %s", passwordType, got, want)
				}
			}
			check := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			old, fresh := passwords.NewSecret(cyclostest.AnaPassword), passwords.NewSecret("fresh-value-1")
			check(s.ana.ChangePassword(ctx, passwords.Self(), cyclostest.TypeLogin, passwords.ChangePassword{
				OldPassword: old, NewPassword: fresh, NewPasswordConfirmation: fresh, CheckConfirmation: true,
			}))
			if !s.Check(cyclostest.Ana, cyclostest.TypeLogin, fresh.Reveal()) {
				t.Error("the password is not the new one")
			}
			check(s.admin.DisablePassword(ctx, ana, cyclostest.TypeLogin))
			status(cyclostest.TypeLogin, passwords.StatusDisabled)
			check(s.admin.EnablePassword(ctx, ana, cyclostest.TypeLogin))
			status(cyclostest.TypeLogin, passwords.StatusActive)

			_, err = s.ana.GeneratePassword(ctx, cyclostest.TypeCardPIN)
			if !passwords.IsCode(err, passwords.CodeIllegalAction) {
				t.Errorf("got %v, want illegalAction", err)
			}
			check(s.admin.AllowGeneration(ctx, ana, cyclostest.TypeCardPIN))
			status(cyclostest.TypeCardPIN, passwords.StatusPending)
			first, err := s.ana.GeneratePassword(ctx, cyclostest.TypeCardPIN)
			check(err)
			second, err := s.ana.ChangeGenerated(ctx, cyclostest.TypeCardPIN, fresh)
			check(err)
			if first.IsZero() || !s.Check(cyclostest.Ana, cyclostest.TypeCardPIN, second.Reveal()) {
				t.Error("the generated value is not the password")
			}
			_, err = s.ana.ChangeGenerated(ctx, cyclostest.TypeCardPIN, passwords.Secret{})
			if !passwords.IsCode(err, passwords.CodeInvalidPassword) {
				t.Errorf("without confirmation: got %v, want invalidPassword", err)
			}
			check(s.admin.ResetGeneratedPassword(ctx, ana, cyclostest.TypeCardPIN))
			status(cyclostest.TypeCardPIN, passwords.StatusPending)

			check(s.admin.ResetAndSendPassword(ctx, ana, cyclostest.TypeLogin, passwords.SendMediumSMS))
			status(cyclostest.TypeLogin, passwords.StatusReset)
			if messages := s.Messages(); len(messages) != 1 || messages[0].Medium != passwords.SendMediumSMS {
				t.Errorf("%d messages were sent", len(messages))
			}
			check(s.ana.ChangePassword(ctx, passwords.Self(), cyclostest.TypeLogin, passwords.ChangePassword{NewPassword: old}))

			for range 3 {
				_ = s.ana.ChangePassword(ctx, passwords.Self(), cyclostest.TypeTradePIN, passwords.ChangePassword{
					OldPassword: passwords.NewSecret("wrong"), NewPassword: passwords.NewSecret("246813"),
				})
			}
			status(cyclostest.TypeTradePIN, passwords.StatusIndefinitelyBlocked)
			check(s.admin.UnblockPassword(ctx, ana, cyclostest.TypeTradePIN))
			status(cyclostest.TypeTradePIN, passwords.StatusActive)

			one, err := s.admin.GetUserPasswordsData(ctx, ana, cyclostest.TypeTradePIN)
			if err != nil || (len(one.History) > 0) != since(v, "4.15") {
				t.Errorf("got a history of %d events, %v", len(one.History), err)
			}
			for _, call := range testkit.EmulatorCalls() {
				if s.Calls(call.ID) > 0 {
					continue
				}
				other := newEmbedded(t, cyclostest.WithVersion(v), cyclostest.WithWorld(testkit.FaultWorld()))
				if err := call.Do(ctx, testkit.NewClient(t, other.URL, passwords.WithSessionToken(passwords.NewSecret(call.Session)))); err != nil {
					t.Errorf("%s: %v", call.ID, err)
				}
			}
		})
	}
}

// TestStrangersArePermittedNothing: each operation of the embedded server asks who
// calls it.
func TestStrangersArePermittedNothing(t *testing.T) {
	t.Parallel()
	s := newEmbedded(t)
	stranger := testkit.NewClient(t, s.URL, passwords.WithSessionToken(passwords.NewSecret(cyclostest.BenSession)))
	for _, op := range testkit.Operations() {
		if !op.HasUser() {
			continue
		}
		if _, err := op.Call(t.Context(), stranger, passwords.Principal(cyclostest.Ana), cyclostest.TypeLogin); !passwords.IsCode(err, passwords.CodePermissionDenied) {
			t.Errorf("%s of another member: got %v, want permissionDenied", op.ID, err)
		}
	}
}

// TestSendMediums covers requests for several mediums, which are sent in the same
// form to all versions, and for none, which means all.
func TestSendMediums(t *testing.T) {
	t.Parallel()
	const email, sms = passwords.SendMediumEmail, passwords.SendMediumSMS
	for _, v := range versions {
		for _, mediums := range [][]passwords.SendMedium{nil, {email, sms}, {sms}} {
			s := newEmbedded(t, cyclostest.WithVersion(v))
			err := s.admin.ResetAndSendPassword(t.Context(), passwords.Principal(cyclostest.Ana), cyclostest.TypeLogin, mediums...)
			if err != nil {
				t.Errorf("%s, %v: %v", v, mediums, err)
			}
			var sent []passwords.SendMedium
			for _, m := range s.Messages() {
				sent = append(sent, m.Medium)
			}
			want := mediums
			if want == nil {
				want = []passwords.SendMedium{email, sms}
			}
			if !slices.Equal(sent, want) {
				t.Errorf("%s, %v: sent by %v", v, mediums, sent)
			}
		}
	}
}

// TestGeneratedValuesOfOlderServers covers both media types: older servers send
// generated values as JSON to clients that prefer it.
func TestGeneratedValuesOfOlderServers(t *testing.T) {
	t.Parallel()
	for _, accept := range []string{"application/json", "text/plain"} {
		cyclos := cyclostest.New(cyclostest.WithVersion("4.11"))
		server := testkit.Serve(t, spec.Handler(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Header.Set("Accept", accept)
			cyclos.Handler().ServeHTTP(w, r)
		})))
		value, err := testkit.NewClient(t, server, passwords.WithSessionToken(passwords.NewSecret(cyclostest.BenSession))).GeneratePassword(t.Context(), cyclostest.TypePIN)
		if err != nil || !cyclos.Check(cyclostest.Ben, cyclostest.TypePIN, value.Reveal()) {
			t.Errorf("%s: got another value, or the error %v", accept, err)
		}
	}
}

// TestPrincipalsReachWhoWasNamed covers the users of the default world, some of
// whose names look like ids or locators.
func TestPrincipalsReachWhoWasNamed(t *testing.T) {
	t.Parallel()
	s := newEmbedded(t)
	for _, u := range cyclostest.DefaultWorld().Users {
		for _, principal := range []string{u.LoginName, u.Email, u.Phone, u.AccountNumber} {
			if principal == "" || u.LoginName == cyclostest.Admin {
				continue
			}
			data, err := s.admin.GetUserPasswordsListData(t.Context(), passwords.Principal(principal), "user.id")
			if err != nil || data.User.ID != u.ID {
				t.Errorf("%q: got another user, or the error %v", principal, err)
			}
		}
		data, err := s.admin.GetUserPasswordsListData(t.Context(), passwords.UserID(u.ID), "user")
		if err != nil || data.User.ID != u.ID {
			t.Errorf("%s: got another user, or the error %v", u.ID, err)
		}
	}
	data, err := s.ana.GetUserPasswordsListData(t.Context(), passwords.Self(), "user")
	if err != nil || data.User.Display == "" {
		t.Fatalf("got %v", err)
	}
	byLocator, err := s.admin.GetUserPasswordsListData(t.Context(), passwords.Locator("id:"+data.User.ID), "user")
	if err != nil || byLocator.User.ID != data.User.ID {
		t.Errorf("locator: got another user, or the error %v", err)
	}
	for name, user := range map[string]passwords.User{
		"an account number as id": passwords.UserID("5551234567"),
		"an id as principal":      passwords.Principal(data.User.ID),
		"a locator as principal":  passwords.Principal("id:" + data.User.ID),
		"any principal":           passwords.Principal("*:ana"),
	} {
		if _, err = s.admin.ListUserPasswords(t.Context(), user); !errors.Is(err, passwords.ErrNotFound) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestAuthenticationsOnTheEmbeddedServer(t *testing.T) {
	t.Parallel()
	s := newEmbedded(t)
	for name, tc := range map[string]struct {
		opts []passwords.Option
		code string
	}{
		"basic":                   {[]passwords.Option{passwords.WithBasicAuth(cyclostest.Ana, passwords.NewSecret(cyclostest.AnaPassword))}, ""},
		"basic by e-mail":         {[]passwords.Option{passwords.WithBasicAuth("ana@example.org", passwords.NewSecret(cyclostest.AnaPassword)), passwords.WithPrincipalType("email")}, ""},
		"basic in a channel":      {[]passwords.Option{passwords.WithBasicAuth(cyclostest.Ana, passwords.NewSecret(cyclostest.AnaPIN)), passwords.WithChannel(cyclostest.ChannelPOS)}, ""},
		"session":                 {[]passwords.Option{passwords.WithSessionToken(passwords.NewSecret(cyclostest.AnaSession))}, ""},
		"access client":           {[]passwords.Option{passwords.WithAccessClientToken(passwords.NewSecret(cyclostest.AnaClientToken))}, ""},
		"access client, prefixed": {[]passwords.Option{passwords.WithAccessClientToken(passwords.NewSecret(cyclostest.BenClientToken)), passwords.WithAccessClientPrefix(passwords.NewSecret(cyclostest.BenClientPrefix))}, ""},
		"wrong password":          {[]passwords.Option{passwords.WithBasicAuth(cyclostest.Ben, passwords.NewSecret("wrong"))}, passwords.CodeLogin},
		"another principal type":  {[]passwords.Option{passwords.WithBasicAuth(cyclostest.Ana, passwords.NewSecret(cyclostest.AnaPassword)), passwords.WithPrincipalType("email")}, passwords.CodeLogin},
		"closed session":          {[]passwords.Option{passwords.WithSessionToken(passwords.NewSecret("no-such-session"))}, passwords.CodeLoggedOut},
		"prefix missing":          {[]passwords.Option{passwords.WithAccessClientToken(passwords.NewSecret(cyclostest.BenClientToken))}, passwords.CodeInvalidAccessClient},
		"channel":                 {[]passwords.Option{passwords.WithSessionToken(passwords.NewSecret(cyclostest.AnaSession)), passwords.WithChannel(cyclostest.ChannelAdmin)}, passwords.CodeInaccessibleChannel},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := testkit.NewClient(t, s.URL, tc.opts...).ListUserPasswords(t.Context(), passwords.Self())
			if (err == nil) != (tc.code == "") || tc.code != "" && !passwords.IsCode(err, tc.code) {
				t.Errorf("got %v, want %q", err, tc.code)
			}
		})
	}
}

func TestFieldsOnTheEmbeddedServer(t *testing.T) {
	t.Parallel()
	s := newEmbedded(t)
	get := func(fields ...string) (*passwords.PasswordStatusAndActions, error) {
		return s.admin.GetUserPasswordsData(t.Context(), passwords.Principal(cyclostest.Ana), cyclostest.TypeLogin, fields...)
	}
	p, err := get("status", "type.internalName")
	if err != nil || p.Status == "" || p.Type.InternalName == "" || p.Type.Name != "" || p.Permissions != nil {
		t.Errorf("include: got %+v, %v", p, err)
	}
	p, err = get("-status", "!permissions", "type.-internalName")
	if err != nil || p.Status != "" || p.Permissions != nil || p.Type.InternalName != "" || p.Type.Name == "" {
		t.Errorf("exclude: got %+v, %v", p, err)
	}
	p, err = get("*type.internalName")
	if err != nil || p.Status == "" || p.Type.Name != "" || p.Type.InternalName == "" {
		t.Errorf("nested level: got %+v, %v", p, err)
	}
	p, err = get("+status")
	if err != nil || p.Status == "" || p.Type != nil {
		t.Errorf("plus: got %+v, %v", p, err)
	}
	if _, err = get("status", "-status"); !errors.Is(err, passwords.ErrInvalidInput) {
		t.Errorf("both ways: got %v", err)
	}
}

func TestPolicyErrorsOnTheEmbeddedServer(t *testing.T) {
	t.Parallel()
	s := newEmbedded(t)
	err := s.ana.ChangePassword(t.Context(), passwords.Self(), cyclostest.TypeLogin, passwords.ChangePassword{
		OldPassword: passwords.NewSecret(cyclostest.AnaPassword), NewPassword: passwords.NewSecret("short"),
		NewPasswordConfirmation: passwords.NewSecret("other"), CheckConfirmation: true,
	})
	var e *passwords.Error
	if !errors.As(err, &e) || !errors.Is(err, passwords.ErrInvalidInput) ||
		len(e.PropertyErrors()["newPassword"]) == 0 || len(e.PropertyErrors()["newPasswordConfirmation"]) == 0 {
		t.Errorf("got %v", err)
	}
}

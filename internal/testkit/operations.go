package testkit

import (
	"context"
	"strings"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/gen"
)

// Operation is an operation of the API with typical arguments.
type Operation struct {
	ID, Method, Path string
	// Do sends these. The URI follows /api.
	URI, Body, Accept string
	Header            map[string]string
	// OK is a typical successful reply.
	OK Reply

	user         passwords.User
	passwordType string

	emulated EmulatorCall

	// Call calls the operation, and ignores the arguments for which the path has
	// no variable. It panics with [passwords.Self] if the API does not offer the
	// operation to it.
	Call func(ctx context.Context, c *passwords.Client, user passwords.User, passwordType string) (any, error)
}

// Do calls the operation with the typical user and password type.
func (o Operation) Do(ctx context.Context, c *passwords.Client) (any, error) {
	return o.Call(ctx, c, o.user, o.passwordType)
}

// Pattern is the pattern for [net/http.ServeMux].
func (o Operation) Pattern() string { return o.Method + " /api" + o.Path }

// HasUser reports whether the path names a user.
func (o Operation) HasUser() bool { return strings.Contains(o.Path, "{user}") }

// HasType reports whether the path names a password type.
func (o Operation) HasType() bool { return strings.Contains(o.Path, "{type}") }

// Rejects reports whether the operation rejects the password type.
func (o Operation) Rejects(c TypeCase) bool {
	return c.Rejected || c.Value == ListData && o.ID == "getUserPasswordsData"
}

// OperationByID returns the operation with the ID. It panics if there is none.
func OperationByID(id string) Operation {
	for _, o := range Operations() {
		if o.ID == id {
			return o
		}
	}
	panic("testkit: no operation " + id)
}

const (
	acceptJSON = "application/json"
	acceptText = "text/plain, application/json;q=0.5"
)

// Operations returns all operations. A literal path segment comes before a
// variable in the same place.
func Operations() []Operation {
	ana, byID := passwords.Principal(cyclostest.Ana), passwords.UserID("-42")
	const login, pin = cyclostest.TypeLogin, cyclostest.TypePIN
	is := func(user, passwordType string, status passwords.Status) func(*cyclostest.Server) bool {
		return func(s *cyclostest.Server) bool { return s.Status(user, passwordType) == status }
	}
	operations := []Operation{
		{
			ID:  "listUserPasswords",
			URI: "/ana/passwords?fields=status,type.internalName,-date,%2Bx", Accept: acceptJSON,
			OK:   JSON(200, `[{"status":"active","type":{"internalName":"login"}}]`),
			user: ana,
			Call: func(ctx context.Context, c *passwords.Client, user passwords.User, _ string) (any, error) {
				return c.ListUserPasswords(ctx, user, "status", "type.internalName", "-date", "+x")
			},
			emulated: EmulatorCall{Session: cyclostest.AdminSession, user: ana, passwordType: login},
		},
		{
			ID:  "getUserPasswordsListData",
			URI: "/self/passwords/list-data", Accept: acceptJSON,
			OK:   JSON(200, `{"user":{"id":"1","user":{"id":"2"}},"passwords":[],"sendMediums":["sms"]}`),
			user: passwords.Self(),
			Call: func(ctx context.Context, c *passwords.Client, user passwords.User, _ string) (any, error) {
				return c.GetUserPasswordsListData(ctx, user)
			},
			emulated: EmulatorCall{Session: cyclostest.AdminSession, user: ana, passwordType: login},
		},
		{
			ID:  "getUserPasswordsData",
			URI: "/-42/passwords/login?fields=-history", Accept: acceptJSON,
			OK:   JSON(200, `{"status":"expired","permissions":{"change":true}}`),
			user: byID, passwordType: "login",
			Call: func(ctx context.Context, c *passwords.Client, user passwords.User, passwordType string) (any, error) {
				return c.GetUserPasswordsData(ctx, user, passwordType, "-history")
			},
			emulated: EmulatorCall{Session: cyclostest.AdminSession, user: ana, passwordType: login},
		},
		{
			ID:  "changePassword",
			URI: "/self/passwords/login/change", Accept: acceptJSON,
			Body: `{"checkConfirmation":true,"forceChange":true,"newPassword":"` + NewPassword +
				`","newPasswordConfirmation":"` + NewPassword + `","oldPassword":"` + OldPassword + `"}`,
			Header: map[string]string{"Content-Type": "application/json"},
			OK:     NoContent,
			user:   passwords.Self(), passwordType: "login",
			Call: func(ctx context.Context, c *passwords.Client, user passwords.User, passwordType string) (any, error) {
				return nil, c.ChangePassword(ctx, user, passwordType, passwords.ChangePassword{
					OldPassword:             passwords.NewSecret(OldPassword),
					NewPassword:             passwords.NewSecret(NewPassword),
					NewPasswordConfirmation: passwords.NewSecret(NewPassword),
					CheckConfirmation:       true,
					ForceChange:             true,
				})
			},
			emulated: EmulatorCall{Session: cyclostest.AnaSession, Do: func(ctx context.Context, c *passwords.Client) error {
				return c.ChangePassword(ctx, passwords.Self(), login, passwords.ChangePassword{
					OldPassword: passwords.NewSecret(cyclostest.AnaPassword), NewPassword: passwords.NewSecret(NewPassword),
				})
			}, Done: func(s *cyclostest.Server) bool { return s.Check(cyclostest.Ana, login, NewPassword) }},
		},
		{
			ID:  "disablePassword",
			URI: "/ana/passwords/login/disable", Accept: acceptJSON, OK: NoContent,
			user: ana, passwordType: "login",
			Call: func(ctx context.Context, c *passwords.Client, user passwords.User, passwordType string) (any, error) {
				return nil, c.DisablePassword(ctx, user, passwordType)
			},
			emulated: EmulatorCall{Session: cyclostest.AdminSession, user: ana, passwordType: login, Done: is(cyclostest.Ana, login, passwords.StatusDisabled)},
		},
		{
			ID:  "enablePassword",
			URI: "/ana/passwords/login/enable", Accept: acceptJSON, OK: NoContent,
			user: ana, passwordType: "login",
			Call: func(ctx context.Context, c *passwords.Client, user passwords.User, passwordType string) (any, error) {
				return nil, c.EnablePassword(ctx, user, passwordType)
			},
			emulated: EmulatorCall{Session: cyclostest.AdminSession, user: passwords.Principal(cyclostest.Ben), passwordType: login, Done: is(cyclostest.Ben, login, passwords.StatusActive)},
		},
		{
			ID:  "unblockPassword",
			URI: "/-42/passwords/-7/unblock", Accept: acceptJSON, OK: NoContent,
			user: byID, passwordType: "-7",
			Call: func(ctx context.Context, c *passwords.Client, user passwords.User, passwordType string) (any, error) {
				return nil, c.UnblockPassword(ctx, user, passwordType)
			},
			emulated: EmulatorCall{Session: cyclostest.AdminSession, user: passwords.Principal(cyclostest.NamedSelf), passwordType: login, Done: is(cyclostest.NamedSelf, login, passwords.StatusActive)},
		},
		{
			ID:  "allowGeneration",
			URI: "/ana/passwords/pin/allow-generation", Accept: acceptJSON, OK: NoContent,
			user: ana, passwordType: "pin",
			Call: func(ctx context.Context, c *passwords.Client, user passwords.User, passwordType string) (any, error) {
				return nil, c.AllowGeneration(ctx, user.(passwords.ManagedUser), passwordType)
			},
			emulated: EmulatorCall{Session: cyclostest.AdminSession, user: ana, passwordType: cyclostest.TypeCardPIN, Done: is(cyclostest.Ana, cyclostest.TypeCardPIN, passwords.StatusPending)},
		},
		{
			ID:  "resetGeneratedPassword",
			URI: "/ana/passwords/pin/reset-generated", Accept: acceptJSON, OK: NoContent,
			user: ana, passwordType: "pin",
			Call: func(ctx context.Context, c *passwords.Client, user passwords.User, passwordType string) (any, error) {
				return nil, c.ResetGeneratedPassword(ctx, user.(passwords.ManagedUser), passwordType)
			},
			emulated: EmulatorCall{Session: cyclostest.AdminSession, user: ana, passwordType: pin, Done: is(cyclostest.Ana, pin, passwords.StatusPending)},
		},
		{
			ID:  "resetAndSendPassword",
			URI: "/ana/passwords/login/reset-and-send?sendMediums=email&sendMediums=sms", Accept: acceptJSON, OK: NoContent,
			user: ana, passwordType: "login",
			Call: func(ctx context.Context, c *passwords.Client, user passwords.User, passwordType string) (any, error) {
				return nil, c.ResetAndSendPassword(ctx, user.(passwords.ManagedUser), passwordType, passwords.SendMediumEmail, passwords.SendMediumSMS)
			},
			emulated: EmulatorCall{Session: cyclostest.AdminSession, Do: func(ctx context.Context, c *passwords.Client) error {
				return c.ResetAndSendPassword(ctx, ana, login, passwords.SendMediumEmail)
			}, Done: func(s *cyclostest.Server) bool { return len(s.Messages()) == 1 }},
		},
		{
			ID:  "generatePassword",
			URI: "/passwords/pin/generate", Accept: acceptText, OK: Text(GeneratedPassword),
			passwordType: "pin",
			Call: func(ctx context.Context, c *passwords.Client, _ passwords.User, passwordType string) (any, error) {
				return c.GeneratePassword(ctx, passwordType)
			},
			emulated: EmulatorCall{Session: cyclostest.BenSession, user: nil, passwordType: pin, Done: is(cyclostest.Ben, pin, passwords.StatusActive)},
		},
		{
			ID:  "changeGenerated",
			URI: "/passwords/pin/change-generated", Accept: acceptText, OK: Text(GeneratedPassword),
			Header:       map[string]string{"Confirmationpassword": ConfirmationPassword},
			passwordType: "pin",
			Call: func(ctx context.Context, c *passwords.Client, _ passwords.User, passwordType string) (any, error) {
				return c.ChangeGenerated(ctx, passwordType, passwords.NewSecret(ConfirmationPassword))
			},
			emulated: EmulatorCall{Session: cyclostest.AnaSession, Do: func(ctx context.Context, c *passwords.Client) error {
				_, err := c.ChangeGenerated(ctx, pin, passwords.NewSecret(cyclostest.AnaPassword))
				return err
			}, Done: func(s *cyclostest.Server) bool { return !s.Check(cyclostest.Ana, pin, cyclostest.AnaPIN) }},
		},
	}
	for i, o := range operations {
		described := gen.OperationID(o.ID).Operation()
		operations[i].Method, operations[i].Path = described.Method, described.Path
	}
	return operations
}

// EmulatorCall is a call of one operation that succeeds once in [FaultWorld].
type EmulatorCall struct {
	ID      gen.OperationID
	Session string
	Safe    bool
	HasBody bool // the response
	Do      func(context.Context, *passwords.Client) error
	// Done reports whether the call was executed. It is nil for safe operations.
	Done func(*cyclostest.Server) bool

	// of Do, if it is Operation.Call
	user         passwords.User
	passwordType string
}

// EmulatorCalls returns a call of each operation.
func EmulatorCalls() []EmulatorCall {
	var calls []EmulatorCall
	for _, o := range Operations() {
		described, call := gen.OperationID(o.ID).Operation(), o.emulated
		if call.Session == "" {
			panic("testkit: " + o.ID + " has no emulated call: add it to internal/testkit/operations.go")
		}
		call.ID, call.Safe, call.HasBody = described.ID, described.Safe, described.MediaType != ""
		if call.Do == nil {
			call.Do = func(ctx context.Context, c *passwords.Client) error {
				_, err := o.Call(ctx, c, call.user, call.passwordType)
				return err
			}
		}
		calls = append(calls, call)
	}
	return calls
}

// FaultWorld has a password in the right status for each of [EmulatorCalls].
func FaultWorld() cyclostest.World {
	w := cyclostest.DefaultWorld()
	for i := range w.Users {
		switch u := &w.Users[i]; u.LoginName {
		case cyclostest.Ben:
			u.Passwords[0].Status = passwords.StatusDisabled
		case cyclostest.NamedSelf:
			u.Passwords[0].Status = passwords.StatusIndefinitelyBlocked
		}
	}
	return w
}

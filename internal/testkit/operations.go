package testkit

import (
	"context"
	"strings"

	"github.com/cyclos-go/passwords"
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
	ana, byID := passwords.Principal("ana"), passwords.UserID("-42")
	operations := []Operation{
		{
			ID:  "listUserPasswords",
			URI: "/ana/passwords?fields=status,type.internalName,-date,%2Bx", Accept: acceptJSON,
			OK:   JSON(200, `[{"status":"active","type":{"internalName":"login"}}]`),
			user: ana,
			Call: func(ctx context.Context, c *passwords.Client, user passwords.User, _ string) (any, error) {
				return c.ListUserPasswords(ctx, user, "status", "type.internalName", "-date", "+x")
			},
		},
		{
			ID:  "getUserPasswordsListData",
			URI: "/self/passwords/list-data", Accept: acceptJSON,
			OK:   JSON(200, `{"user":{"id":"1","user":{"id":"2"}},"passwords":[],"sendMediums":["sms"]}`),
			user: passwords.Self(),
			Call: func(ctx context.Context, c *passwords.Client, user passwords.User, _ string) (any, error) {
				return c.GetUserPasswordsListData(ctx, user)
			},
		},
		{
			ID:  "getUserPasswordsData",
			URI: "/-42/passwords/login?fields=-history", Accept: acceptJSON,
			OK:   JSON(200, `{"status":"expired","permissions":{"change":true}}`),
			user: byID, passwordType: "login",
			Call: func(ctx context.Context, c *passwords.Client, user passwords.User, passwordType string) (any, error) {
				return c.GetUserPasswordsData(ctx, user, passwordType, "-history")
			},
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
		},
		{
			ID:  "disablePassword",
			URI: "/ana/passwords/login/disable", Accept: acceptJSON, OK: NoContent,
			user: ana, passwordType: "login",
			Call: func(ctx context.Context, c *passwords.Client, user passwords.User, passwordType string) (any, error) {
				return nil, c.DisablePassword(ctx, user, passwordType)
			},
		},
		{
			ID:  "enablePassword",
			URI: "/ana/passwords/login/enable", Accept: acceptJSON, OK: NoContent,
			user: ana, passwordType: "login",
			Call: func(ctx context.Context, c *passwords.Client, user passwords.User, passwordType string) (any, error) {
				return nil, c.EnablePassword(ctx, user, passwordType)
			},
		},
		{
			ID:  "unblockPassword",
			URI: "/-42/passwords/-7/unblock", Accept: acceptJSON, OK: NoContent,
			user: byID, passwordType: "-7",
			Call: func(ctx context.Context, c *passwords.Client, user passwords.User, passwordType string) (any, error) {
				return nil, c.UnblockPassword(ctx, user, passwordType)
			},
		},
		{
			ID:  "allowGeneration",
			URI: "/ana/passwords/pin/allow-generation", Accept: acceptJSON, OK: NoContent,
			user: ana, passwordType: "pin",
			Call: func(ctx context.Context, c *passwords.Client, user passwords.User, passwordType string) (any, error) {
				return nil, c.AllowGeneration(ctx, user.(passwords.ManagedUser), passwordType)
			},
		},
		{
			ID:  "resetGeneratedPassword",
			URI: "/ana/passwords/pin/reset-generated", Accept: acceptJSON, OK: NoContent,
			user: ana, passwordType: "pin",
			Call: func(ctx context.Context, c *passwords.Client, user passwords.User, passwordType string) (any, error) {
				return nil, c.ResetGeneratedPassword(ctx, user.(passwords.ManagedUser), passwordType)
			},
		},
		{
			ID:  "resetAndSendPassword",
			URI: "/ana/passwords/login/reset-and-send?sendMediums=email&sendMediums=sms", Accept: acceptJSON, OK: NoContent,
			user: ana, passwordType: "login",
			Call: func(ctx context.Context, c *passwords.Client, user passwords.User, passwordType string) (any, error) {
				return nil, c.ResetAndSendPassword(ctx, user.(passwords.ManagedUser), passwordType, passwords.SendMediumEmail, passwords.SendMediumSMS)
			},
		},
		{
			ID:  "generatePassword",
			URI: "/passwords/pin/generate", Accept: acceptText, OK: Text(GeneratedPassword),
			passwordType: "pin",
			Call: func(ctx context.Context, c *passwords.Client, _ passwords.User, passwordType string) (any, error) {
				return c.GeneratePassword(ctx, passwordType)
			},
		},
		{
			ID:  "changeGenerated",
			URI: "/passwords/pin/change-generated", Accept: acceptText, OK: Text(GeneratedPassword),
			Header:       map[string]string{"Confirmationpassword": ConfirmationPassword},
			passwordType: "pin",
			Call: func(ctx context.Context, c *passwords.Client, _ passwords.User, passwordType string) (any, error) {
				return c.ChangeGenerated(ctx, passwordType, passwords.NewSecret(ConfirmationPassword))
			},
		},
	}
	for i, o := range operations {
		described := gen.OperationID(o.ID).Operation()
		operations[i].Method, operations[i].Path = described.Method, described.Path
	}
	return operations
}

// Package pathcalls calls the twelve operations with any user and password
// type, and records with which of them a request arrives. It is for tests.
package pathcalls

import (
	"context"
	"strings"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/pathcases"
)

// Operation is one of the twelve.
type Operation struct {
	ID string
	// Pattern is the one of [net/http.ServeMux].
	Pattern string
	// Call ignores the arguments for which the pattern has no variable.
	Call func(ctx context.Context, c *passwords.Client, user passwords.ManagedUser, passwordType string) error
}

// HasUser tells whether the path names a user.
func (o Operation) HasUser() bool { return strings.Contains(o.Pattern, "{user}") }

// HasType tells whether the path names a password type.
func (o Operation) HasType() bool { return strings.Contains(o.Pattern, "{type}") }

// Operations returns the twelve, those with a literal in a place before those
// with a variable there.
func Operations() []Operation {
	type (
		ctx    = context.Context
		client = *passwords.Client
		user   = passwords.ManagedUser
	)
	return []Operation{
		{"listUserPasswords", "GET /api/{user}/passwords", func(ctx ctx, c client, u user, _ string) error {
			_, err := c.ListUserPasswords(ctx, u)
			return err
		}},
		{"getUserPasswordsListData", "GET /api/{user}/passwords/list-data", func(ctx ctx, c client, u user, _ string) error {
			_, err := c.GetUserPasswordsListData(ctx, u)
			return err
		}},
		{"getUserPasswordsData", "GET /api/{user}/passwords/{type}", func(ctx ctx, c client, u user, t string) error {
			_, err := c.GetUserPasswordsData(ctx, u, t)
			return err
		}},
		{"changePassword", "POST /api/{user}/passwords/{type}/change", func(ctx ctx, c client, u user, t string) error {
			return c.ChangePassword(ctx, u, t, passwords.ChangePassword{NewPassword: passwords.NewSecret("path-new-3b19")})
		}},
		{"disablePassword", "POST /api/{user}/passwords/{type}/disable", func(ctx ctx, c client, u user, t string) error {
			return c.DisablePassword(ctx, u, t)
		}},
		{"enablePassword", "POST /api/{user}/passwords/{type}/enable", func(ctx ctx, c client, u user, t string) error {
			return c.EnablePassword(ctx, u, t)
		}},
		{"unblockPassword", "POST /api/{user}/passwords/{type}/unblock", func(ctx ctx, c client, u user, t string) error {
			return c.UnblockPassword(ctx, u, t)
		}},
		{"allowGeneration", "POST /api/{user}/passwords/{type}/allow-generation", func(ctx ctx, c client, u user, t string) error {
			return c.AllowGeneration(ctx, u, t)
		}},
		{"resetGeneratedPassword", "POST /api/{user}/passwords/{type}/reset-generated", func(ctx ctx, c client, u user, t string) error {
			return c.ResetGeneratedPassword(ctx, u, t)
		}},
		{"resetAndSendPassword", "POST /api/{user}/passwords/{type}/reset-and-send", func(ctx ctx, c client, u user, t string) error {
			return c.ResetAndSendPassword(ctx, u, t, passwords.SendMediumEmail)
		}},
		{"generatePassword", "POST /api/passwords/{type}/generate", func(ctx ctx, c client, _ user, t string) error {
			_, err := c.GeneratePassword(ctx, t)
			return err
		}},
		{"changeGenerated", "POST /api/passwords/{type}/change-generated", func(ctx ctx, c client, _ user, t string) error {
			_, err := c.ChangeGenerated(ctx, t, passwords.Secret{})
			return err
		}},
	}
}

// Refuses tells whether the operation refuses the password type.
func (o Operation) Refuses(row pathcases.Type) bool {
	return row.Refused || row.Value == pathcases.ListData && o.ID == "getUserPasswordsData"
}

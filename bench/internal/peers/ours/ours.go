// Package ours uses the client of this repository.
package ours

import (
	"context"
	"net/http"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/bench/internal/work"
)

type peer struct{ client *passwords.Client }

// New returns the client.
func New(base string, transport http.RoundTripper) (work.Client, error) {
	client, err := passwords.New(base, passwords.WithSessionToken(passwords.NewSecret(work.Token)),
		passwords.WithHTTPClient(&http.Client{Transport: transport}))
	return Drive(client), err
}

// Drive returns a client of package passwords, made in whatever way, as the
// harness drives it.
func Drive(client *passwords.Client) work.Client { return peer{client} }

func (o peer) ListData(ctx context.Context, user string, keep work.Keep) error {
	data, err := o.client.GetUserPasswordsListData(ctx, passwords.Principal(user))
	work.Take(keep, data)
	return err
}

func (o peer) List(ctx context.Context, keep work.Keep) error {
	list, err := o.client.ListUserPasswords(ctx, passwords.Principal(work.User))
	work.Take(keep, list)
	return err
}

func (o peer) Change(ctx context.Context, _ work.Keep) error {
	return o.client.ChangePassword(ctx, passwords.Principal(work.User), work.PasswordType, passwords.ChangePassword{
		OldPassword: passwords.NewSecret(work.OldPassword), NewPassword: passwords.NewSecret(work.NewPassword),
		CheckConfirmation: true, NewPasswordConfirmation: passwords.NewSecret(work.NewPassword),
	})
}

func (o peer) Generate(ctx context.Context, keep work.Keep) error {
	value, err := o.client.GeneratePassword(ctx, work.PasswordType)
	work.Take(keep, value.Reveal())
	return err
}

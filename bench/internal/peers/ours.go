package peers

import (
	"context"
	"net/http"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/bench/internal/work"
)

type ours struct{ client *passwords.Client }

func newOurs(base string, transport http.RoundTripper) (work.Client, error) {
	client, err := passwords.New(base, passwords.WithSessionToken(work.Token),
		passwords.WithHTTPClient(&http.Client{Transport: transport}))
	return Drive(client), err
}

// Drive returns a client of package passwords, made in whatever way, as the
// harness drives it.
func Drive(client *passwords.Client) work.Client { return ours{client} }

func (o ours) ListData(ctx context.Context, keep work.Keep) error {
	data, err := o.client.GetUserPasswordsListData(ctx, passwords.Principal(work.User))
	if keep != nil {
		keep(data)
	}
	return err
}

func (o ours) List(ctx context.Context, keep work.Keep) error {
	list, err := o.client.ListUserPasswords(ctx, passwords.Principal(work.User))
	if keep != nil {
		keep(list)
	}
	return err
}

func (o ours) Change(ctx context.Context, _ work.Keep) error {
	return o.client.ChangePassword(ctx, passwords.Principal(work.User), work.PasswordType, passwords.ChangePassword{
		OldPassword: passwords.NewSecret(work.OldPassword), NewPassword: passwords.NewSecret(work.NewPassword),
		CheckConfirmation: true, NewPasswordConfirmation: passwords.NewSecret(work.NewPassword),
	})
}

func (o ours) Generate(ctx context.Context, keep work.Keep) error {
	value, err := o.client.GeneratePassword(ctx, work.PasswordType)
	if keep != nil {
		keep(value.Reveal())
	}
	return err
}

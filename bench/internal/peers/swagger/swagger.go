//go:build peers

// Package swagger uses the client that go-swagger generates.
package swagger

import (
	"context"
	"net/http"
	"net/url"

	"github.com/go-openapi/runtime"
	httptransport "github.com/go-openapi/runtime/client"

	api "github.com/cyclos-go/passwords/bench/internal/generated/swagger/client/passwords"
	"github.com/cyclos-go/passwords/bench/internal/generated/swagger/models"
	"github.com/cyclos-go/passwords/bench/internal/work"
)

type peer struct {
	client api.ClientService
	auth   runtime.ClientAuthInfoWriter
}

// New returns the client.
func New(base string, transport http.RoundTripper) (work.Client, error) {
	target, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	rt := httptransport.NewWithClient(target.Host, target.Path, []string{target.Scheme}, &http.Client{Transport: transport})
	return peer{api.New(rt, nil), httptransport.APIKeyAuth("Session-Token", "header", work.Token)}, nil
}

func (s peer) ListData(ctx context.Context, user string, keep work.Keep) error {
	ok, err := s.client.GetUserPasswordsListDataContext(ctx, &api.GetUserPasswordsListDataParams{User: user}, s.auth)
	if err != nil {
		return err
	}
	work.Take(keep, ok.Payload)
	return nil
}

func (s peer) List(ctx context.Context, keep work.Keep) error {
	ok, err := s.client.ListUserPasswordsContext(ctx, &api.ListUserPasswordsParams{User: work.User}, s.auth)
	if err != nil {
		return err
	}
	work.Take(keep, ok.Payload)
	return nil
}

func (s peer) Change(ctx context.Context, _ work.Keep) error {
	_, err := s.client.ChangePasswordContext(ctx, &api.ChangePasswordParams{
		User: work.User, Type: work.PasswordType,
		Body: &models.ChangePassword{
			OldPassword: work.OldPassword, NewPassword: work.NewPassword,
			CheckConfirmation: true, NewPasswordConfirmation: work.NewPassword,
		},
	}, s.auth)
	return err
}

func (s peer) Generate(ctx context.Context, keep work.Keep) error {
	ok, err := s.client.GeneratePasswordContext(ctx, &api.GeneratePasswordParams{Type: work.PasswordType}, s.auth)
	if err != nil {
		return err
	}
	work.Take(keep, ok.Payload)
	return nil
}

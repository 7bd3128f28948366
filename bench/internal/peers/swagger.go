package peers

import (
	"context"
	"net/http"
	"net/url"

	"github.com/go-openapi/runtime"
	httptransport "github.com/go-openapi/runtime/client"

	api "github.com/cyclos-go/passwords/bench/internal/swagger/client/passwords"
	"github.com/cyclos-go/passwords/bench/internal/swagger/models"
	"github.com/cyclos-go/passwords/bench/internal/work"
)

type swagger struct {
	client api.ClientService
	auth   runtime.ClientAuthInfoWriter
}

func newSwagger(base string, transport http.RoundTripper) (work.Client, error) {
	target, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	rt := httptransport.NewWithClient(target.Host, target.Path, []string{target.Scheme}, &http.Client{Transport: transport})
	return swagger{api.New(rt, nil), httptransport.APIKeyAuth("Session-Token", "header", work.Token)}, nil
}

func (s swagger) ListData(ctx context.Context, keep work.Keep) error {
	ok, err := s.client.GetUserPasswordsListDataContext(ctx, &api.GetUserPasswordsListDataParams{User: work.User}, s.auth)
	if err != nil {
		return err
	}
	if keep != nil {
		keep(ok.Payload)
	}
	return nil
}

func (s swagger) List(ctx context.Context, keep work.Keep) error {
	ok, err := s.client.ListUserPasswordsContext(ctx, &api.ListUserPasswordsParams{User: work.User}, s.auth)
	if err != nil {
		return err
	}
	if keep != nil {
		keep(ok.Payload)
	}
	return nil
}

func (s swagger) Change(ctx context.Context, _ work.Keep) error {
	_, err := s.client.ChangePasswordContext(ctx, &api.ChangePasswordParams{
		User: work.User, Type: work.PasswordType,
		Body: &models.ChangePassword{
			OldPassword: work.OldPassword, NewPassword: work.NewPassword,
			CheckConfirmation: true, NewPasswordConfirmation: work.NewPassword,
		},
	}, s.auth)
	return err
}

func (s swagger) Generate(ctx context.Context, keep work.Keep) error {
	ok, err := s.client.GeneratePasswordContext(ctx, &api.GeneratePasswordParams{Type: work.PasswordType}, s.auth)
	if err != nil {
		return err
	}
	if keep != nil {
		keep(ok.Payload)
	}
	return nil
}

package peers

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/ogen-go/ogen/ogenerrors"

	api "github.com/cyclos-go/passwords/bench/internal/ogen"
	"github.com/cyclos-go/passwords/bench/internal/work"
)

type ogen struct{ client *api.Client }

func newOgen(base string, transport http.RoundTripper) (work.Client, error) {
	client, err := api.NewClient(base, ogenSecurity{}, api.WithClient(&http.Client{Transport: transport}))
	return ogen{client}, err
}

type ogenSecurity struct{}

func (ogenSecurity) Session(context.Context, api.OperationName) (api.Session, error) {
	return api.Session{APIKey: work.Token}, nil
}

func (ogenSecurity) Basic(context.Context, api.OperationName) (api.Basic, error) {
	return api.Basic{}, ogenerrors.ErrSkipClientSecurity
}

func (ogenSecurity) AccessClient(context.Context, api.OperationName) (api.AccessClient, error) {
	return api.AccessClient{}, ogenerrors.ErrSkipClientSecurity
}

func (o ogen) ListData(ctx context.Context, keep work.Keep) error {
	answer, err := o.client.GetUserPasswordsListData(ctx, api.GetUserPasswordsListDataParams{User: work.User})
	if err != nil {
		return err
	}
	data, ok := answer.(*api.DataForUserPasswords)
	if !ok {
		return fmt.Errorf("answered %T", answer)
	}
	if keep != nil {
		keep(data)
	}
	return nil
}

func (o ogen) List(ctx context.Context, keep work.Keep) error {
	answer, err := o.client.ListUserPasswords(ctx, api.ListUserPasswordsParams{User: work.User})
	if err != nil {
		return err
	}
	list, ok := answer.(*api.ListUserPasswordsOKApplicationJSON)
	if !ok {
		return fmt.Errorf("answered %T", answer)
	}
	if keep != nil {
		keep(list)
	}
	return nil
}

func (o ogen) Change(ctx context.Context, _ work.Keep) error {
	answer, err := o.client.ChangePassword(ctx, &api.ChangePassword{
		OldPassword: api.NewOptString(work.OldPassword), NewPassword: api.NewOptString(work.NewPassword),
		CheckConfirmation: api.NewOptBool(true), NewPasswordConfirmation: api.NewOptString(work.NewPassword),
	}, api.ChangePasswordParams{User: work.User, Type: work.PasswordType})
	if err != nil {
		return err
	}
	if _, ok := answer.(*api.ChangePasswordNoContent); !ok {
		return fmt.Errorf("answered %T", answer)
	}
	return nil
}

func (o ogen) Generate(ctx context.Context, keep work.Keep) error {
	answer, err := o.client.GeneratePassword(ctx, api.GeneratePasswordParams{Type: work.PasswordType})
	if err != nil {
		return err
	}
	text, ok := answer.(*api.GeneratedPasswordTextPlain)
	if !ok {
		return fmt.Errorf("answered %T", answer)
	}
	value, err := io.ReadAll(text)
	if err != nil {
		return err
	}
	if keep != nil {
		keep(string(value))
	}
	return nil
}

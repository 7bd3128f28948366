package peers

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/ogen-go/ogen/ogenerrors"

	api "github.com/cyclos-go/passwords/bench/internal/ogenquiet"
	"github.com/cyclos-go/passwords/bench/internal/work"
)

type ogenquiet struct{ client *api.Client }

func newOgenQuiet(base string, transport http.RoundTripper) (work.Client, error) {
	client, err := api.NewClient(base, ogenquietSecurity{}, api.WithClient(&http.Client{Transport: transport}))
	return ogenquiet{client}, err
}

type ogenquietSecurity struct{}

func (ogenquietSecurity) Session(context.Context, api.OperationName) (api.Session, error) {
	return api.Session{APIKey: work.Token}, nil
}

func (ogenquietSecurity) Basic(context.Context, api.OperationName) (api.Basic, error) {
	return api.Basic{}, ogenerrors.ErrSkipClientSecurity
}

func (ogenquietSecurity) AccessClient(context.Context, api.OperationName) (api.AccessClient, error) {
	return api.AccessClient{}, ogenerrors.ErrSkipClientSecurity
}

func (o ogenquiet) ListData(ctx context.Context, keep work.Keep) error {
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

func (o ogenquiet) List(ctx context.Context, keep work.Keep) error {
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

func (o ogenquiet) Change(ctx context.Context, _ work.Keep) error {
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

func (o ogenquiet) Generate(ctx context.Context, keep work.Keep) error {
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

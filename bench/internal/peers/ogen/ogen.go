//go:build peers

// Package ogen uses a client that ogen generates.
package ogen

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/ogen-go/ogen/ogenerrors"

	api "github.com/cyclos-go/passwords/bench/internal/generated/ogen"
	"github.com/cyclos-go/passwords/bench/internal/work"
)

type peer struct{ client *api.Client }

// New returns the client.
func New(base string, transport http.RoundTripper) (work.Client, error) {
	client, err := api.NewClient(base, security{}, api.WithClient(&http.Client{Transport: transport}))
	return peer{client}, err
}

type security struct{}

func (security) Session(context.Context, api.OperationName) (api.Session, error) {
	return api.Session{APIKey: work.Token}, nil
}

func (security) Basic(context.Context, api.OperationName) (api.Basic, error) {
	return api.Basic{}, ogenerrors.ErrSkipClientSecurity
}

func (security) AccessClient(context.Context, api.OperationName) (api.AccessClient, error) {
	return api.AccessClient{}, ogenerrors.ErrSkipClientSecurity
}

func (o peer) ListData(ctx context.Context, user string, keep work.Keep) error {
	response, err := o.client.GetUserPasswordsListData(ctx, api.GetUserPasswordsListDataParams{User: user})
	if err != nil {
		return err
	}
	data, ok := response.(*api.DataForUserPasswords)
	if !ok {
		return fmt.Errorf("responded with %T", response)
	}
	work.Take(keep, data)
	return nil
}

func (o peer) List(ctx context.Context, keep work.Keep) error {
	response, err := o.client.ListUserPasswords(ctx, api.ListUserPasswordsParams{User: work.User})
	if err != nil {
		return err
	}
	list, ok := response.(*api.ListUserPasswordsOKApplicationJSON)
	if !ok {
		return fmt.Errorf("responded with %T", response)
	}
	work.Take(keep, list)
	return nil
}

func (o peer) Change(ctx context.Context, _ work.Keep) error {
	response, err := o.client.ChangePassword(ctx, &api.ChangePassword{
		OldPassword: api.NewOptString(work.OldPassword), NewPassword: api.NewOptString(work.NewPassword),
		CheckConfirmation: api.NewOptBool(true), NewPasswordConfirmation: api.NewOptString(work.NewPassword),
	}, api.ChangePasswordParams{User: work.User, Type: work.PasswordType})
	if err != nil {
		return err
	}
	if _, ok := response.(*api.ChangePasswordNoContent); !ok {
		return fmt.Errorf("responded with %T", response)
	}
	return nil
}

func (o peer) Generate(ctx context.Context, keep work.Keep) error {
	response, err := o.client.GeneratePassword(ctx, api.GeneratePasswordParams{Type: work.PasswordType})
	if err != nil {
		return err
	}
	text, ok := response.(*api.GeneratedPasswordTextPlain)
	if !ok {
		return fmt.Errorf("responded with %T", response)
	}
	value, err := io.ReadAll(text)
	if err != nil {
		return err
	}
	if keep != nil { // no conversion during measurements
		keep(string(value))
	}
	return nil
}

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

// expect returns a response that must have the type T.
func expect[T any](response any, err error) (result T, _ error) {
	if err != nil {
		return result, err
	}
	result, ok := response.(T)
	if !ok {
		return result, fmt.Errorf("responded with %T", response)
	}
	return result, nil
}

func (o peer) ListData(ctx context.Context, user string, keep work.Keep) error {
	data, err := expect[*api.DataForUserPasswords](o.client.GetUserPasswordsListData(ctx, api.GetUserPasswordsListDataParams{User: user}))
	work.Take(keep, data)
	return err
}

func (o peer) List(ctx context.Context, keep work.Keep) error {
	list, err := expect[*api.ListUserPasswordsOKApplicationJSON](o.client.ListUserPasswords(ctx, api.ListUserPasswordsParams{User: work.User}))
	work.Take(keep, list)
	return err
}

func (o peer) Change(ctx context.Context, _ work.Keep) error {
	_, err := expect[*api.ChangePasswordNoContent](o.client.ChangePassword(ctx, &api.ChangePassword{
		OldPassword: api.NewOptString(work.OldPassword), NewPassword: api.NewOptString(work.NewPassword),
		CheckConfirmation: api.NewOptBool(true), NewPasswordConfirmation: api.NewOptString(work.NewPassword),
	}, api.ChangePasswordParams{User: work.User, Type: work.PasswordType}))
	return err
}

func (o peer) Generate(ctx context.Context, keep work.Keep) error {
	text, err := expect[*api.GeneratedPasswordTextPlain](o.client.GeneratePassword(ctx, api.GeneratePasswordParams{Type: work.PasswordType}))
	if err != nil {
		return err
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

//go:build peers

// Package oapi uses the client that oapi-codegen generates.
package oapi

import (
	"context"
	"fmt"
	"net/http"

	api "github.com/cyclos-go/passwords/bench/internal/generated/oapi"
	"github.com/cyclos-go/passwords/bench/internal/work"
)

type peer struct{ client *api.ClientWithResponses }

// New returns the client.
func New(base string, transport http.RoundTripper) (work.Client, error) {
	client, err := api.NewClientWithResponses(base, api.WithHTTPClient(&http.Client{Transport: transport}),
		api.WithRequestEditorFn(func(_ context.Context, req *http.Request) error {
			req.Header.Set("Session-Token", work.Token)
			return nil
		}))
	return peer{client}, err
}

func (o peer) ListData(ctx context.Context, user string, keep work.Keep) error {
	resp, err := o.client.GetUserPasswordsListDataWithResponse(ctx, user, nil)
	if err != nil {
		return err
	}
	if resp.JSON200 == nil {
		return fmt.Errorf("status %d", resp.StatusCode())
	}
	work.Take(keep, resp.JSON200)
	return nil
}

func (o peer) List(ctx context.Context, keep work.Keep) error {
	resp, err := o.client.ListUserPasswordsWithResponse(ctx, work.User, nil)
	if err != nil {
		return err
	}
	if resp.JSON200 == nil {
		return fmt.Errorf("status %d", resp.StatusCode())
	}
	work.Take(keep, resp.JSON200)
	return nil
}

func (o peer) Change(ctx context.Context, _ work.Keep) error {
	resp, err := o.client.ChangePasswordWithResponse(ctx, work.User, work.PasswordType, api.ChangePassword{
		OldPassword: new(work.OldPassword), NewPassword: new(work.NewPassword),
		CheckConfirmation: new(true), NewPasswordConfirmation: new(work.NewPassword),
	})
	if err != nil {
		return err
	}
	if resp.StatusCode() != http.StatusNoContent {
		return fmt.Errorf("status %d", resp.StatusCode())
	}
	return nil
}

func (o peer) Generate(ctx context.Context, keep work.Keep) error {
	resp, err := o.client.GeneratePasswordWithResponse(ctx, work.PasswordType)
	if err != nil {
		return err
	}
	if resp.StatusCode() != http.StatusOK {
		return fmt.Errorf("status %d", resp.StatusCode())
	}
	if keep != nil { // no conversion during measurements
		keep(string(resp.Body))
	}
	return nil
}

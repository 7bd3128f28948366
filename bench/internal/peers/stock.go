package peers

import (
	"context"
	"fmt"
	"net/http"

	"github.com/cyclos-go/passwords/bench/internal/stock"
	"github.com/cyclos-go/passwords/bench/internal/work"
)

type oapi struct{ client *stock.ClientWithResponses }

func newStock(base string, transport http.RoundTripper) (work.Client, error) {
	client, err := stock.NewClientWithResponses(base, stock.WithHTTPClient(&http.Client{Transport: transport}),
		stock.WithRequestEditorFn(func(_ context.Context, req *http.Request) error {
			req.Header.Set("Session-Token", work.Token)
			return nil
		}))
	return oapi{client}, err
}

func (o oapi) ListData(ctx context.Context, keep work.Keep) error {
	resp, err := o.client.GetUserPasswordsListDataWithResponse(ctx, work.User, nil)
	if err != nil {
		return err
	}
	if resp.JSON200 == nil {
		return fmt.Errorf("status %d", resp.StatusCode())
	}
	if keep != nil {
		keep(resp.JSON200)
	}
	return nil
}

func (o oapi) List(ctx context.Context, keep work.Keep) error {
	resp, err := o.client.ListUserPasswordsWithResponse(ctx, work.User, nil)
	if err != nil {
		return err
	}
	if resp.JSON200 == nil {
		return fmt.Errorf("status %d", resp.StatusCode())
	}
	if keep != nil {
		keep(resp.JSON200)
	}
	return nil
}

func (o oapi) Change(ctx context.Context, _ work.Keep) error {
	resp, err := o.client.ChangePasswordWithResponse(ctx, work.User, work.PasswordType, stock.ChangePassword{
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

func (o oapi) Generate(ctx context.Context, keep work.Keep) error {
	resp, err := o.client.GeneratePasswordWithResponse(ctx, work.PasswordType)
	if err != nil {
		return err
	}
	if resp.StatusCode() != http.StatusOK {
		return fmt.Errorf("status %d", resp.StatusCode())
	}
	if keep != nil {
		keep(string(resp.Body))
	}
	return nil
}

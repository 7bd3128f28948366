package passwords

import (
	"context"
	"fmt"
	"net/http"

	"github.com/cyclos-go/passwords/internal/response"
	"github.com/cyclos-go/passwords/internal/validate"
)

// sessionToken returns the fresh token or, if that is zero, one of the source.
func (c *Client) sessionToken(ctx context.Context, fresh Secret) (token Secret, err error) {
	if token = fresh; token.IsZero() {
		if token, _, err = c.settings.source.Get(ctx); err != nil {
			return token, sourceError(err)
		}
	}
	return token, validate.Header("session token", token.Reveal())
}

// sessionIsGone reports whether the server did not execute a request because its
// session expired, and the source can renew it.
func (c *Client) sessionIsGone(r response.Response) bool {
	return c.settings.source != nil && r.Status == http.StatusUnauthorized && r.Object().Code() == CodeLoggedOut
}

// renewSession returns a token other than the expired one, or the zero Secret.
func (c *Client) renewSession(ctx context.Context, expired Secret) (Secret, error) {
	if c.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.timeout)
		defer cancel()
	}
	token, joined, err := c.settings.source.Get(ctx)
	if joined && err == nil && token.Equal(expired) {
		// The source was called before the session was known to be gone.
		token, _, err = c.settings.source.Get(ctx)
	}
	if err == nil && token.Equal(expired) {
		return Secret{}, nil
	}
	if err == nil && !token.IsZero() {
		err = validate.Header("session token", token.Reveal())
	}
	if err != nil {
		return Secret{}, sourceError(err)
	}
	return token, nil
}

func sourceError(err error) error { return callersError(fmt.Errorf("session token source: %w", err)) }

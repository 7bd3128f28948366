package passwords

import (
	"context"
	"fmt"
	"net/http"

	"github.com/cyclos-go/passwords/internal/response"
	"github.com/cyclos-go/passwords/internal/validate"
)

// sessionToken returns a token of the source, unless a fresh one is there.
func (c *Client) sessionToken(ctx context.Context, fresh Secret) (token Secret, err error) {
	if token = fresh; token.IsZero() {
		if token, _, err = c.settings.source.Get(ctx); err != nil {
			return token, sourceError(err)
		}
	}
	return token, validate.Header("session token", token.Reveal())
}

// sessionIsGone reports whether the server did not execute a request because of
// a session which the source can replace.
func (c *Client) sessionIsGone(a response.Response) bool {
	return c.settings.source != nil && a.Status == http.StatusUnauthorized && a.Object().Code() == CodeLoggedOut
}

// renewSession returns a token for another attempt than that with the stale one,
// or the zero Secret.
func (c *Client) renewSession(ctx context.Context, stale Secret) (Secret, error) {
	if c.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.timeout)
		defer cancel()
	}
	token, joined, err := c.settings.source.Get(ctx)
	if joined && err == nil && token.Equal(stale) {
		// The question was asked before the session was known to be gone.
		token, _, err = c.settings.source.Get(ctx)
	}
	if err == nil && token.Equal(stale) {
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

func sourceError(err error) error { return editorError(fmt.Errorf("session token source: %w", err)) }

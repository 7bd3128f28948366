package passwords

import (
	"context"
	"net/http"

	"github.com/cyclos-go/passwords/internal/transport"
	"github.com/cyclos-go/passwords/internal/validate"
)

// complete sets the headers of this package: Accept, those of the options, and
// the token of the source, which it returns.
func (c *Client) complete(ctx context.Context, req *http.Request, accept string, fresh Secret) (token Secret, err error) {
	values := make([]string, 0, len(c.headers)+2) // one allocation for all
	set := func(name, value string) {
		values = append(values, value)
		req.Header[name] = values[len(values)-1 : len(values) : len(values)]
	}
	set("Accept", accept)
	for _, h := range c.headers {
		set(h.name, h.value.Reveal())
	}
	if c.settings.source != nil {
		if token, err = c.sessionToken(ctx, fresh); err == nil {
			set(validate.HeaderSessionToken, token.Reveal())
		}
	}
	return token, err
}

// edit runs the caller's editors.
func (c *Client) edit(ctx context.Context, req *http.Request) error {
	before := validate.Authentications(req)
	for _, edit := range c.settings.editors {
		if err := edit(ctx, req); err != nil {
			return editorError(err)
		}
	}
	return validate.Edited(req, before)
}

func editorError(err error) error {
	return transport.OfCaller("a request editor or the session token source", err)
}

package passwords

import (
	"context"
	"net/http"
	"slices"

	"github.com/cyclos-go/passwords/internal/attempt"
	"github.com/cyclos-go/passwords/internal/check"
)

// authHeaders are the headers of the three security schemes.
var authHeaders = []string{headerAuthorization, headerSessionToken, headerAccessClientToken}

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
			set(headerSessionToken, token.Reveal())
		}
	}
	return token, err
}

// edit runs the caller's editors.
func (c *Client) edit(ctx context.Context, req *http.Request) error {
	before := authentications(req)
	for _, edit := range c.settings.editors {
		if err := edit(ctx, req); err != nil {
			return editorError(err)
		}
	}
	// Editors stay when With sets another user, whom they must not mix up with
	// the one before.
	after := authentications(req)
	if len(before) > 0 && !slices.Equal(before, after) {
		return check.Invalid("a request editor changes the authentication of the client")
	}
	if len(after) > 1 {
		return check.Invalid("the request editors give two authentications")
	}
	if req.Method != http.MethodGet && hasIdempotencyKey(req.Header) {
		return check.Invalid("a request editor sets an idempotency key, which the API does not know")
	}
	return nil
}

// hasIdempotencyKey reports whether net/http would repeat a POST on a broken
// connection. It does so even if the header has no value, and is not sent.
func hasIdempotencyKey(header http.Header) bool {
	_, has := header["Idempotency-Key"]
	_, hasX := header["X-Idempotency-Key"]
	return has || hasX
}

// authentications returns the authentication headers of a request with their
// values, however they are spelled, and the user information of its URL, from
// which net/http makes one.
func authentications(req *http.Request) []string {
	var all []string
	for name, values := range req.Header {
		if name = http.CanonicalHeaderKey(name); slices.Contains(authHeaders, name) {
			for _, value := range values {
				all = append(all, name+": "+value)
			}
		}
	}
	if req.URL.User != nil {
		all = append(all, "user information")
	}
	slices.Sort(all)
	return all
}

func editorError(err error) error {
	return attempt.OfCaller("a request editor or the session token source", err)
}

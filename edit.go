package passwords

import (
	"context"
	"fmt"
	"net/http"
	"slices"
)

// authHeaders are the headers of the three security schemes.
var authHeaders = []string{headerAuthorization, headerSessionToken, headerAccessClientToken}

// complete sets the headers of this package: Accept, those of the options, and
// the token of the source, which is fresh unless that is zero.
func (c *Client) complete(ctx context.Context, req *http.Request, accept string, fresh Secret) error {
	values := make([]string, 0, len(c.headers)+2) // one allocation for all
	set := func(name, value string) {
		values = append(values, value)
		req.Header[name] = values[len(values)-1 : len(values) : len(values)]
	}
	set("Accept", accept)
	for _, h := range c.headers {
		set(h.name, h.value.Reveal())
	}
	source := c.settings.source
	if source == nil {
		return nil
	}
	if fresh.IsZero() {
		token, _, err := source.token(ctx)
		if err != nil {
			return sourceError(err)
		}
		fresh = token
	}
	if err := checkHeader("session token", fresh.Reveal()); err != nil {
		return err
	}
	set(headerSessionToken, fresh.Reveal())
	return nil
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
		return invalidArgument("a request editor changes the authentication of the client")
	}
	if len(after) > 1 {
		return invalidArgument("the request editors give two authentications")
	}
	if req.Method != http.MethodGet && hasIdempotencyKey(req.Header) {
		return invalidArgument("a request editor sets an idempotency key, which the API does not know")
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

func sourceError(err error) error { return editorError(fmt.Errorf("session token source: %w", err)) }

// editorError keeps the text of the caller's own error, unless that quotes a
// URL, which may hold credentials.
func editorError(err error) error {
	if !quotesURL(err) {
		return err
	}
	return &failure{text: "a request editor or the session token source failed: " + failureText(err), reason: err}
}

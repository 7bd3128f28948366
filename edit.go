package passwords

import (
	"context"
	"net/http"
	"slices"
)

// authHeaders are the headers of the three security schemes.
var authHeaders = []string{headerAuthorization, headerSessionToken, headerAccessClientToken}

// edit completes a request: first this package, then the caller's editors.
func (c *Client) edit(ctx context.Context, req *http.Request) error {
	for _, edit := range c.editors {
		if err := edit(ctx, req); err != nil {
			return editorError(err)
		}
	}
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
	return nil
}

// authentications returns the authentication headers of a request with their
// values.
func authentications(req *http.Request) []string {
	var all []string
	for _, name := range authHeaders {
		for _, value := range req.Header.Values(name) {
			all = append(all, name+": "+value)
		}
	}
	return all
}

// editorError keeps the text of the caller's own error, unless that quotes a
// URL, which may hold credentials.
func editorError(err error) error {
	if withoutURL(err) == err {
		return err
	}
	return &failure{"a request editor or the session token source failed: " + failureText(withoutURL(err)), err}
}

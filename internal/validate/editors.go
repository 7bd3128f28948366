package validate

import (
	"net/http"
	"slices"
)

// The headers of the three security schemes.
const (
	HeaderAuthorization     = "Authorization"
	HeaderSessionToken      = "Session-Token"
	HeaderAccessClientToken = "Access-Client-Token"
)

// Authentications returns the authentication headers of a request with their values,
// in any spelling, and whether its URL has user information, from which net/http
// makes such a header.
func Authentications(req *http.Request) []string {
	var all []string
	for name, values := range req.Header {
		switch name = http.CanonicalHeaderKey(name); name {
		case HeaderAuthorization, HeaderSessionToken, HeaderAccessClientToken:
			for _, value := range values {
				all = append(all, name+": "+value)
			}
		}
	}
	if req.URL.User != nil {
		all = append(all, "user information")
	}
	return all
}

// Edited rejects a request if the caller's editors changed the authentications that
// it had before, or added a second one. Clients derived for another user keep the
// editors, which must not authenticate as the previous user.
func Edited(req *http.Request, before []string) error {
	after := Authentications(req)
	switch {
	case len(before) > 0 && !slices.Equal(before, after):
		return Invalid("a request editor changed the authentication of the client")
	case len(after) > 1:
		return Invalid("the request editors set two authentications")
	case req.Method != http.MethodGet && hasIdempotencyKey(req.Header):
		return Invalid("a request editor set an idempotency key, which the API does not support")
	}
	return nil
}

// hasIdempotencyKey reports whether net/http would replay a POST on a broken
// connection. It does so even if the header has no value and is not sent.
func hasIdempotencyKey(header http.Header) bool {
	_, has := header["Idempotency-Key"]
	_, hasX := header["X-Idempotency-Key"]
	return has || hasX
}

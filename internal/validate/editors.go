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

// Authentications returns the authentication headers of a request with their
// values, however they are spelled, and the user information of its URL, from
// which one is made.
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

// Edited refuses a request that editors of the caller have changed in a way that is
// not theirs. Before them it had the authentications given. Editors stay when
// another user is set, whom they must not mix up with the one before.
func Edited(req *http.Request, before []string) error {
	after := Authentications(req)
	switch {
	case len(before) > 0 && !slices.Equal(before, after):
		return Invalid("a request editor changes the authentication of the client")
	case len(after) > 1:
		return Invalid("the request editors give two authentications")
	case req.Method != http.MethodGet && hasIdempotencyKey(req.Header):
		return Invalid("a request editor sets an idempotency key, which the API does not know")
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

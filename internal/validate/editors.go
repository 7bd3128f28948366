package validate

import (
	"net/http"
	"slices"
	"strings"
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
	if req.URL != nil && req.URL.User != nil {
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

// Sendable rejects a request that net/http would refuse, because the error of a
// transport does not tell that nothing was sent.
func Sendable(req *http.Request) error {
	if reason := unsendable(req); reason != "" {
		return Invalid("a request editor set " + reason)
	}
	return nil
}

func unsendable(req *http.Request) string {
	host := func(r rune) bool { return r <= ' ' || r == 0x7f }
	switch u := req.URL; {
	case u == nil:
		return "no URL"
	case u.Scheme != "http" && u.Scheme != "https":
		return "a scheme other than http and https"
	case u.Host == "", strings.ContainsFunc(u.Host+req.Host, host):
		return "no host, or an invalid one"
	case strings.ContainsFunc(u.RequestURI(), isControl):
		return "a control character in the URL"
	case req.Method != "" && !isToken(req.Method):
		return "an invalid method"
	case !areHeaders(req.Header), !areHeaders(req.Trailer):
		return "an invalid header"
	case req.ContentLength != 0 && req.Body == nil:
		return "a content length without a body"
	}
	return ""
}

func areHeaders(header http.Header) bool {
	for name, values := range header {
		if !isToken(name) || slices.ContainsFunc(values, func(v string) bool {
			return strings.ContainsFunc(v, func(r rune) bool { return isControl(r) && r != '\t' })
		}) {
			return false
		}
	}
	return true
}

// isToken reports whether s is a token of RFC 9110, as methods and header names are.
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// hasIdempotencyKey reports whether net/http would replay a POST on a broken
// connection. It does so even if the header has no value and is not sent.
func hasIdempotencyKey(header http.Header) bool {
	_, has := header["Idempotency-Key"]
	_, hasX := header["X-Idempotency-Key"]
	return has || hasX
}

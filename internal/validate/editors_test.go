package validate_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit"
	"github.com/cyclos-go/passwords/internal/validate"
)

// TestEdited edits a request that has the headers of before.
func TestEdited(t *testing.T) {
	t.Parallel()
	token := http.Header{"Session-Token": {testkit.Token}}
	for name, tc := range map[string]struct {
		method        string
		before, after http.Header
		user          *url.Userinfo
		want          string // "" if the edit is allowed
	}{
		"nothing":                     {before: token, after: token},
		"another header":              {before: token, after: http.Header{"Session-Token": {testkit.Token}, "X-Request-Id": {"1"}}},
		"first authentication":        {after: token},
		"first user information":      {user: url.User("ana")},
		"other value":                 {before: token, after: http.Header{"Session-Token": {testkit.Token + "2"}}, want: "changed the authentication"},
		"second value":                {before: token, after: http.Header{"Session-Token": {testkit.Token, testkit.Token}}, want: "changed the authentication"},
		"removed":                     {before: token, want: "changed the authentication"},
		"other scheme":                {before: token, after: http.Header{"Authorization": {"Basic eDp5"}}, want: "changed the authentication"},
		"second scheme":               {before: token, after: http.Header{"Session-Token": {testkit.Token}, "Access-Client-Token": {"x"}}, want: "changed the authentication"},
		"other spelling":              {before: token, after: http.Header{"Session-Token": {testkit.Token}, "session-token": {"x"}}, want: "changed the authentication"},
		"user information":            {before: token, after: token, user: url.User("ana"), want: "changed the authentication"},
		"two schemes":                 {after: http.Header{"Session-Token": {testkit.Token}, "Authorization": {"Basic eDp5"}}, want: "two authentications"},
		"scheme and user information": {after: token, user: url.User("ana"), want: "two authentications"},
		"idempotency key":             {after: http.Header{"Idempotency-Key": {"1"}}, want: "an idempotency key"},
		"idempotency key, empty":      {after: http.Header{"X-Idempotency-Key": nil}, want: "an idempotency key"},
		"idempotency key of a GET":    {method: http.MethodGet, after: http.Header{"Idempotency-Key": {"1"}}},
	} {
		req := &http.Request{Method: http.MethodPost, Header: tc.before, URL: &url.URL{}}
		before := validate.Authentications(req)
		if tc.method != "" {
			req.Method = tc.method
		}
		req.Header, req.URL.User = tc.after, tc.user
		err := validate.Edited(req, before)
		if tc.want == "" && err != nil || tc.want != "" && (!errors.Is(err, gen.ErrInvalidArgument) || !strings.Contains(err.Error(), tc.want)) {
			t.Errorf("%s: got %v, want %q", name, err, tc.want)
		}
		if err != nil && strings.Contains(err.Error(), testkit.Token) {
			t.Errorf("%s: the error shows the token", name)
		}
	}
}

// TestSendable edits a request in ways that net/http refuses, or does not.
func TestSendable(t *testing.T) {
	t.Parallel()
	const secret = testkit.Token
	for want, edits := range map[string][]func(*http.Request){
		"": {
			func(r *http.Request) { r.Header, r.Method = nil, "" },
			func(r *http.Request) { r.Header["x-!#$%&'*+.^_`|~09"] = []string{"", "\t~\u00e9\xff"} },
			func(r *http.Request) { r.URL.Host, r.Host = "[::1]:8443", "m\u00fcnchen.example" },
			func(r *http.Request) { r.URL.Scheme = "http" },
		},
		"no URL":     {func(r *http.Request) { r.URL = nil }, func(r *http.Request) { *r = http.Request{} }},
		"a scheme":   {func(r *http.Request) { r.URL.Scheme = "" }, func(r *http.Request) { r.URL.Scheme = secret }},
		"no host":    {func(r *http.Request) { r.URL.Host = "" }, func(r *http.Request) { r.URL.Host = secret + " " }, func(r *http.Request) { r.Host = secret + "\n" }},
		"in the URL": {func(r *http.Request) { r.URL.RawQuery = secret + "\x00" }, func(r *http.Request) { r.URL.Opaque = secret + "\x7f" }},
		"method":     {func(r *http.Request) { r.Method = secret + " " }, func(r *http.Request) { r.Method = "PO/ST" }, func(r *http.Request) { r.Method = "P\u00f6ST" }},
		"an invalid header": {
			func(r *http.Request) { r.Header["X"] = []string{"1", secret + "\r\nX: y"} },
			func(r *http.Request) { r.Header["X"] = []string{secret + "\x7f"} },
			func(r *http.Request) { r.Header[""] = nil },
			func(r *http.Request) { r.Header[secret+":"] = nil },
			func(r *http.Request) { r.Trailer = http.Header{"X": {"\x00"}} },
		},
		"content length": {func(r *http.Request) { r.ContentLength = 1 }},
	} {
		for i, edit := range edits {
			req := &http.Request{Method: http.MethodPost, Header: http.Header{}, URL: &url.URL{Scheme: "https", Host: "cyclos.example"}}
			edit(req)
			err := validate.Sendable(req)
			if want == "" && err != nil || want != "" && (!errors.Is(err, gen.ErrInvalidArgument) || !strings.Contains(err.Error(), want)) {
				t.Errorf("%s: %d: got %v", want, i, err)
			}
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("%s: %d: the error shows the value", want, i)
			}
		}
	}
}

package passwords_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestEditorsDoNotMixAuthentications derives clients for bob from one of alice
// whose authentication is a request editor.
func TestEditorsDoNotMixAuthentications(t *testing.T) {
	t.Parallel()
	alice, bob := passwords.SessionToken("alice-token"), passwords.WithSessionToken("bob-token")
	for name, tc := range map[string]struct {
		base, derived []passwords.Option
		ok            bool
	}{
		"editor alone":                 {[]passwords.Option{passwords.WithRequestEditor(alice)}, nil, true},
		"editor and session":           {[]passwords.Option{passwords.WithRequestEditor(alice)}, []passwords.Option{bob}, false},
		"editor and basic":             {[]passwords.Option{passwords.WithRequestEditor(alice)}, []passwords.Option{passwords.WithBasicAuth("bob", testkit.Password)}, false},
		"editor and access client":     {[]passwords.Option{passwords.WithAccessClientToken("bob")}, []passwords.Option{passwords.WithRequestEditor(alice)}, false},
		"two editors of other schemes": {[]passwords.Option{passwords.WithRequestEditor(alice), passwords.WithRequestEditor(passwords.BasicAuth("bob", testkit.Password))}, nil, false},
		"two editors of one scheme":    {[]passwords.Option{passwords.WithRequestEditor(alice), passwords.WithRequestEditor(passwords.SessionToken("bob"))}, nil, true},
		"editor with another spelling": {[]passwords.Option{bob}, []passwords.Option{passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
			r.Header["session-token"] = []string{"alice-token"}
			return nil
		})}, false},
		"editor with user information": {[]passwords.Option{bob}, []passwords.Option{passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
			r.URL.User = url.UserPassword("alice", testkit.Password)
			return nil
		})}, false},
		"editor that removes it": {[]passwords.Option{bob}, []passwords.Option{passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
			r.Header.Del("Session-Token")
			return nil
		})}, false},
		"editor of something else": {[]passwords.Option{bob}, []passwords.Option{passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
			r.Header.Set("X-Request-Id", "1")
			return nil
		})}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := testkit.NewWire(t, testkit.NoContent)
			client, err := testkit.NewClient(t, w.URL, tc.base...).With(tc.derived...)
			if err != nil {
				t.Fatal(err)
			}
			err = client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
			if !tc.ok {
				testkit.WantRejected(t, w, err, "enablePassword", "alice-token")
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

// TestCookiesAreNotKept has a server set a cookie for one user, which must not
// arrive with the requests of another.
func TestCookiesAreNotKept(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.Reply{Status: 204, Header: map[string]string{"Set-Cookie": "JSESSIONID=alice"}})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	own := &http.Client{Transport: testkit.NewTransport(t), Jar: jar}
	alice := testkit.NewClient(t, w.URL, passwords.WithSessionToken("alice"), passwords.WithHTTPClient(own))
	bob, err := alice.With(passwords.WithSessionToken("bob"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []*passwords.Client{alice, bob} {
		if err := c.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
			t.Fatal(err)
		}
	}
	if w.All()[1].Header.Get("Cookie") != "" {
		t.Error("a cookie was sent")
	}
	if own.Jar != jar {
		t.Error("the caller's HTTP client was changed")
	}
}

// TestErrorsOfSourcesAndEditorsShowNoURL covers a token source that logs in over
// HTTP itself.
func TestErrorsOfSourcesAndEditorsShowNoURL(t *testing.T) {
	t.Parallel()
	mine := errors.New("mine")
	failed := fmt.Errorf("login: %w", &url.Error{Op: "Get", URL: "http://h/?pw=leak-me", Err: mine})
	for _, opt := range []passwords.Option{
		passwords.WithSessionTokenSource(func(context.Context) (passwords.Secret, error) { return passwords.Secret{}, failed }),
		passwords.WithRequestEditor(func(context.Context, *http.Request) error { return failed }),
	} {
		w := testkit.NewWire(t, testkit.NoContent)
		err := testkit.NewClient(t, w.URL, opt).EnablePassword(t.Context(), passwords.Principal("ana"), "login")
		if !errors.Is(err, mine) || strings.Contains(err.Error(), "leak-me") || w.Count() != 0 {
			t.Error("another error, the URL shows, or a request was sent")
		}
	}
}

func TestMisuseIsAnErrorNotAPanic(t *testing.T) {
	t.Parallel()
	var missing *passwords.Client
	for _, client := range []*passwords.Client{missing, {}} {
		if err := client.EnablePassword(t.Context(), passwords.UserID("1"), "login"); !errors.Is(err, passwords.ErrInvalidArgument) {
			t.Errorf("got %v", err)
		}
		if _, err := client.With(); !errors.Is(err, passwords.ErrInvalidArgument) {
			t.Errorf("With: got %v", err)
		}
		client.CloseIdleConnections()
	}
	w := testkit.NewWire(t, testkit.NoContent)
	client := testkit.NewClient(t, w.URL)
	for _, user := range []passwords.User{
		(*passwords.ManagedUser)(nil), (*passwords.SelfUser)(nil), struct{ passwords.User }{}, new(passwords.Self()),
	} {
		testkit.WantRejected(t, w, client.DisablePassword(t.Context(), user, "login"), "disablePassword", "")
	}
}

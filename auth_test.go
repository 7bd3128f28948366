package passwords_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit"
)

func TestAuthenticationOnTheWire(t *testing.T) {
	t.Parallel()
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("ana:"+testkit.Password))
	source := func(context.Context, passwords.Secret) (passwords.Secret, error) {
		return passwords.NewSecret(testkit.Token), nil
	}
	for name, tc := range map[string]struct {
		opts []passwords.Option
		want map[string]string
	}{
		"basic": {
			[]passwords.Option{passwords.WithBasicAuth("ana", passwords.NewSecret(testkit.Password))},
			map[string]string{"Authorization": basic},
		},
		"basic with principal type and channel": {
			[]passwords.Option{passwords.WithPrincipalType("*"), passwords.WithBasicAuth("ana", passwords.NewSecret(testkit.Password)), passwords.WithChannel("pos")},
			map[string]string{"Authorization": basic, "Principal-Type": "*", "Channel": "pos"},
		},
		"session": {
			[]passwords.Option{passwords.WithSessionToken(passwords.NewSecret(testkit.Token))},
			map[string]string{"Session-Token": testkit.Token},
		},
		"session source": {
			[]passwords.Option{passwords.WithSessionTokenSource(source), passwords.WithChannel("main")},
			map[string]string{"Session-Token": testkit.Token, "Channel": "main"},
		},
		"access client": {
			[]passwords.Option{passwords.WithAccessClientToken(passwords.NewSecret(testkit.Token))},
			map[string]string{"Access-Client-Token": testkit.Token},
		},
		"access client with prefix": {
			[]passwords.Option{passwords.WithAccessClientPrefix(passwords.NewSecret("shop-")), passwords.WithAccessClientToken(passwords.NewSecret(testkit.Token))},
			map[string]string{"Access-Client-Token": "shop-" + testkit.Token},
		},
		"application": {
			[]passwords.Option{passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithUserAgent("onboarding/1.2")},
			map[string]string{"Session-Token": testkit.Token, "User-Agent": "onboarding/1.2 cyclos-go-passwords"},
		},
		"editor has the last word": {
			[]passwords.Option{
				passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
					r.Header.Set("Channel", r.Header.Get("Channel")+"2")
					return nil
				}),
				passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithChannel("pos"),
			},
			map[string]string{"Session-Token": testkit.Token, "Channel": "pos2"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, op := range testkit.Operations() {
				w := testkit.NewWire(t, op.OK)
				if _, err := op.Do(t.Context(), testkit.NewClient(t, w.URL, tc.opts...)); err != nil {
					t.Fatal(err)
				}
				got := w.One(t).Header
				for _, header := range []string{"Authorization", "Session-Token", "Access-Client-Token", "Principal-Type", "Channel"} {
					if len(got.Values(header)) > 1 || got.Get(header) != tc.want[header] {
						t.Errorf("%s: the header %s differs", op.ID, header)
					}
				}
				if want, ok := tc.want["User-Agent"]; ok && got.Get("User-Agent") != want {
					t.Errorf("%s: got User-Agent %q, want %q", op.ID, got.Get("User-Agent"), want)
				}
			}
		})
	}
}

// TestEditorsDoNotMixAuthentications derives clients for Bob from a client of Alice
// that is authenticated by a request editor.
func TestEditorsDoNotMixAuthentications(t *testing.T) {
	t.Parallel()
	alice, bob := passwords.SessionToken(passwords.NewSecret("alice-token")), passwords.WithSessionToken(passwords.NewSecret("bob-token"))
	for name, tc := range map[string]struct {
		base, derived []passwords.Option
		ok            bool
	}{
		"editor alone":                 {[]passwords.Option{passwords.WithRequestEditor(alice)}, nil, true},
		"editor and session":           {[]passwords.Option{passwords.WithRequestEditor(alice)}, []passwords.Option{bob}, false},
		"editor and basic":             {[]passwords.Option{passwords.WithRequestEditor(alice)}, []passwords.Option{passwords.WithBasicAuth("bob", passwords.NewSecret(testkit.Password))}, false},
		"editor and access client":     {[]passwords.Option{passwords.WithAccessClientToken(passwords.NewSecret("bob"))}, []passwords.Option{passwords.WithRequestEditor(alice)}, false},
		"two editors of other schemes": {[]passwords.Option{passwords.WithRequestEditor(alice), passwords.WithRequestEditor(passwords.BasicAuth("bob", passwords.NewSecret(testkit.Password)))}, nil, false},
		"two editors of one scheme":    {[]passwords.Option{passwords.WithRequestEditor(alice), passwords.WithRequestEditor(passwords.SessionToken(passwords.NewSecret("bob")))}, nil, true},
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

// TestSourceAndEditorErrorsEndTheCall includes errors with a URL, which a source that
// logs in over HTTP returns.
func TestSourceAndEditorErrorsEndTheCall(t *testing.T) {
	t.Parallel()
	mine := errors.New("vault is sealed")
	withURL := fmt.Errorf("login: %w", &url.Error{Op: "Get", URL: "http://h/?pw=leak-me", Err: mine})
	source := func(err error) passwords.Option {
		return passwords.WithSessionTokenSource(func(context.Context, passwords.Secret) (passwords.Secret, error) { return passwords.Secret{}, err })
	}
	editor := func(err error) passwords.Option {
		return passwords.WithRequestEditor(func(context.Context, *http.Request) error { return err })
	}
	for name, tc := range map[string]struct {
		opt  passwords.Option
		want error
	}{
		"source":            {source(mine), mine},
		"editor":            {editor(mine), mine},
		"source with a URL": {source(withURL), mine},
		"editor with a URL": {editor(withURL), mine},
		"empty source":      {source(nil), passwords.ErrInvalidArgument},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := testkit.NewWire(t, testkit.NoContent)
			err := testkit.NewClient(t, w.URL, tc.opt).EnablePassword(t.Context(), passwords.Principal("ana"), "login")
			var e *passwords.Error
			if !errors.As(err, &e) || e.Operation != "enablePassword" || e.StatusCode != 0 || !errors.Is(err, tc.want) {
				t.Errorf("got another error than %q", tc.want)
			} else if strings.Contains(err.Error(), "leak-me") {
				t.Error("the error shows the URL")
			}
			if w.Count() != 0 {
				t.Error("a request was sent")
			}
		})
	}
}

// TestCookiesAreNotKept has a server set a cookie for one user. The requests of
// another user must not carry it.
func TestCookiesAreNotKept(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.Reply{Status: 204, Header: map[string]string{"Set-Cookie": "JSESSIONID=alice"}})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	own := &http.Client{Transport: testkit.NewTransport(t), Jar: jar}
	alice := testkit.NewClient(t, w.URL, passwords.WithSessionToken(passwords.NewSecret("alice")), passwords.WithHTTPClient(own))
	bob, err := alice.With(passwords.WithSessionToken(passwords.NewSecret("bob")))
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

func TestEditorsForGen(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		editor, bad gen.RequestEditorFn
		header      string
		want        string
	}{
		"basic":         {passwords.BasicAuth("ana", passwords.NewSecret("x")), passwords.BasicAuth("a:b", passwords.NewSecret(testkit.Password)), "Authorization", "Basic YW5hOng="},
		"session":       {passwords.SessionToken(passwords.NewSecret(testkit.Token)), passwords.SessionToken(passwords.NewSecret(testkit.Password + "\n")), "Session-Token", testkit.Token},
		"access client": {passwords.AccessClientToken(passwords.NewSecret(testkit.Token)), passwords.AccessClientToken(passwords.NewSecret(testkit.Password + "é")), "Access-Client-Token", testkit.Token},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := testkit.NewWire(t, testkit.JSON(200, `[]`))
			client, err := gen.NewClient(w.URL, gen.WithHTTPClient(&http.Client{Transport: testkit.NewTransport(t)}), gen.WithRequestEditorFn(tc.editor))
			if err != nil {
				t.Fatal(err)
			}
			resp, err := client.ListUserPasswords(t.Context(), "self", nil)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				t.Fatalf("got status %d", resp.StatusCode)
			}
			if w.One(t).Header.Get(tc.header) != tc.want {
				t.Error("the header differs")
			}
			_, err = client.ListUserPasswords(t.Context(), "self", nil, tc.bad)
			if !errors.Is(err, passwords.ErrInvalidArgument) || strings.Contains(err.Error(), testkit.Password) || w.Count() != 1 {
				t.Error("a malformed credential was sent, or the error shows it")
			}
		})
	}
}

func TestClientPrintsNoCredential(t *testing.T) {
	t.Parallel()
	for _, opt := range []passwords.Option{
		passwords.WithBasicAuth("ana", passwords.NewSecret(testkit.Password)), passwords.WithSessionToken(passwords.NewSecret(testkit.Password)), passwords.WithAccessClientToken(passwords.NewSecret(testkit.Password)),
	} {
		client := testkit.NewClient(t, "https://cyclos.example.org/api", opt)
		if strings.Contains(fmt.Sprintf("%v %+v %#v %+v %#v", client, client, client, *client, opt), testkit.Password) {
			t.Error("the output shows the credential")
		}
	}
}

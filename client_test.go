package passwords_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestOperationsOnTheWire pins the exact request of each operation: the request
// line, all headers and the body.
func TestOperationsOnTheWire(t *testing.T) {
	t.Parallel()
	for _, op := range testkit.Operations() {
		t.Run(op.ID, func(t *testing.T) {
			t.Parallel()
			w := testkit.NewWire(t, op.OK)
			value, err := op.Do(t.Context(), testkit.NewClient(t, w.URL))
			if err != nil {
				t.Fatal(err)
			}
			got := w.One(t)
			if got.Method != op.Method || got.URI != "/api"+op.URI {
				t.Errorf("got %s %s, want %s /api%s", got.Method, got.URI, op.Method, op.URI)
			}
			if got.Body != op.Body {
				t.Error("the body differs")
			}
			want := http.Header{
				"Accept":          {op.Accept},
				"Accept-Encoding": {"gzip"},
				"Session-Token":   {testkit.Token},
				"User-Agent":      {"cyclos-go-passwords"},
			}
			for name, value := range op.Header {
				want.Set(name, value)
			}
			got.Header.Del("Content-Length")
			if !maps.EqualFunc(got.Header, want, slices.Equal) {
				t.Errorf("got the headers %v, want %v, or the value of one differs",
					slices.Sorted(maps.Keys(got.Header)), slices.Sorted(maps.Keys(want)))
			}
			if secret, ok := value.(passwords.Secret); ok && !secret.Equal(passwords.NewSecret(testkit.GeneratedPassword)) {
				t.Error("the secret differs")
			}
		})
	}
}

func TestResultsAreDecoded(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]any{
		"listUserPasswords": []passwords.PasswordStatusAndType{{
			Status: passwords.StatusActive,
			Type:   &passwords.PasswordTypeDetailed{InternalName: "login"},
		}},
		"getUserPasswordsListData": &passwords.DataForUserPasswords{
			User:        &passwords.UserInfo{ID: "1", User: &passwords.UserInfo{ID: "2"}},
			Passwords:   []passwords.PasswordStatusAndActions{},
			SendMediums: []passwords.SendMedium{passwords.SendMediumSMS},
		},
		"getUserPasswordsData": &passwords.PasswordStatusAndActions{
			Status:      passwords.StatusExpired,
			Permissions: &passwords.PasswordActions{Change: true},
		},
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			op := testkit.OperationByID(id)
			got, err := op.Do(t.Context(), testkit.NewClient(t, testkit.NewWire(t, op.OK).URL))
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %v; want %+v", got, err, want)
			}
		})
	}
}

// TestZeroConfirmationSendsNoHeader distinguishes an absent header from an empty one.
func TestZeroConfirmationSendsNoHeader(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.Text(testkit.GeneratedPassword))
	if _, err := testkit.NewClient(t, w.URL).ChangeGenerated(t.Context(), "pin", passwords.Secret{}); err != nil {
		t.Fatal(err)
	}
	if _, present := w.One(t).Header["Confirmationpassword"]; present {
		t.Error("the header was sent")
	}
}

// TestEmptyListsSendNoQuery passes empty slices as variadic arguments.
func TestEmptyListsSendNoQuery(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.JSON(200, `[]`))
	list, err := testkit.NewClient(t, w.URL).ListUserPasswords(t.Context(), passwords.Self(), []string{}...)
	if err != nil || len(list) != 0 {
		t.Fatalf("got %v, %v", list, err)
	}
	if got := w.One(t).URI; got != "/api/self/passwords" {
		t.Errorf("got the URI %s", got)
	}
	w = testkit.NewWire(t, testkit.NoContent)
	if err := testkit.NewClient(t, w.URL).ResetAndSendPassword(t.Context(), passwords.Principal("ana"), "login", []passwords.SendMedium{}...); err != nil {
		t.Fatal(err)
	}
	if got := w.One(t).URI; got != "/api/ana/passwords/login/reset-and-send" {
		t.Errorf("got the URI %s", got)
	}
}

func TestEmptyListElementsAreRejected(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.JSON(200, `[]`))
	client := testkit.NewClient(t, w.URL)
	_, err := client.ListUserPasswords(t.Context(), passwords.Self(), "status", "")
	testkit.WantRejected(t, w, err, "listUserPasswords", "")
	for _, mediums := range [][]passwords.SendMedium{
		{""}, {"", ""}, {"", passwords.SendMediumSMS}, {passwords.SendMediumSMS, ""}, {passwords.SendMediumEmail, "", passwords.SendMediumSMS},
	} {
		err := client.ResetAndSendPassword(t.Context(), passwords.Principal("ana"), "login", mediums...)
		testkit.WantRejected(t, w, err, "resetAndSendPassword", "")
	}
	_, err = client.GetUserPasswordsListData(t.Context(), passwords.Self(), "")
	testkit.WantRejected(t, w, err, "getUserPasswordsListData", "")
	_, err = client.GetUserPasswordsData(t.Context(), passwords.Self(), "login", "")
	testkit.WantRejected(t, w, err, "getUserPasswordsData", "")
}

func TestWithDerivesAClient(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.NoContent)
	mark := func(value string) passwords.Option {
		return passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
			r.Header.Add("X-Editor", value)
			return nil
		})
	}
	base := testkit.NewClient(t, w.URL, passwords.WithBasicAuth("ana", passwords.NewSecret(testkit.Password)), passwords.WithPrincipalType("email"),
		passwords.WithChannel("pos"), passwords.WithUserAgent("a/1"), passwords.WithTimeout(time.Minute), mark("1"))
	with := func(opts ...passwords.Option) *passwords.Client {
		c, err := base.With(opts...)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for i, tc := range []struct {
		client *passwords.Client
		want   map[string]string
	}{
		{with(), map[string]string{"Principal-Type": "email", "Channel": "pos", "User-Agent": "a/1 cyclos-go-passwords", "X-Editor": "1"}},
		{with(passwords.WithPrincipalType("*")), map[string]string{"Principal-Type": "*"}},
		{with(passwords.WithSessionToken(passwords.NewSecret(testkit.Token))), map[string]string{"Session-Token": testkit.Token, "Authorization": "", "Principal-Type": "", "Channel": "pos"}},
		{with(passwords.WithAccessClientToken(passwords.NewSecret(testkit.Token)), passwords.WithAccessClientPrefix(passwords.NewSecret("p"))), map[string]string{"Access-Client-Token": "p" + testkit.Token, "Authorization": ""}},
		{with(passwords.WithChannel("main"), passwords.WithUserAgent("b"), mark("2")), map[string]string{"Channel": "main", "User-Agent": "b cyclos-go-passwords", "X-Editor": "1,2"}},
		{base, map[string]string{"Principal-Type": "email", "Channel": "pos", "X-Editor": "1", "Session-Token": ""}},
	} {
		if err := tc.client.EnablePassword(t.Context(), passwords.UserID("1"), "login"); err != nil {
			t.Fatal(err)
		}
		got := w.All()[w.Count()-1].Header
		for name, want := range tc.want {
			if strings.Join(got.Values(name), ",") != want {
				t.Errorf("%d: the header %s differs", i, name)
			}
		}
	}
	prefixed, err := with(passwords.WithAccessClientToken(passwords.NewSecret(testkit.Token))).With(passwords.WithAccessClientPrefix(passwords.NewSecret("q")))
	if err != nil {
		t.Fatal(err)
	}
	if err := prefixed.EnablePassword(t.Context(), passwords.UserID("1"), "login"); err != nil {
		t.Fatal(err)
	}
	if w.All()[w.Count()-1].Header.Get("Access-Client-Token") != "q"+testkit.Token {
		t.Error("the prefix of the derived client differs")
	}
}

// countingTransport counts the requests of the clients that share it.
type countingTransport struct {
	http.RoundTripper
	requests int
}

func (c *countingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	c.requests++
	return c.RoundTripper.RoundTrip(r)
}

func TestWithSharesTheTransport(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.NoContent)
	transport := &countingTransport{RoundTripper: testkit.NewTransport(t)}
	base := testkit.NewClient(t, w.URL, passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithHTTPClient(&http.Client{Transport: transport}))
	derived, err := base.With(passwords.WithSessionToken(passwords.NewSecret(testkit.Token + "2")))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []*passwords.Client{base, derived} {
		if err := c.EnablePassword(t.Context(), passwords.UserID("1"), "login"); err != nil {
			t.Fatal(err)
		}
	}
	if transport.requests != 2 {
		t.Errorf("%d of 2 requests went through the transport", transport.requests)
	}
}

func TestClientIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.NoContent)
	client := testkit.NewClient(t, w.URL)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			derived, err := client.With(passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithChannel("pos"))
			if err != nil {
				t.Error(err)
				return
			}
			for _, c := range []*passwords.Client{client, derived} {
				if err := c.EnablePassword(t.Context(), passwords.UserID("1"), "login"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if w.Count() != 100 {
		t.Errorf("%d of 100 requests arrived", w.Count())
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

package transport_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestAnswersWithoutBody: as with an http.Client, a transport may leave it out
// where there is none.
func TestAnswersWithoutBody(t *testing.T) {
	t.Parallel()
	for length, want := range map[int64]error{-1: nil, 0: nil, 5: passwords.ErrUnexpectedResponse} {
		client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 204, ContentLength: length}, nil
		})
		if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); !errors.Is(err, want) {
			t.Errorf("length %d: got %v, want %v", length, err, want)
		}
	}
}

// TestUserInformationOfAnEditorIsSent as http.Client does.
func TestUserInformationOfAnEditorIsSent(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.NoContent)
	client := testkit.NewClient(t, w.URL, passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
		r.URL.User = url.UserPassword("ana", testkit.Password)
		return nil
	}))
	if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
		t.Fatal(err)
	}
	req := &http.Request{Header: w.One(t).Header}
	if user, password, ok := req.BasicAuth(); !ok || user != "ana" || password != testkit.Password {
		t.Error("the user information did not arrive")
	}
}

// TestEditorsMayDropTheHeader, of which http.Client would make another one.
func TestEditorsMayDropTheHeader(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.NoContent)
	client, err := passwords.New(w.URL, passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
		r.Header = nil
		r.URL.User = url.UserPassword("ana", testkit.Password)
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
		t.Error(err)
	}
}

// TestDefaultTransportOfAnotherKind: programs replace it, for example by one which
// counts. It is not parallel: the others use that of net/http.
func TestDefaultTransportOfAnotherKind(t *testing.T) {
	before := http.DefaultTransport
	t.Cleanup(func() { http.DefaultTransport = before })
	counted := 0
	http.DefaultTransport = testkit.RoundTripper(func(*http.Request) (*http.Response, error) {
		counted++
		return &http.Response{StatusCode: 204}, nil
	})
	own, err := passwords.New("https://cyclos.example.org/api", passwords.WithSessionToken(testkit.Token))
	if err != nil {
		t.Fatal(err)
	}
	given := testkit.NewClient(t, "https://cyclos.example.org/api", passwords.WithSessionToken(testkit.Token), passwords.WithHTTPClient(&http.Client{}))
	for name, client := range map[string]*passwords.Client{"none": own, "one without a transport": given} {
		counted = 0
		err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
		if err != nil || counted != 1 {
			t.Errorf("given %s: %d requests, %v", name, counted, err)
		}
		client.CloseIdleConnections()
	}
}

// TestConnectionsAreOfTheClientAlone: whoever closes those of the default transport,
// as each test server does that ends, closes none of them.
func TestConnectionsAreOfTheClientAlone(t *testing.T) {
	t.Parallel()
	var from []string
	url := testkit.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from = append(from, r.RemoteAddr)
		w.WriteHeader(http.StatusNoContent)
	}))
	client := testkit.NewClient(t, url)
	for range 2 {
		if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
			t.Fatal(err)
		}
		http.DefaultClient.CloseIdleConnections()
	}
	if len(from) != 2 || from[0] != from[1] {
		t.Errorf("%d requests, by one connection: %t", len(from), len(from) == 2 && from[0] == from[1])
	}
	client.CloseIdleConnections()
	if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil || len(from) != 3 || from[2] == from[1] {
		t.Errorf("%d requests, the last by the connection that was closed, or: %v", len(from), err)
	}
}

// closingTransport counts how often its connections are closed.
type closingTransport struct {
	http.RoundTripper
	closed int
}

func (c *closingTransport) CloseIdleConnections() { c.closed++ }

// TestTransportIdleConnectionsAreClosed reaches the caller's transport through
// what is wrapped around it.
func TestTransportIdleConnectionsAreClosed(t *testing.T) {
	t.Parallel()
	transport := &closingTransport{}
	client := testkit.NewClient(t, "https://cyclos.example/api", passwords.WithHTTPClient(&http.Client{Transport: transport}))
	if client.CloseIdleConnections(); transport.closed != 1 {
		t.Errorf("closed %d times, want 1", transport.closed)
	}
	bare := struct{ http.RoundTripper }{transport}
	testkit.NewClient(t, "https://cyclos.example/api", passwords.WithHTTPClient(&http.Client{Transport: bare})).CloseIdleConnections()
	if transport.closed != 1 {
		t.Errorf("closed %d times, want 1", transport.closed)
	}
}

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

// TestResponsesWithoutBody: as with an http.Client, a transport may leave out the Body of
// a response that has none.
func TestResponsesWithoutBody(t *testing.T) {
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

// TestUserInformationOfAnEditorIsSent as http.Client does, which also makes a new
// header if the editor removed it.
func TestUserInformationOfAnEditorIsSent(t *testing.T) {
	t.Parallel()
	for name, removed := range map[string]bool{"header kept": false, "header removed": true} {
		w := testkit.NewWire(t, testkit.NoContent)
		client := testkit.NewClient(t, w.URL, passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
			if removed {
				r.Header = nil
			}
			r.URL.User = url.UserPassword("ana", testkit.Password)
			return nil
		}))
		if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		req := &http.Request{Header: w.One(t).Header}
		if user, password, ok := req.BasicAuth(); !ok || user != "ana" || password != testkit.Password {
			t.Errorf("%s: the user information did not arrive", name)
		}
	}
}

// TestDefaultTransportOfAnotherKind covers programs that replace http.DefaultTransport,
// for example to count requests. It is not parallel because other tests use the
// original.
func TestDefaultTransportOfAnotherKind(t *testing.T) {
	before := http.DefaultTransport
	t.Cleanup(func() { http.DefaultTransport = before })
	counted := 0
	http.DefaultTransport = testkit.RoundTripper(func(*http.Request) (*http.Response, error) {
		counted++
		return &http.Response{StatusCode: 204}, nil
	})
	own, err := passwords.New("https://cyclos.example.org/api", passwords.WithSessionToken(passwords.NewSecret(testkit.Token)))
	if err != nil {
		t.Fatal(err)
	}
	given := testkit.NewClient(t, "https://cyclos.example.org/api", passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithHTTPClient(&http.Client{}))
	for name, client := range map[string]*passwords.Client{"nothing": own, "a client without a transport": given} {
		counted = 0
		err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
		if err != nil || counted != 1 {
			t.Errorf("given %s: %d requests, %v", name, counted, err)
		}
		client.CloseIdleConnections()
	}
}

// TestConnectionsAreOfTheClientAlone closes the connections of the default transport,
// as every httptest.Server does when it is closed.
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
		t.Errorf("%d requests, on one connection: %t", len(from), len(from) == 2 && from[0] == from[1])
	}
	client.CloseIdleConnections()
	if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil || len(from) != 3 || from[2] == from[1] {
		t.Errorf("%d requests, want 3, the last on a new connection: %v", len(from), err)
	}
}

// closingTransport counts the calls of CloseIdleConnections.
type closingTransport struct {
	http.RoundTripper
	closed int
}

func (c *closingTransport) CloseIdleConnections() { c.closed++ }

// TestTransportIdleConnectionsAreClosed covers transports with and without the method.
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

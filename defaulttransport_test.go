package passwords_test

import (
	"net/http"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

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

//go:build servers

package proxytest

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// observer is a transport which keeps what the backend says about each request.
// It is for one goroutine.
type observer struct {
	next    http.RoundTripper
	arrived func(url.Values) testkit.Arrival
	sent    int
	got     []testkit.Arrival
}

func (o *observer) RoundTrip(req *http.Request) (*http.Response, error) {
	o.sent++
	resp, err := o.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if header := resp.Header.Get(arrivedHeader); header != "" {
		values, err := url.ParseQuery(header)
		if err != nil {
			return nil, err
		}
		o.got = append(o.got, o.arrived(values))
	}
	return resp, nil
}

// take returns what was sent and what arrived since the last call.
func (o *observer) take() (sent int, got []testkit.Arrival) {
	sent, got = o.sent, o.got
	o.sent, o.got = 0, nil
	return sent, got
}

// newClient returns a client for the route with the observer of its requests.
func newClient(t *testing.T, r route, transport http.RoundTripper) (*passwords.Client, *observer) {
	t.Helper()
	o := &observer{next: transport, arrived: r.backend.arrived}
	client, err := passwords.New(r.baseURL, passwords.WithSessionToken("path-token-77d1"),
		passwords.WithHTTPClient(&http.Client{Transport: o}))
	if err != nil {
		t.Fatal(err)
	}
	return client, o
}

package bench

import (
	"context"
	"net/http"
)

// heldPath is the base path of the requests which a server holds.
const heldPath = "/held"

// holding keeps requests in flight until they are given up. As a transport it
// does so without a network.
type holding chan struct{}

func (h holding) hold(ctx context.Context) {
	select {
	case h <- struct{}{}:
		<-ctx.Done()
	case <-ctx.Done():
	}
}

// await returns when so many more requests are held.
func (h holding) await(requests int) {
	for range requests {
		<-h
	}
}

// RoundTrip implements [http.RoundTripper].
func (h holding) RoundTrip(req *http.Request) (*http.Response, error) {
	h.hold(req.Context())
	return nil, req.Context().Err()
}

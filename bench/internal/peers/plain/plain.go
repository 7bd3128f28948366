// Package plain sends requests with net/http alone.
package plain

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/cyclos-go/passwords/bench/internal/work"
)

// Client sends requests to a base URL.
type Client struct {
	Base string
	HTTP *http.Client
}

// Do sends a request and checks the status of the response.
func (c Client) Do(ctx context.Context, method, path, accept string, body []byte, status int) (*http.Response, error) {
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.Base+path, reader)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Session-Token", work.Token)
	req.Header.Set("Accept", accept)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.HTTP.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != status {
		_ = resp.Body.Close()
		return nil, fmt.Errorf("status %d", resp.StatusCode)
	}
	return resp, nil
}

// Package floor sends the requests and discards the responses: the cost that no
// client can avoid.
package floor

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/cyclos-go/passwords/bench/internal/work"
)

// Client sends requests with net/http alone to a base URL.
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

type peer struct{ Client }

// New returns the client.
func New(base string, transport http.RoundTripper) (work.Client, error) {
	return peer{Client{Base: base, HTTP: &http.Client{Transport: transport}}}, nil
}

func (f peer) discard(ctx context.Context, method, path, accept string, body []byte, status int) error {
	resp, err := f.Do(ctx, method, path, accept, body, status)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

func (f peer) ListData(ctx context.Context, user string, _ work.Keep) error {
	return f.discard(ctx, http.MethodGet, "/"+user+"/passwords/list-data", "application/json", nil, http.StatusOK)
}

func (f peer) List(ctx context.Context, _ work.Keep) error {
	return f.discard(ctx, http.MethodGet, "/"+work.User+"/passwords", "application/json", nil, http.StatusOK)
}

var sent = []byte(work.Sent)

func (f peer) Change(ctx context.Context, _ work.Keep) error {
	return f.discard(ctx, http.MethodPost, "/"+work.User+"/passwords/"+work.PasswordType+"/change",
		"application/json", sent, http.StatusNoContent)
}

func (f peer) Generate(ctx context.Context, _ work.Keep) error {
	return f.discard(ctx, http.MethodPost, "/passwords/"+work.PasswordType+"/generate", "text/plain", nil, http.StatusOK)
}

// Package floor sends the requests and discards the responses: the cost that no
// client can avoid.
package floor

import (
	"context"
	"io"
	"net/http"

	"github.com/cyclos-go/passwords/bench/internal/peers/plain"
	"github.com/cyclos-go/passwords/bench/internal/work"
)

type peer struct{ plain.Client }

// New returns the client.
func New(base string, transport http.RoundTripper) (work.Client, error) {
	return peer{plain.Client{Base: base, HTTP: &http.Client{Transport: transport}}}, nil
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

package peers

import (
	"context"
	"io"
	"net/http"

	"github.com/cyclos-go/passwords/bench/internal/work"
)

// floor sends the requests and reads the answers to their end without a look at
// them: the part of the cost that no client can avoid.
type floor struct{ hand }

func newFloor(base string, transport http.RoundTripper) (work.Client, error) {
	return floor{hand{base: base, client: &http.Client{Transport: transport}, codec: standard}}, nil
}

func (f floor) discard(ctx context.Context, method, path, accept string, body []byte, status int) error {
	resp, err := f.do(ctx, method, path, accept, body, status)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

func (f floor) ListData(ctx context.Context, _ work.Keep) error {
	return f.discard(ctx, http.MethodGet, "/"+work.User+"/passwords/list-data", "application/json", nil, http.StatusOK)
}

func (f floor) List(ctx context.Context, _ work.Keep) error {
	return f.discard(ctx, http.MethodGet, "/"+work.User+"/passwords", "application/json", nil, http.StatusOK)
}

var sent = []byte(work.All[2].Sent)

func (f floor) Change(ctx context.Context, _ work.Keep) error {
	return f.discard(ctx, http.MethodPost, "/"+work.User+"/passwords/"+work.PasswordType+"/change",
		"application/json", sent, http.StatusNoContent)
}

func (f floor) Generate(ctx context.Context, _ work.Keep) error {
	return f.discard(ctx, http.MethodPost, "/passwords/"+work.PasswordType+"/generate", "text/plain", nil, http.StatusOK)
}

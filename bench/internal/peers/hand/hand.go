// Package hand is a client that is written by hand.
package hand

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"

	experiment "github.com/go-json-experiment/json"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/bench/internal/peers/floor"
	"github.com/cyclos-go/passwords/bench/internal/work"
)

// maxBody is the most a hand-written client reads, which is what ours reads.
const maxBody = 1 << 20

type codec struct {
	encode func(any) ([]byte, error)
	decode func(io.Reader, any) error
}

// NewEncoding returns the client with encoding/json.
func NewEncoding(base string, transport http.RoundTripper) (work.Client, error) {
	return newPeer(base, transport, codec{json.Marshal, func(r io.Reader, into any) error {
		data, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		return json.Unmarshal(data, into)
	}}), nil
}

// NewExperiment returns the client with go-json-experiment.
func NewExperiment(base string, transport http.RoundTripper) (work.Client, error) {
	return newPeer(base, transport, codec{
		func(v any) ([]byte, error) { return experiment.Marshal(v) },
		func(r io.Reader, into any) error { return experiment.UnmarshalRead(r, into) },
	}), nil
}

func newPeer(base string, transport http.RoundTripper, c codec) peer {
	return peer{floor.Client{Base: base, HTTP: &http.Client{Transport: transport}}, c}
}

// peer is a client as a careful engineer writes it in an afternoon: it checks the
// status and the media type, and bounds the body. It decodes into the models of
// this repository.
type peer struct {
	floor.Client
	codec
}

// media checks the media type of the body.
func media(resp *http.Response, want string) error {
	got, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	if got != want {
		return fmt.Errorf("media type %s", got)
	}
	return nil
}

func (h peer) get(ctx context.Context, path string, into any) error {
	resp, err := h.Do(ctx, http.MethodGet, path, "application/json", nil, http.StatusOK)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if err := media(resp, "application/json"); err != nil {
		return err
	}
	return h.decode(io.LimitReader(resp.Body, maxBody), into)
}

func (h peer) ListData(ctx context.Context, user string, keep work.Keep) error {
	data := new(passwords.DataForUserPasswords)
	err := h.get(ctx, "/"+user+"/passwords/list-data", data)
	work.Take(keep, data)
	return err
}

func (h peer) List(ctx context.Context, keep work.Keep) error {
	var list []passwords.PasswordStatusAndType
	err := h.get(ctx, "/"+work.User+"/passwords", &list)
	work.Take(keep, list)
	return err
}

type changePassword struct {
	OldPassword             string `json:"oldPassword"`
	NewPassword             string `json:"newPassword"`
	CheckConfirmation       bool   `json:"checkConfirmation"`
	NewPasswordConfirmation string `json:"newPasswordConfirmation"`
}

func (h peer) Change(ctx context.Context, _ work.Keep) error {
	body, err := h.encode(changePassword{
		OldPassword: work.OldPassword, NewPassword: work.NewPassword,
		CheckConfirmation: true, NewPasswordConfirmation: work.NewPassword,
	})
	if err != nil {
		return err
	}
	resp, err := h.Do(ctx, http.MethodPost, "/"+work.User+"/passwords/"+work.PasswordType+"/change",
		"application/json", body, http.StatusNoContent)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func (h peer) Generate(ctx context.Context, keep work.Keep) error {
	resp, err := h.Do(ctx, http.MethodPost, "/passwords/"+work.PasswordType+"/generate", "text/plain", nil, http.StatusOK)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if err := media(resp, "text/plain"); err != nil {
		return err
	}
	value, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return err
	}
	if keep != nil { // no conversion during measurements
		keep(string(value))
	}
	return nil
}

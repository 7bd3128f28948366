package peers

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"

	experiment "github.com/go-json-experiment/json"

	"github.com/cyclos-go/passwords/bench/internal/models"
	"github.com/cyclos-go/passwords/bench/internal/work"
)

// maxBody is the most a hand-written client reads, which is what ours reads.
const maxBody = 1 << 20

// codec is what tells the two hand-written clients apart.
type codec struct {
	encode func(any) ([]byte, error)
	decode func(io.Reader, any) error
}

var standard = codec{
	encode: json.Marshal,
	decode: func(r io.Reader, into any) error {
		data, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		return json.Unmarshal(data, into)
	},
}

var jsonExperiment = codec{
	encode: func(v any) ([]byte, error) { return experiment.Marshal(v) },
	decode: func(r io.Reader, into any) error { return experiment.UnmarshalRead(r, into) },
}

// hand is a client as a careful engineer writes it in an afternoon: the status
// and the media type checked, the body bounded, each header set.
type hand struct {
	base   string
	client *http.Client
	codec  codec
}

func (h *hand) do(ctx context.Context, method, path, accept string, body []byte, status int) (*http.Response, error) {
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, h.base+path, reader)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Session-Token", work.Token)
	req.Header.Set("Accept", accept)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := h.client.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != status {
		_ = resp.Body.Close()
		return nil, fmt.Errorf("status %d", resp.StatusCode)
	}
	return resp, nil
}

// media checks what the body says it is.
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

func (h *hand) get(ctx context.Context, path string, into any) error {
	resp, err := h.do(ctx, http.MethodGet, path, "application/json", nil, http.StatusOK)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if err := media(resp, "application/json"); err != nil {
		return err
	}
	return h.codec.decode(io.LimitReader(resp.Body, maxBody), into)
}

func (h *hand) ListData(ctx context.Context, keep work.Keep) error {
	data := new(models.DataForUserPasswords)
	if err := h.get(ctx, "/"+work.User+"/passwords/list-data", data); err != nil {
		return err
	}
	if keep != nil {
		keep(data)
	}
	return nil
}

func (h *hand) List(ctx context.Context, keep work.Keep) error {
	var list []models.PasswordStatusAndType
	if err := h.get(ctx, "/"+work.User+"/passwords", &list); err != nil {
		return err
	}
	if keep != nil {
		keep(list)
	}
	return nil
}

func (h *hand) Change(ctx context.Context, _ work.Keep) error {
	body, err := h.codec.encode(&models.ChangePassword{
		OldPassword: work.OldPassword, NewPassword: work.NewPassword,
		CheckConfirmation: true, NewPasswordConfirmation: work.NewPassword,
	})
	if err != nil {
		return err
	}
	resp, err := h.do(ctx, http.MethodPost, "/"+work.User+"/passwords/"+work.PasswordType+"/change",
		"application/json", body, http.StatusNoContent)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func (h *hand) Generate(ctx context.Context, keep work.Keep) error {
	resp, err := h.do(ctx, http.MethodPost, "/passwords/"+work.PasswordType+"/generate", "text/plain", nil, http.StatusOK)
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
	if keep != nil {
		keep(string(value))
	}
	return nil
}

package passwords

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// maxBody bounds the body of an answer, after decompression, in bytes.
const maxBody = 1 << 20

// build makes the request of one operation for the path segments given.
type build func(server, user, passwordType string) (*http.Request, error)

// answer is what came back, its body read.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// call is the one way to the server: it resolves the target, builds the
// request, sends it, and checks and decodes the answer. All errors are *Error.
func call[T any](ctx context.Context, c *Client, operation string, on target, want result[T], newRequest build) (value T, err error) {
	if ctx == nil {
		return value, &Error{Operation: operation, cause: invalidArgument("the context is nil")}
	}
	user, passwordType, err := on.resolve()
	if err != nil {
		return value, &Error{Operation: operation, cause: err}
	}
	req, err := newRequest(c.server, user, passwordType)
	if err != nil {
		return value, &Error{Operation: operation, cause: err}
	}
	req.Header.Set("Accept", want.accept)
	a, err := c.send(ctx, req)
	if a == nil {
		return value, &Error{Operation: operation, cause: err}
	}
	if a.status != want.status {
		return value, rejected(operation, a)
	}
	if err == nil {
		value, err = want.decode(a)
	}
	if err != nil {
		return value, &Error{Operation: operation, StatusCode: a.status, cause: err}
	}
	return value, nil
}

// send makes one attempt. An answer along with an error is one whose body broke
// off.
func (c *Client) send(ctx context.Context, req *http.Request) (*answer, error) {
	if c.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.timeout)
		defer cancel()
	}
	req = req.WithContext(ctx)
	for _, edit := range c.editors {
		if err := edit(ctx, req); err != nil {
			return nil, err
		}
	}
	resp, err := c.doer.Do(req)
	if err != nil {
		return nil, transportError(err)
	}
	if resp == nil || resp.Body == nil {
		return nil, unexpectedResponse("the doer returned no response")
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if len(body) > maxBody {
		body, err = nil, unexpectedResponse("the body is larger than 1 MiB")
	}
	return &answer{status: resp.StatusCode, header: resp.Header, body: body}, transportError(err)
}

// transportError returns the reason of an error without what net/http adds: the
// URL, which names the user, and the bytes of a malformed answer.
func transportError(err error) error {
	for urlErr := (*url.Error)(nil); errors.As(err, &urlErr); {
		err = urlErr.Err
	}
	if err != nil && strings.Contains(err.Error(), "malformed") {
		return unexpectedResponse("malformed HTTP")
	}
	return err
}

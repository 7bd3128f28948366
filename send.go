package passwords

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
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
	req, err := c.newRequest(ctx, on, newRequest)
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

func (c *Client) newRequest(ctx context.Context, on target, newRequest build) (*http.Request, error) {
	if !c.made() {
		return nil, errNotMade
	}
	if ctx == nil {
		return nil, invalidArgument("the context is nil")
	}
	user, passwordType, err := on.resolve()
	if err != nil {
		return nil, err
	}
	return newRequest(c.server, user, passwordType)
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
	if err := c.edit(ctx, req); err != nil {
		return nil, err
	}
	resp, err := c.doer.Do(req)
	if err != nil {
		return nil, newFailure(err)
	}
	if resp == nil || resp.Body == nil {
		return nil, unexpectedResponse("the doer returned no response")
	}
	defer func() { _ = resp.Body.Close() }()
	a := &answer{status: resp.StatusCode, header: resp.Header}
	if a.status < 200 {
		return a, nil // the body of a 101 is a connection without an end
	}
	// Not every body ends with the context by itself.
	defer context.AfterFunc(ctx, func() { _ = resp.Body.Close() })()
	a.body, err = io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err != nil {
		return a, fmt.Errorf("%w: %w", ErrUnexpectedResponse, newFailure(cmp.Or(ctx.Err(), err)))
	}
	if len(a.body) > maxBody {
		a.body = nil
		return a, unexpectedResponse("the body is larger than 1 MiB")
	}
	return a, nil
}

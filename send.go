package passwords

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
)

// build makes the request of one operation for the path segments given.
type build func(server, user, passwordType string) (*http.Request, error)

// answer is what came back, its body read.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// outcome is what became of an attempt.
type outcome struct {
	// answer is nil if none arrived. Along with an error its body broke off.
	answer *answer
	err    error
	// unsent is set if the server cannot have seen the request.
	unsent bool
	// refused is set if the request was not even handed to the doer.
	refused bool
	// renewal is why a session that is gone could not be replaced.
	renewal error
}

// call is the one way to the server: it resolves the target, has the request
// sent, and checks and decodes the answer. All errors are *Error.
func call[T any](ctx context.Context, c *Client, op operation, on target, want result[T], newRequest build) (value T, err error) {
	user, passwordType, err := c.prepare(ctx, on)
	if err != nil {
		return value, &Error{Operation: op.id, cause: err}
	}
	out := c.exchange(ctx, op, func() (*http.Request, error) {
		req, err := newRequest(c.server, user, passwordType)
		if err == nil {
			req.Header.Set("Accept", want.accept)
		}
		return req, err
	})
	a := out.answer
	if a == nil {
		return value, &Error{Operation: op.id, cause: out.err, outcomeUnknown: !op.reads() && !out.unsent}
	}
	if a.status != want.status {
		e := rejected(op, a)
		e.cause = cmp.Or(out.renewal, e.cause)
		return value, e
	}
	if err = out.err; err == nil {
		value, err = want.decode(a)
	}
	if err != nil {
		return value, &Error{Operation: op.id, StatusCode: a.status, cause: err, outcomeUnknown: !op.reads()}
	}
	return value, nil
}

// prepare checks what does not depend on the attempt.
func (c *Client) prepare(ctx context.Context, on target) (user, passwordType string, err error) {
	if !c.made() {
		return "", "", errNotMade
	}
	if ctx == nil {
		return "", "", invalidArgument("the context is nil")
	}
	return on.resolve()
}

// send makes one attempt with a request that is complete but for what edit does.
func (c *Client) send(ctx context.Context, op operation, req *http.Request, fresh Secret) outcome {
	ctx, cancel := c.limit(ctx)
	defer cancel()
	req = req.WithContext(ctx)
	err := c.edit(ctx, req, fresh)
	if err == nil && ctx.Err() != nil {
		err = newFailure(ctx.Err()) // a doer could not tell that it sent nothing
	}
	if err != nil {
		return outcome{err: err, unsent: true, refused: true}
	}
	// After the editors: their own requests say nothing about this one.
	req, watch := watchWriting(req, op.reads())
	defer watch.stop(nil)
	doer := c.settings.doer()
	resp, err := doer.Do(req)
	if err != nil && context.Cause(req.Context()) == errReplay {
		err = errReplay
	}
	if err != nil {
		return outcome{err: newFailure(err), unsent: watch.unsent(doer)}
	}
	if resp == nil || resp.Body == nil {
		return outcome{err: unexpectedResponse("the doer returned no response")}
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode < 100 || resp.Proto != "" && !slices.Contains(protocols, resp.Proto) {
		return outcome{err: unexpectedResponse("malformed HTTP")}
	}
	a := &answer{status: resp.StatusCode, header: resp.Header}
	if a.status < 200 {
		return outcome{answer: a} // the body of a 101 is a connection without an end
	}
	// Not every body ends with the context by itself.
	defer context.AfterFunc(ctx, func() { _ = resp.Body.Close() })()
	a.body, err = c.read(resp.Body)
	if err != nil && ctx.Err() != nil {
		err = fmt.Errorf("%w: %w", ErrUnexpectedResponse, newFailure(ctx.Err()))
	}
	return outcome{answer: a, err: err}
}

// limit applies the timeout of an attempt.
func (c *Client) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	if c.timeout == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, c.timeout)
}

// protocols are the versions of HTTP; net/http takes any in a status line.
var protocols = []string{"HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "HTTP/3.0"}

// read reads a body to its end, so that the connection can be used again, or to
// one byte more than it may have.
func (c *Client) read(body io.Reader) ([]byte, error) {
	limit := cmp.Or(c.settings.maxResponseBytes, defaultMaxResponseBytes)
	data, err := io.ReadAll(io.LimitReader(body, limit+1))
	switch {
	case int64(len(data)) > limit:
		return nil, fmt.Errorf("%w: %w", ErrUnexpectedResponse, ErrResponseTooLarge)
	case err != nil:
		return data, fmt.Errorf("%w: %w", ErrUnexpectedResponse, newFailure(err))
	}
	return data, nil
}

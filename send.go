package passwords

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
)

// build makes the request of one operation for the path segment of a user.
type build func(ctx context.Context, server *url.URL, user string) (*http.Request, error)

// answer is what came back, its body read.
type answer struct {
	status int // 0 if nothing came back
	header http.Header
	body   []byte
}

// outcome is what became of an attempt.
type outcome struct {
	// Along with an answer, an error says that its body broke off.
	answer answer
	err    error
	// unsent is set if the server cannot have seen the request.
	unsent bool
	// refused is set if the request was not even handed to the doer, invalid if
	// there was none.
	refused, invalid bool
	// token is the one of the session the request was made in, if any.
	token Secret
	// renewal is why a session that is gone could not be replaced.
	renewal error
}

// call is the one way to the server: it resolves the user, has the request sent,
// and checks and decodes the answer. All errors are *Error.
func call[T any](ctx context.Context, c *Client, op operation, user User, want result[T], newRequest build) (value T, err error) {
	segment, err := c.prepare(ctx, user)
	if err != nil {
		return value, &Error{Operation: op.id, cause: err}
	}
	body := newBody(op)
	defer body.release()
	out := c.exchange(ctx, op, want.accept, &body, func(ctx context.Context) (*http.Request, error) {
		return newRequest(ctx, c.server, segment)
	})
	a := out.answer
	if a.status == 0 {
		return value, &Error{Operation: op.id, cause: out.err, outcomeUnknown: !op.reads() && !out.unsent}
	}
	if a.status != want.status {
		e := rejected(c.server, op, a)
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
func (c *Client) prepare(ctx context.Context, user User) (segment string, err error) {
	if !c.made() {
		return "", errNotMade
	}
	if ctx == nil {
		return "", invalidArgument("the context is nil")
	}
	return userSegment(user)
}

// send makes one attempt. The fresh token, unless zero, is sent instead of what
// the source would answer.
func (c *Client) send(ctx context.Context, op operation, accept string, body *body, fresh Secret, newRequest func(context.Context) (*http.Request, error)) outcome {
	caller := ctx
	ctx, cancel := c.limit(ctx)
	defer cancel()
	w := &watch{reads: op.reads()}
	req, err := newRequest(w.on(ctx, cancel))
	if err != nil {
		return outcome{err: err, unsent: true, refused: true, invalid: true}
	}
	err = c.complete(ctx, req, accept, fresh)
	if err == nil && len(c.settings.editors) > 0 {
		req = req.WithContext(ctx) // the editors' own requests say nothing about this one
		err = c.edit(ctx, req)
		edited, stop := context.WithCancel(req.Context()) // which may be another one now
		defer context.AfterFunc(ctx, stop)()
		defer stop()
		req = req.WithContext(w.on(edited, stop))
	}
	if err == nil && ctx.Err() != nil {
		err = newFailure(ctx.Err()) // a doer could not tell that it sent nothing
	}
	if err != nil {
		return outcome{err: err, unsent: true, refused: true}
	}
	doer := c.settings.doer()
	resp, err := doer.Do(req)
	if err != nil {
		return outcome{err: w.failure(err), unsent: w.unsent(doer)}
	}
	out := outcome{}
	out.answer, out.err = c.receive(caller, ctx, resp, body, isNetHTTP(doer))
	if c.settings.source != nil {
		out.token = NewSecret(req.Header.Get(headerSessionToken))
	}
	return out
}

// limit applies the timeout of an attempt.
func (c *Client) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	if c.timeout == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, c.timeout)
}

package passwords

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/cyclos-go/passwords/internal/backoff"
	"github.com/cyclos-go/passwords/internal/transport"
	"github.com/cyclos-go/passwords/internal/validate"
)

// build makes the request of one operation for the path segment of a user.
type build func(ctx context.Context, server *url.URL, user string) (*http.Request, error)

// call is the one way to the server: it resolves the user, has the request sent,
// and checks and decodes the answer. All errors are *Error.
func call[T any](ctx context.Context, c *Client, op operation, user User, want result[T], newRequest build) (value T, err error) {
	segment, err := c.prepare(ctx, user)
	if err != nil {
		return value, &Error{Operation: op.id, cause: err}
	}
	body := transport.NewBody(op.reads())
	out, renewal := c.exchange(ctx, op, &body, want.accept, func(ctx context.Context) (*http.Request, error) {
		return newRequest(ctx, c.server, segment)
	})
	a := out.Answer
	if a.Status == 0 {
		return value, &Error{Operation: op.id, cause: out.Err, outcomeUnknown: !op.reads() && !out.Unsent}
	}
	if a.Status != want.status {
		e := rejected(c.server, op, a)
		e.cause = cmp.Or(renewal, e.cause)
		return value, e
	}
	if err = out.Err; err == nil {
		value, err = want.decode(a)
	}
	if err != nil {
		return value, &Error{Operation: op.id, StatusCode: a.Status, cause: err, outcomeUnknown: !op.reads()}
	}
	if want.isSecret == nil || !want.isSecret(value) {
		body.Reuse()
	}
	return value, nil
}

// prepare checks what does not depend on the attempt.
func (c *Client) prepare(ctx context.Context, user User) (segment string, err error) {
	if !c.made() {
		return "", errNotMade
	}
	if ctx == nil {
		return "", validate.Invalid("the context is nil")
	}
	return userSegment(user)
}

// exchange sends a request, and again where that is safe. It returns the outcome
// of the last attempt, and why a session that is gone could not be replaced.
func (c *Client) exchange(ctx context.Context, op operation, body *transport.Body, accept string, newRequest func(context.Context) (*http.Request, error)) (out transport.Outcome, renewal error) {
	var token, fresh Secret
	way := transport.Config{Doer: c.settings.doer(), Timeout: c.timeout, Limit: cmp.Or(c.settings.maxResponseBytes, defaultMaxResponseBytes)}
	complete := func(ctx context.Context, req *http.Request) (err error) {
		token, err = c.complete(ctx, req, accept, fresh)
		return err
	}
	var edit transport.Edit
	if len(c.settings.editors) > 0 {
		edit = c.edit
	}
	for number, retries := 1, 0; ; number++ {
		started := time.Now()
		out = transport.Send(ctx, way, op.reads(), body, newRequest, complete, edit)
		if out.Invalid {
			return out, nil
		}
		c.log(ctx, op, number, out.Answer.Status, time.Since(started))
		if fresh.IsZero() && c.sessionIsGone(out.Answer) {
			if fresh, renewal = c.renewSession(ctx, token); !fresh.IsZero() {
				continue
			}
			return out, renewal
		}
		if retries >= c.retries || !repeatable(ctx, op, out) || !backoff.Wait(ctx, retries, out.Answer.RetryAfter()) {
			return out, nil
		}
		retries++
	}
}

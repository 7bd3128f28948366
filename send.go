package passwords

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/transport"
	"github.com/cyclos-go/passwords/internal/validate"
)

// call performs an operation; every method uses it. All its errors are *Error.
func call[T any](ctx context.Context, c *Client, id gen.OperationID, user User, want result[T], build builder) (value T, err error) {
	op := id.Operation()
	ctx, end := c.observe(ctx, op, 0)
	returned := false
	defer func() {
		if !returned { // the transport or an editor panics
			err = &Error{Operation: string(id), outcomeUnknown: !op.Safe}
		}
		end(err)
	}()
	value, err = perform(ctx, c, op, user, want, build)
	returned = true
	return value, err
}

// perform is call without the observers of the call as a whole.
func perform[T any](ctx context.Context, c *Client, op gen.Operation, user User, want result[T], build builder) (value T, err error) {
	segment, err := c.prepare(ctx, user)
	if err != nil {
		return value, &Error{Operation: string(op.ID), cause: err}
	}
	x := exchange{Client: c, op: op, segment: segment, build: build, body: transport.NewBody(op.Safe)}
	out, renewal := x.run(ctx)
	if failed := loginFailure(out.Err, renewal); failed != nil {
		return value, failed
	}
	r := out.Response
	if r.Status == 0 {
		return value, &Error{Operation: string(op.ID), cause: out.Err, outcomeUnknown: !op.Safe && !out.Unsent}
	}
	if !op.Succeeded(r.Status) {
		e := rejected(c.server, op, r)
		e.cause = cmp.Or(renewal, e.cause)
		return value, e
	}
	if out.Err == nil {
		value, out.Err = want.decode(r, want.partial)
		x.log(ctx, out)
	}
	if out.Err != nil {
		return value, &Error{Operation: string(op.ID), StatusCode: r.Status, cause: out.Err, outcomeUnknown: !op.Safe}
	}
	if want.isSecret == nil || !want.isSecret(value) {
		x.body.Reuse()
	}
	return value, nil
}

// builder returns the request of an operation for the path segment of a user.
type builder func(ctx context.Context, server *url.URL, user string) (*http.Request, error)

// prepare validates what does not depend on the attempt.
func (c *Client) prepare(ctx context.Context, user User) (segment string, err error) {
	if !c.made() {
		return "", errNotMade
	}
	if ctx == nil {
		return "", validate.Invalid("the context is nil")
	}
	return userSegment(user)
}

// exchange is a request with its retries.
type exchange struct {
	*Client
	op      gen.Operation
	segment string // of the user in the path
	build   builder
	body    transport.Body
	number  int           // of the last attempt, from 1
	took    time.Duration // of the last attempt
	token   Secret        // of the session in the last attempt
	fresh   Secret        // the token that replaces an expired one
}

// run sends the request, and retries it where that is safe. It returns the outcome
// of the last attempt, and the error if renewing an expired session failed.
func (x *exchange) run(ctx context.Context) (transport.Outcome, error) {
	config := transport.Config{Doer: x.settings.doer(), Timeout: x.timeout, MaxBytes: x.maxBytes}
	for retries := 0; ; {
		started := time.Now()
		out, err := x.observed(ctx, config)
		if err != nil {
			return transport.Refuse(err), nil
		}
		x.number, x.took = x.number+1, time.Since(started)
		if out.Err == nil && x.op.Succeeded(out.Response.Status) {
			return out, nil // logged when it is decoded
		}
		x.log(ctx, out)
		if x.fresh.IsZero() && x.sessionIsGone(out.Response) {
			var renewal error
			if x.fresh, renewal = x.renewSession(ctx, x.token); !x.fresh.IsZero() {
				continue
			}
			return out, renewal
		}
		if retries >= x.retries || !shouldRetry(ctx, x.op, out) {
			return out, nil
		}
		// Another connection may do at once what a broken idle one did not.
		if (retries > 0 || !out.Replay) && !backOff(ctx, retries, out.Response.RetryAfter()) {
			return out, nil
		}
		retries++
	}
}

// attempt builds, completes, edits and sends the request once. An error means that
// the arguments of the call are invalid.
func (x *exchange) attempt(ctx context.Context, config transport.Config) (transport.Outcome, error) {
	attempt := config.Start(ctx, x.op.Safe)
	defer attempt.End()
	req, err := x.build(attempt.Context(), x.server, x.segment)
	if err != nil {
		return transport.Outcome{}, err
	}
	if err = x.complete(attempt.Context(), req); err != nil {
		return transport.Refuse(err), nil
	}
	if len(x.settings.editors) > 0 {
		req = req.WithContext(attempt.EditorContext())
		if err = x.edit(req); err != nil {
			return transport.Refuse(err), nil
		}
	}
	return attempt.Send(req, &x.body), nil
}

// complete sets the headers of the client: Accept, those of the options, and the
// token of the source.
func (x *exchange) complete(ctx context.Context, req *http.Request) error {
	values := make([]string, 0, len(x.headers)+2) // one allocation for all
	set := func(name, value string) {
		values = append(values, value)
		req.Header[name] = values[len(values)-1 : len(values) : len(values)]
	}
	set("Accept", accept(x.op))
	for _, h := range x.headers {
		set(h.name, h.value.Reveal())
	}
	if x.settings.source == nil {
		return nil
	}
	var err error
	if x.token, err = x.sessionToken(ctx, x.fresh); err != nil {
		return err
	}
	set(validate.HeaderSessionToken, x.token.Reveal())
	return nil
}

// accept returns the Accept header. Error bodies are always JSON.
func accept(op gen.Operation) string {
	if op.MediaType == "text/plain" {
		// All versions send text. Servers up to 4.11 offer JSON for it too.
		return "text/plain, application/json;q=0.5"
	}
	return "application/json"
}

// edit runs the caller's request editors.
func (c *Client) edit(req *http.Request) error {
	ctx, before := req.Context(), validate.Authentications(req)
	for _, edit := range c.settings.editors {
		if err := edit(ctx, req); err != nil {
			return callersError(err)
		}
	}
	return cmp.Or(validate.Edited(req, before), validate.Sendable(req))
}

func callersError(err error) error {
	return transport.FailedIn("a request editor or the session token source", err)
}

// log writes the line of one attempt. Only these attributes may be logged.
func (x *exchange) log(ctx context.Context, out transport.Outcome) {
	if x.settings.logger == nil {
		return
	}
	level, attrs := slog.LevelInfo, append(make([]slog.Attr, 0, 7),
		slog.String("operation", string(x.op.ID)),
		slog.String("method", x.op.Method),
		slog.String("path", x.op.Path),
		slog.Int("status", out.Response.Status),
		slog.Duration("duration", x.took),
		slog.Int("attempt", x.number),
	)
	if kind := failureKind(x.op, out); kind != "" {
		level, attrs = slog.LevelWarn, append(attrs, slog.String("failure", kind))
	}
	x.settings.logger.LogAttrs(ctx, level, "cyclos passwords request", attrs...)
}

// failureKind returns the kind of a failed attempt, one of a few that hold nothing of
// the request and the response; "" for a successful one.
func failureKind(op gen.Operation, out transport.Outcome) string {
	failure, failed := errors.AsType[*transport.Failure](out.Err)
	switch kind := (&Error{StatusCode: out.Response.Status}).kind(); {
	case kind != nil:
		return kind.Error()
	case !op.Succeeded(out.Response.Status) && out.Response.Status != 0:
		return "unexpected status"
	case failed:
		return failure.Kind()
	case out.Refused:
		return "not sent"
	case errors.Is(out.Err, ErrResponseTooLarge):
		return ErrResponseTooLarge.Error()
	case out.Err != nil:
		return ErrUnexpectedResponse.Error()
	}
	return ""
}

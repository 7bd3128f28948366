package passwords

import (
	"context"
	"crypto/tls"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"
)

const (
	defaultRetries = 2
	firstBackoff   = 200 * time.Millisecond
	maxBackoff     = 5 * time.Second
	maxRetryAfter  = 10 * time.Second
)

// exchange sends a request, and again where that is safe:
//   - what reads, after a connection error and the statuses that pass;
//   - what changes something, only if the server cannot have seen it;
//   - anything once more with a fresh token, if the server says that it did not
//     execute it because the session is gone.
//
// A 401 or 403 is never repeated otherwise, since wrong tries block passwords.
func (c *Client) exchange(ctx context.Context, op operation, accept string, body *body, newRequest func(context.Context) (*http.Request, error)) outcome {
	var fresh Secret
	for attempt, retries := 1, 0; ; attempt++ {
		started := time.Now()
		out := c.send(ctx, op, accept, body, fresh, newRequest)
		if out.invalid {
			return out
		}
		c.log(ctx, op, attempt, out, time.Since(started))
		if fresh.IsZero() && c.sessionIsGone(out) {
			if fresh, out.renewal = c.renewSession(ctx, out.token); !fresh.IsZero() {
				continue
			}
			return out
		}
		if retries >= c.retries || !repeatable(ctx, op, out) || !pause(ctx, retries, out) {
			return out
		}
		retries++
	}
}

// repeatable is the whole rule of what is sent again.
func repeatable(ctx context.Context, op operation, out outcome) bool {
	switch {
	case out.err == nil && out.answer.status < 300:
		return false
	case ctx.Err() != nil, errors.Is(out.err, context.DeadlineExceeded):
		return false
	case out.refused, isA[*tls.CertificateVerificationError](out.err), errors.Is(out.err, http.ErrSchemeMismatch):
		return false // would end the same
	case out.answer.status < 300:
		return isA[*failure](out.err) && (op.reads() || out.unsent)
	}
	switch out.answer.status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return op.reads()
	}
	return false
}

func isA[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// pause waits before the next attempt. It reports false at once if the context
// would end before that.
func pause(ctx context.Context, retries int, out outcome) bool {
	wait := min(firstBackoff<<min(retries, 10), maxBackoff) // without overflow
	wait = wait/2 + rand.N(wait/2)                          // so that clients do not come back together
	if out.answer.status != 0 {
		wait = max(wait, min(retryAfter(out.answer.header), maxRetryAfter))
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

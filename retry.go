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
func (c *Client) exchange(ctx context.Context, op operation, newRequest func() (*http.Request, error)) outcome {
	var fresh Secret
	for attempt, retries := 1, 0; ; attempt++ {
		req, err := newRequest()
		if err != nil {
			return outcome{err: err, unsent: true, refused: true}
		}
		started := time.Now()
		out := c.send(ctx, op, req, fresh)
		c.log(ctx, op, attempt, out, time.Since(started))
		if fresh.IsZero() && c.sessionIsGone(out) {
			if fresh, out.renewal = c.renewSession(ctx, req); !fresh.IsZero() {
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
	var certificate *tls.CertificateVerificationError
	switch {
	case ctx.Err() != nil, errors.Is(out.err, context.DeadlineExceeded):
		return false
	case out.refused, errors.As(out.err, &certificate), errors.Is(out.err, http.ErrSchemeMismatch):
		return false // would end the same
	case out.answer == nil || out.answer.status < 300 && out.err != nil:
		var lost *failure
		return errors.As(out.err, &lost) && (op.reads() || out.unsent)
	}
	switch out.answer.status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return op.reads()
	}
	return false
}

// pause waits before the next attempt. It reports false at once if the context
// would end before that.
func pause(ctx context.Context, retries int, out outcome) bool {
	wait := min(firstBackoff<<min(retries, 10), maxBackoff) // without overflow
	wait = wait/2 + rand.N(wait/2)                          // so that clients do not come back together
	if out.answer != nil {
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

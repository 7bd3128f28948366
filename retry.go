package passwords

import (
	"context"
	"crypto/tls"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/transport"
)

// shouldRetry decides whether a request is sent again:
//   - of a safe operation, after a connection error and the temporary statuses;
//   - of an unsafe operation, only if the server cannot have seen it.
//
// In addition, any request is sent once more with a renewed session token if the
// server reports that it did not execute it because the session is gone. No other
// 401 or 403 is ever retried, since failed attempts block passwords.
func shouldRetry(ctx context.Context, op gen.Operation, out transport.Outcome) bool {
	switch {
	case out.Err == nil && out.Response.Status < 300:
		return false
	case ctx.Err() != nil, errors.Is(out.Err, context.DeadlineExceeded):
		return false
	case out.Refused, isA[*tls.CertificateVerificationError](out.Err), errors.Is(out.Err, http.ErrSchemeMismatch):
		return false // would fail again
	case out.Response.Status < 300:
		return isA[*transport.Failure](out.Err) && (op.Safe || out.Unsent)
	}
	switch out.Response.Status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return op.Safe
	}
	return false
}

func isA[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

const (
	firstBackoff  = 200 * time.Millisecond
	maxBackoff    = 5 * time.Second
	maxRetryAfter = 10 * time.Second
)

// backOff waits before the next attempt: longer after each retry, and at least for
// retryAfter. It returns false without waiting if retryAfter is beyond maxRetryAfter,
// or if the context would end earlier.
func backOff(ctx context.Context, retries int, retryAfter time.Duration) bool {
	wait := min(firstBackoff<<min(retries, 10), maxBackoff) // without overflow
	wait = wait/2 + rand.N(wait/2)                          // so that clients do not return at the same time
	wait = max(wait, retryAfter)
	if deadline, ok := ctx.Deadline(); retryAfter > maxRetryAfter || ok && time.Until(deadline) <= wait {
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

package passwords

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"slices"
	"sync"
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
		out := c.send(ctx, req, fresh)
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
	case out.refused, errors.Is(out.err, ErrResponseTooLarge),
		errors.As(out.err, &certificate), errors.Is(out.err, http.ErrSchemeMismatch):
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

// writing watches whether a request can have reached the server.
type writing struct {
	mu        sync.Mutex
	asked     int     // how often a connection was asked for
	connected bool    // whether one was had
	failed    []error // what kept one from being made
}

// watchWriting relies on net/http: a doer that does not trace its requests
// leaves it open whether they were written.
func watchWriting(req *http.Request) (*http.Request, *writing) {
	w := &writing{}
	return req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		GetConn: func(string) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.asked++
		},
		GotConn: func(httptrace.GotConnInfo) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.connected = true
		},
		DNSDone:          func(info httptrace.DNSDoneInfo) { w.fail(info.Err) },
		ConnectDone:      func(_, _ string, err error) { w.fail(err) },
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) { w.fail(err) },
	})), w
}

func (w *writing) fail(err error) {
	// An end of file cannot be told from one after writing.
	if err == nil || err == io.EOF {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failed = append(w.failed, err)
}

// unsent reports whether the request that ended with err was surely not written.
// Of a transport of net/http that is so if a connection was asked for and none
// was had. Any other doer may have a second way to the server, which it does not
// trace: it has to have asked once, and to return the very error of connecting.
func (w *writing) unsent(doer any, err error) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.asked == 0 || w.connected {
		return false
	}
	return tracesAll(doer) || w.asked == 1 &&
		slices.ContainsFunc(w.failed, func(failed error) bool { return errors.Is(err, failed) })
}

// tracesAll reports whether nothing but a transport of net/http is behind doer.
func tracesAll(doer any) bool {
	client, ok := doer.(*http.Client)
	if !ok {
		return false
	}
	confined, ok := client.Transport.(locationless)
	if !ok {
		return false
	}
	_, ok = confined.transport().(*http.Transport)
	return ok
}

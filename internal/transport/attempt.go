// Package transport performs one attempt of a request: bounded in time and size,
// without redirects, and with a report of whether the server can have seen it.
package transport

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/cyclos-go/passwords/internal/response"
)

// Config configures how requests are sent.
type Config struct {
	Doer     Doer
	Timeout  time.Duration // of an attempt; 0 is unbounded
	MaxBytes int64         // of a response body
}

// Doer sends a request, as [http.Client] does.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Attempt is one attempt of a request, up to the end of the response body.
type Attempt struct {
	config  Config
	caller  context.Context
	ctx     context.Context // the caller's, with the timeout
	watched context.Context // ctx, watched by the guard
	cancel  context.CancelFunc
	guard   replayGuard

	received io.Closer // the response body
	closing  sync.Once
}

// Outcome is the result of an attempt.
type Outcome struct {
	// Response may be set together with Err, if the body ended early.
	Response response.Response
	Err      error
	// Unsent is set if the server cannot have seen the request.
	Unsent bool
	// Refused is set if the request was not handed to the doer.
	Refused bool
}

// Refuse returns the outcome of a request that is not sent because of err.
func Refuse(err error) Outcome { return Outcome{Err: err, Unsent: true, Refused: true} }

// Start begins an attempt of a safe or unsafe operation. The timeout counts from
// here. Call End after it.
func (c Config) Start(ctx context.Context, safe bool) *Attempt {
	a := &Attempt{config: c, caller: ctx, guard: replayGuard{safe: safe}}
	if c.Timeout == 0 {
		a.ctx, a.cancel = context.WithCancel(ctx)
	} else {
		a.ctx, a.cancel = context.WithTimeout(ctx, c.Timeout)
	}
	a.watched = a.guard.watch(a.ctx, a.cancel)
	return a
}

// Context returns the context for the request.
func (a *Attempt) Context() context.Context { return a.watched }

// EditorContext returns the context for request editors. The guard does not watch
// it, because it must not count the editors' own requests.
func (a *Attempt) EditorContext() context.Context { return a.ctx }

// End releases what the attempt holds.
func (a *Attempt) End() { a.cancel() }

// Send sends the request and reads the response into body.
func (a *Attempt) Send(req *http.Request, body *Body) Outcome {
	if err := a.ctx.Err(); err != nil {
		return Refuse(Failed(err)) // a doer would not report that it sent nothing
	}
	if edited := req.Context(); edited != a.watched {
		// The editors had a context without the guard, and may have replaced it. Their
		// context and that of the attempt both end the request.
		ctx, stop := context.WithCancel(edited)
		defer stop()
		defer context.AfterFunc(a.ctx, stop)()
		req = req.WithContext(a.guard.watch(ctx, stop))
	}
	resp, err := a.config.Doer.Do(req)
	if err != nil && a.ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = a.ctx.Err() // the timeout ends the request by stop, which only cancels
	}
	if err != nil {
		return Outcome{Err: a.guard.failure(err), Unsent: a.guard.unsent(a.config.Doer)}
	}
	var out Outcome
	out.Response, out.Err = a.receive(resp, body)
	return out
}

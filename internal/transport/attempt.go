// Package transport performs one attempt of a request: bounded in time and size,
// without redirects, and with a report of whether the server can have seen it.
package transport

import (
	"cmp"
	"context"
	"errors"
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

// Attempt is one attempt of a request, up to the end of the response body. The
// request and the response are handled in a goroutine that is abandoned if it
// ignores the end of the context. It may go on for ever and hold what it has.
type Attempt struct {
	config  Config
	ctx     context.Context // the caller's, with the timeout
	watched context.Context // ctx, watched by the guard
	cancel  context.CancelFunc
	guard   replayGuard

	task    task
	closing sync.Once

	mu       sync.Mutex
	received *http.Response // nil before it arrived
	read     bool           // whether out is set
	out      Outcome
	ended    bool // whether the body is closed because the context ended
}

// Outcome is the result of an attempt.
type Outcome struct {
	// Response may be set together with Err, if the body ended early.
	Response response.Response
	Err      error
	// Unsent is set if the server cannot have seen the request.
	Unsent bool
	// Refused is set if the request was not handed to the doer, or if it would fail
	// again before it is sent, as at a proxy that wants a password.
	Refused bool
	// Replay is set if net/http was about to repeat the request. The usual reason is
	// an idle connection that the server has closed.
	Replay bool

	whole bool // whether the body was read to its end
}

// Refuse returns the outcome of a request that is not sent because of err.
func Refuse(err error) Outcome { return Outcome{Err: err, Unsent: true, Refused: true} }

// Start begins an attempt of a safe or unsafe operation. The timeout counts from
// here. Call End after it.
func (c Config) Start(ctx context.Context, safe bool) *Attempt {
	a := &Attempt{config: c, guard: replayGuard{safe: safe}}
	if c.Timeout == 0 {
		a.ctx, a.cancel = context.WithCancel(ctx)
	} else {
		a.ctx, a.cancel = context.WithTimeout(ctx, c.Timeout)
	}
	a.config.Doer = pinned(c.Doer)
	if d, ok := a.config.Doer.(NoRedirect); ok {
		a.guard.transport, _ = d.transport().(*http.Transport)
		a.guard.own = d.own != nil
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

// Send sends the request and reads the response into body. It returns soon after
// the context has ended, whatever the doer does. If the doer panics in time, Send
// panics.
func (a *Attempt) Send(req *http.Request, body *Body) Outcome {
	if err := cmp.Or(a.ctx.Err(), req.Context().Err()); err != nil {
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
	a.guard.method = req.Method
	buffer := body.take()
	a.task.done = make(chan struct{})
	go a.exchange(req, buffer)
	finished := a.wait(req.Context())
	a.task.propagate()
	if !finished {
		replace(a.config.Doer)
		return a.abandoned(req.Context().Err())
	}
	if a.out.Replay && a.guard.own {
		CloseIdleConnections(a.config.Doer) // the others are probably broken, too
	}
	if a.out.whole {
		body.put(a.out.Response.Body)
	}
	return a.out
}

// exchange sends the request, reads the response and closes its body, as a task.
func (a *Attempt) exchange(req *http.Request, buffer []byte) {
	defer close(a.task.done)
	a.task.run(func() {
		resp, err := a.config.Doer.Do(req)
		if err != nil {
			if errors.Is(err, context.Canceled) {
				err = a.reason(err)
			}
			a.finish(a.guard.outcome(err))
			return
		}
		defer a.closeBody() // waits for a Close that has begun
		a.finish(a.receive(req.Context(), resp, buffer))
	})
}

func (a *Attempt) finish(out Outcome) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.out, a.read = out, true
}

// reason returns why the context of the attempt ended, or err if it did not. The
// timeout ends a request with a context of an editor by stop, which only cancels.
func (a *Attempt) reason(err error) error { return cmp.Or(a.ctx.Err(), err) }

// wait waits for the end of the exchange. It returns false if that ignores the end
// of the context.
func (a *Attempt) wait(ctx context.Context) bool {
	select {
	case <-a.task.done:
		return true
	case <-ctx.Done():
	}
	a.mu.Lock()
	a.ended = a.received != nil && !a.read
	ended := a.ended
	a.mu.Unlock()
	if ended {
		go a.task.run(a.closeBody) // ends a Read that ignores the context
	}
	return a.task.finished()
}

// abandoned returns the outcome of an exchange that goes on. The server may still
// get the request.
func (a *Attempt) abandoned(ended error) Outcome {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch err := a.reason(ended); {
	case a.read: // only Close blocks
		return a.out
	case a.received != nil:
		return Outcome{Response: response.Response{Status: a.received.StatusCode, Header: a.received.Header}, Err: brokenOff(err)}
	default:
		return Outcome{Err: a.guard.failure(err)}
	}
}

// Package transport sends a request once: bounded in time and size, to no other
// place than the one it is meant for, and with what is known of whether the server
// can have seen it.
package transport

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/cyclos-go/passwords/internal/response"
)

// Config is how requests are sent.
type Config struct {
	Doer interface {
		Do(*http.Request) (*http.Response, error)
	}
	Timeout time.Duration // of an attempt; 0 is unbounded
	Limit   int64         // of a body, in bytes
}

// Outcome is what became of an attempt.
type Outcome struct {
	// Along with an answer, an error says that its body broke off.
	Answer response.Response
	Err    error
	// Unsent is set if the server cannot have seen the request.
	Unsent bool
	// Refused is set if the request was not even handed to the doer, Invalid if
	// there was none.
	Refused, Invalid bool
}

// Edit changes a request.
type Edit func(context.Context, *http.Request) error

// Send makes one attempt, for an operation that reads or not. The request is made
// by build, which may fail for what the caller has given, completed with what
// belongs to the client, and changed by edit, the caller's own code, unless that is
// nil.
func Send(ctx context.Context, config Config, reads bool, body *Body, build func(context.Context) (*http.Request, error), complete, edit Edit) Outcome {
	caller := ctx
	ctx, cancel := limit(ctx, config.Timeout)
	defer cancel()
	w := &replayGuard{reads: reads}
	req, err := build(w.on(ctx, cancel))
	if err != nil {
		return Outcome{Err: err, Unsent: true, Refused: true, Invalid: true}
	}
	err = complete(ctx, req)
	if err == nil && edit != nil {
		req = req.WithContext(ctx) // the editors' own requests say nothing about this one
		err = edit(ctx, req)
		edited, stop := context.WithCancel(req.Context()) // which may be another one now
		defer stop()
		defer context.AfterFunc(ctx, stop)()
		req = req.WithContext(w.on(edited, stop))
	}
	if err == nil && ctx.Err() != nil {
		err = Failed(ctx.Err()) // a doer could not tell that it sent nothing
	}
	if err != nil {
		return Outcome{Err: err, Unsent: true, Refused: true}
	}
	resp, err := config.Doer.Do(req)
	if err != nil && ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = ctx.Err() // stop cancels where the timeout has struck
	}
	if err != nil {
		return Outcome{Err: w.failure(err), Unsent: w.unsent(config.Doer)}
	}
	var out Outcome
	out.Answer, out.Err = receive(caller, ctx, resp, body, config)
	return out
}

// limit applies the timeout of an attempt.
func limit(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	if timeout == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, timeout)
}

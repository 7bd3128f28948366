package transport

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/cyclos-go/passwords/internal/response"
)

// protocols are the versions of HTTP; net/http takes any in a status line.
var protocols = []string{"HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "HTTP/3.0"}

// receive reads what a doer returned without an error. Along with an answer, an
// error says that its body broke off.
func receive(caller, ctx context.Context, resp *http.Response, body *Body, config Config) (response.Response, error) {
	if resp == nil || resp.Body == nil {
		return response.Response{}, response.Unexpected("the doer returned no response")
	}
	var once sync.Once
	end := func() { once.Do(func() { _ = resp.Body.Close() }) }
	defer end()
	if resp.StatusCode < 100 || resp.Proto != "" && !slices.Contains(protocols, resp.Proto) {
		return response.Response{}, response.Unexpected("malformed HTTP")
	}
	a := response.Response{Status: resp.StatusCode, Header: resp.Header}
	if a.Status < 200 || a.Status == http.StatusNoContent {
		return a, nil // the body of a 101 is a connection without an end, a 204 has none
	}
	// Only of its own transport the client knows that bodies end with the context.
	// Beside the caller's context a timer costs less than a child of ctx, which has
	// both.
	var timer *time.Timer
	var unlink func() bool
	if d, ok := config.Doer.(NoRedirect); !ok || !d.own {
		if deadline, ok := ctx.Deadline(); ok {
			timer = time.AfterFunc(time.Until(deadline), end)
		}
		if caller.Done() != nil {
			unlink = context.AfterFunc(caller, end)
		}
	}
	var err error
	a.Body, err = body.read(resp.Body, resp.ContentLength, config.Limit)
	whole := err == nil && int64(len(a.Body)) == resp.ContentLength
	ended := timer != nil && !timer.Stop()
	ended = unlink != nil && !unlink() || ended
	switch {
	case ended && !whole, err != nil && ctx.Err() != nil:
		// The timer may come before the context.
		err = fmt.Errorf("%w: %w", response.ErrUnexpected, Failed(cmp.Or(ctx.Err(), context.DeadlineExceeded)))
	case err == nil && int64(len(a.Body)) < resp.ContentLength && !resp.Uncompressed:
		err = fmt.Errorf("%w: %w", response.ErrUnexpected, Failed(io.ErrUnexpectedEOF))
	}
	return a, err
}

package passwords

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// protocols are the versions of HTTP; net/http takes any in a status line.
var protocols = []string{"HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "HTTP/3.0"}

// receive reads what a doer returned without an error. Along with an answer, an
// error says that its body broke off.
func (c *Client) receive(caller, ctx context.Context, resp *http.Response, body *body, endsByItself bool) (answer, error) {
	if resp == nil || resp.Body == nil {
		return answer{}, unexpectedResponse("the doer returned no response")
	}
	var once sync.Once
	end := func() { once.Do(func() { _ = resp.Body.Close() }) }
	defer end()
	if resp.StatusCode < 100 || resp.Proto != "" && !slices.Contains(protocols, resp.Proto) {
		return answer{}, unexpectedResponse("malformed HTTP")
	}
	a := answer{status: resp.StatusCode, header: resp.Header}
	if a.status < 200 || a.status == http.StatusNoContent {
		return a, nil // the body of a 101 is a connection without an end, a 204 has none
	}
	deadline, bounded := ctx.Deadline()
	if !endsByItself {
		// Beside the caller's context a timer costs less than a child of ctx, which
		// has both.
		if bounded {
			defer time.AfterFunc(time.Until(deadline), end).Stop()
		}
		if caller.Done() != nil {
			defer context.AfterFunc(caller, end)()
		}
	}
	err := body.read(resp.Body, resp.ContentLength, cmp.Or(c.settings.maxResponseBytes, defaultMaxResponseBytes))
	a.body = body.data
	if err != nil && ctx.Err() != nil {
		return a, fmt.Errorf("%w: %w", ErrUnexpectedResponse, newFailure(ctx.Err()))
	}
	if err != nil && bounded && !time.Now().Before(deadline) { // the timer came first
		return a, fmt.Errorf("%w: %w", ErrUnexpectedResponse, newFailure(context.DeadlineExceeded))
	}
	return a, err
}

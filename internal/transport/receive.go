package transport

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/cyclos-go/passwords/internal/response"
)

// ErrTooLarge is the error for a response body above [Config.MaxBytes].
var ErrTooLarge = errors.New("the response is too large")

const (
	// maxTrusted bounds the buffer that is allocated because of a Content-Length.
	maxTrusted = 64 << 10
	// firstBuffer is the size of the buffer where there is no Content-Length.
	firstBuffer = 512
)

// protocols are the versions of HTTP; net/http accepts any in a status line.
var protocols = []string{"HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "HTTP/3.0"}

// receive reads the response that the doer returned. A response can come with an
// error: its body broke off.
func (a *Attempt) receive(resp *http.Response, body *Body) (response.Response, error) {
	if resp == nil || resp.Body == nil {
		return response.Response{}, response.Unexpected("the doer returned no response")
	}
	a.received = resp.Body
	defer a.closeBody()
	if resp.StatusCode < 100 || resp.Proto != "" && !slices.Contains(protocols, resp.Proto) {
		return response.Response{}, response.Unexpected("malformed HTTP")
	}
	r := response.Response{Status: resp.StatusCode, Header: resp.Header}
	if r.Status < 200 || r.Status == http.StatusNoContent {
		return r, nil // the body of a 101 is a connection without an end, a 204 has none
	}
	// Only the bodies of the client's own transport are known to end with the
	// context. A timer beside the caller's context costs less than a child of
	// a.ctx, which has both.
	var timer *time.Timer
	var unlink func() bool
	if d, ok := a.config.Doer.(NoRedirect); !ok || !d.own {
		if deadline, ok := a.ctx.Deadline(); ok {
			timer = time.AfterFunc(time.Until(deadline), a.closeBody)
		}
		if a.caller.Done() != nil {
			unlink = context.AfterFunc(a.caller, a.closeBody)
		}
	}
	var err error
	r.Body, err = body.read(resp.Body, resp.ContentLength, a.config.MaxBytes)
	whole := err == nil && int64(len(r.Body)) == resp.ContentLength
	ended := timer != nil && !timer.Stop()
	ended = unlink != nil && !unlink() || ended
	switch {
	case ended && !whole, err != nil && a.ctx.Err() != nil:
		// The timer may fire before the context ends.
		err = brokenOff(cmp.Or(a.ctx.Err(), context.DeadlineExceeded))
	case err == nil && int64(len(r.Body)) < resp.ContentLength && !resp.Uncompressed:
		err = brokenOff(io.ErrUnexpectedEOF)
	}
	return r, err
}

// closeBody closes the response body once, and waits for a Close that has begun.
func (a *Attempt) closeBody() {
	a.closing.Do(func() { _ = a.received.Close() })
}

// brokenOff returns the error for a body that ended because of reason.
func brokenOff(reason error) error {
	return fmt.Errorf("%w: %w", response.ErrUnexpected, Failed(reason))
}

// Body is the buffer for the response body of a call.
type Body struct {
	data   []byte  // nil while a reader may still write into it
	pooled *[]byte // nil if data must not be reused
}

// bodies holds the cleared buffers of earlier calls.
var bodies = sync.Pool{New: func() any { return new([]byte) }}

// NewBody returns an empty buffer for a safe or unsafe operation. Only the buffer
// of a safe one can be reused: the others may receive a secret.
func NewBody(safe bool) Body {
	if !safe {
		return Body{}
	}
	pooled := bodies.Get().(*[]byte)
	return Body{data: *pooled, pooled: pooled}
}

// Reuse clears the buffer for other calls. The response in it must not be used any
// more, and must not have held a secret. If the last response was not read to its
// end, Reuse does nothing: some readers write into their argument later.
func (b *Body) Reuse() {
	if b.pooled == nil || b.data == nil || cap(b.data) > maxTrusted {
		return
	}
	clear(b.data[:cap(b.data)])
	*b.pooled = b.data
	bodies.Put(b.pooled)
}

// read reads r to its end, so that the connection can be reused. It stops one byte
// beyond limit.
func (b *Body) read(r io.Reader, length, limit int64) ([]byte, error) {
	if length < 0 || length >= maxTrusted {
		length = firstBuffer
	}
	data := slices.Grow(b.data[:0], int(length)+1) // one more, to see the end
	b.data = nil
	for {
		if len(data) == cap(data) {
			data = slices.Grow(data, len(data))
		}
		n, err := r.Read(data[len(data):min(int64(cap(data)), limit+1)])
		data = data[:len(data)+n]
		switch {
		case int64(len(data)) > limit:
			return nil, fmt.Errorf("%w: %w", response.ErrUnexpected, ErrTooLarge)
		case err == io.EOF:
			b.data = data
			return data, nil
		case err != nil:
			return data, brokenOff(err)
		}
	}
}

package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"

	"github.com/cyclos-go/passwords/internal/response"
)

// ErrTooLarge is the error for a response body above [Config.MaxBytes].
var ErrTooLarge = errors.New("the response is too large")

const (
	// maxTrusted bounds the buffer that is allocated because of a Content-Length.
	maxTrusted = 64 << 10
	// firstBuffer is the size of the buffer where there is no Content-Length.
	firstBuffer = 512
	// maxEmptyReads is how often in a row a body may return neither bytes nor an error.
	maxEmptyReads = 100
)

// protocols are the versions of HTTP; net/http accepts any in a status line.
var protocols = []string{"HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "HTTP/3.0"}

// receive reads the response that the doer returned. A response can come with an
// error: its body broke off.
func (a *Attempt) receive(ctx context.Context, resp *http.Response, buffer []byte) (out Outcome) {
	if resp == nil || resp.Body == nil {
		return Outcome{Err: response.Unexpected("the doer returned no response")}
	}
	a.mu.Lock()
	a.received = resp
	a.mu.Unlock()
	if resp.StatusCode < 100 || resp.Proto != "" && !slices.Contains(protocols, resp.Proto) {
		return Outcome{Err: response.Unexpected("malformed HTTP")}
	}
	r := &out.Response
	r.Status, r.Header = resp.StatusCode, resp.Header
	if r.Status < 200 || r.Status == http.StatusNoContent {
		return out // the body of a 101 is a connection without an end, a 204 has none
	}
	r.Body, out.Err = read(ctx, resp.Body, buffer, resp.ContentLength, a.config.MaxBytes)
	out.whole = out.Err == nil
	complete := out.whole && int64(len(r.Body)) == resp.ContentLength
	a.mu.Lock()
	ended := a.ended
	a.mu.Unlock()
	switch {
	case ended && !complete, out.Err != nil && ctx.Err() != nil:
		out.Err = brokenOff(a.reason(ctx.Err()))
	case out.Err == nil && int64(len(r.Body)) < resp.ContentLength && !resp.Uncompressed:
		out.Err = brokenOff(io.ErrUnexpectedEOF)
	}
	return out
}

// closeBody closes the response body once, and waits for a Close that has begun.
func (a *Attempt) closeBody() {
	a.mu.Lock()
	received := a.received
	a.mu.Unlock()
	if received != nil {
		a.closing.Do(func() { _ = received.Body.Close() })
	}
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

// take returns the buffer. Until it is put back, it belongs to the reader alone.
func (b *Body) take() []byte {
	data := b.data
	b.data = nil
	return data
}

// put takes the buffer of a body that was read to its end.
func (b *Body) put(data []byte) { b.data = data }

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

// read reads r into buffer up to its end, so that the connection can be reused. It
// stops one byte beyond limit, and when the context ends.
func read(ctx context.Context, r io.Reader, buffer []byte, length, limit int64) ([]byte, error) {
	first := length
	if length < 0 || length >= maxTrusted {
		first = firstBuffer
	}
	data := slices.Grow(buffer[:0], int(first)+1) // one more, to see the end
	for empty := 0; empty < maxEmptyReads; {
		if err := ctx.Err(); err != nil && (length <= 0 || int64(len(data)) != length) {
			return data, brokenOff(err)
		}
		if len(data) == cap(data) {
			data = slices.Grow(data, len(data))
		}
		free := data[len(data):min(int64(cap(data)), limit+1)]
		n, err := r.Read(free)
		if n < 0 || n > len(free) {
			return data, response.Unexpected("the body has an impossible length")
		}
		if empty++; n > 0 {
			empty = 0
		}
		data = data[:len(data)+n]
		switch {
		case int64(len(data)) > limit:
			return nil, fmt.Errorf("%w: %w", response.ErrUnexpected, ErrTooLarge)
		case err == io.EOF:
			return data, nil
		case err != nil:
			return data, brokenOff(err)
		}
	}
	return data, brokenOff(io.ErrNoProgress)
}

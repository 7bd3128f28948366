package passwords

import (
	"fmt"
	"io"
	"slices"
	"sync"
)

const (
	// firstRead bounds what is set aside on the word of a Content-Length.
	firstRead = 64 << 10
	// shortRead is set aside where there is none.
	shortRead = 512
)

// body is what an answer's body is read into.
type body struct {
	data   []byte
	pooled *[]byte // nil if data is not to be used again
}

// bodies keep what they were read into for the next ones: only those of what
// reads, which hold no secret, and cleared.
var bodies = sync.Pool{New: func() any { return new([]byte) }}

// newBody returns an empty body for an answer of op.
func newBody(op operation) body {
	if !op.reads() {
		return body{}
	}
	pooled := bodies.Get().(*[]byte)
	return body{data: *pooled, pooled: pooled}
}

// release ends the use of the body.
func (b *body) release() {
	if b.pooled == nil || cap(b.data) > firstRead {
		return
	}
	clear(b.data[:cap(b.data)])
	*b.pooled = b.data
	bodies.Put(b.pooled)
}

// read reads r to its end, so that the connection can be used again, or to one
// byte more than limit.
func (b *body) read(r io.Reader, length, limit int64) error {
	if length < 0 || length >= firstRead {
		length = shortRead
	}
	b.data = slices.Grow(b.data[:0], int(length)+1) // one more, to see the end
	for {
		if len(b.data) == cap(b.data) {
			b.data = slices.Grow(b.data, len(b.data))
		}
		n, err := r.Read(b.data[len(b.data):min(int64(cap(b.data)), limit+1)])
		b.data = b.data[:len(b.data)+n]
		switch {
		case int64(len(b.data)) > limit:
			b.data = b.data[:0]
			return fmt.Errorf("%w: %w", ErrUnexpectedResponse, ErrResponseTooLarge)
		case err == io.EOF:
			return nil
		case err != nil:
			return fmt.Errorf("%w: %w", ErrUnexpectedResponse, newFailure(err))
		}
	}
}

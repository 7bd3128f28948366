package transport

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/cyclos-go/passwords/internal/response"
)

// ErrTooLarge stands for an answer larger than the bound.
var ErrTooLarge = errors.New("the response is too large")

const (
	// firstRead bounds what is set aside on the word of a Content-Length.
	firstRead = 64 << 10
	// shortRead is set aside where there is none.
	shortRead = 512
)

// Body is what bodies of answers are read into.
type Body struct {
	data   []byte  // nil while nobody knows who may write into it
	pooled *[]byte // nil if data is not to be used again
}

// bodies keep what was read into, cleared, for the next ones.
var bodies = sync.Pool{New: func() any { return new([]byte) }}

// NewBody returns an empty body for the answers of an operation that reads, or not.
func NewBody(reads bool) Body {
	if !reads {
		return Body{}
	}
	pooled := bodies.Get().(*[]byte)
	return Body{data: *pooled, pooled: pooled}
}

// Reuse ends the use of the body, and of the answer in it, which must not have held
// a secret, so that others can use it. It does nothing if the last answer was not
// read to its end: some readers write into what they were given after that.
func (b *Body) Reuse() {
	if b.pooled == nil || b.data == nil || cap(b.data) > firstRead {
		return
	}
	clear(b.data[:cap(b.data)])
	*b.pooled = b.data
	bodies.Put(b.pooled)
}

// read reads r to its end, so that the connection can be used again, or to one
// byte more than limit.
func (b *Body) read(r io.Reader, length, limit int64) ([]byte, error) {
	if length < 0 || length >= firstRead {
		length = shortRead
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
			return data, fmt.Errorf("%w: %w", response.ErrUnexpected, Failed(err))
		}
	}
}

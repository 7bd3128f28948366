// Package singleflight calls a function once for all concurrent callers.
package singleflight

import (
	"context"
	"errors"
	"sync"
)

var errExited = errors.New("it ended its goroutine")

// Source calls a function once for all concurrent callers. The function runs in its
// own goroutine. If it panics, every waiting caller panics with the same value,
// because a panic in the goroutine would end the program. If no caller waits any
// more, the panic is lost.
type Source[T any] struct {
	ask func(context.Context) (T, error)

	mu     sync.Mutex
	flight *flight[T] // nil if no call is in flight
}

// New returns a source for the function.
func New[T any](ask func(context.Context) (T, error)) *Source[T] { return &Source[T]{ask: ask} }

// flight is one call of the function.
type flight[T any] struct {
	done     chan struct{} // closed when value, err and panicked are set
	value    T
	err      error
	panicked any // the value, nil if the function did not panic
	waiters  int
	cancel   context.CancelFunc
}

// Get returns the result of the function, and whether an earlier caller started the
// call. It returns when ctx ends, even if the function does not.
func (s *Source[T]) Get(ctx context.Context) (value T, joined bool, err error) {
	if ctx.Err() != nil {
		return value, false, ctx.Err()
	}
	s.mu.Lock()
	f := s.flight
	joined = f != nil
	if !joined {
		// Not the caller's context: others may still wait when it ends, and its
		// values may belong to one user, while all callers share the result.
		asking, cancel := context.WithCancel(context.Background())
		f = &flight[T]{done: make(chan struct{}), cancel: cancel}
		s.flight = f
		go s.fly(asking, f)
	}
	f.waiters++
	s.mu.Unlock()
	select {
	case <-f.done:
		if f.panicked != nil {
			panic(f.panicked)
		}
		return f.value, joined, f.err
	case <-ctx.Done():
		s.leave(f)
		return value, joined, ctx.Err()
	}
}

func (s *Source[T]) fly(ctx context.Context, f *flight[T]) {
	f.err = errExited // remains if the function ends the goroutine
	defer func() {
		f.panicked = recover()
		f.cancel()
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.flight == f {
			s.flight = nil
		}
		close(f.done)
	}()
	f.value, f.err = s.ask(ctx)
}

// leave cancels the call if no caller waits any more.
func (s *Source[T]) leave(f *flight[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.waiters--; f.waiters == 0 {
		f.cancel()
		if s.flight == f {
			s.flight = nil
		}
	}
}

// Package singleflight asks a function once for all who wait for its answer.
package singleflight

import (
	"context"
	"errors"
	"sync"
)

var errExited = errors.New("it ended its goroutine")

// Source asks a function, for all who wait at once only one time. The function
// runs in a goroutine of its own, in which a panic would end the program: it goes
// on in each caller who waits instead, with its value, where [http.Server] and
// others recover. Like that of a handler in [http.TimeoutHandler] it is lost if
// nobody waits any more.
type Source[T any] struct {
	ask func(context.Context) (T, error)

	mu     sync.Mutex
	flight *flight[T] // nil if nobody asks
}

// New returns a source for the function.
func New[T any](ask func(context.Context) (T, error)) *Source[T] { return &Source[T]{ask: ask} }

// flight is one question to the function.
type flight[T any] struct {
	done     chan struct{} // closed when the three below are set
	value    T
	err      error
	panicked any // the value, nil if the function did not panic
	waiters  int
	cancel   context.CancelFunc
}

// Get returns what the function answers, and whether it had been asked before. It
// returns when ctx ends, even if the function does not.
func (s *Source[T]) Get(ctx context.Context) (value T, joined bool, err error) {
	if ctx.Err() != nil {
		return value, false, ctx.Err()
	}
	s.mu.Lock()
	f := s.flight
	joined = f != nil
	if !joined {
		// Not the caller's context: others may wait when it ends, and its values
		// may be of one user, where the answer goes to all who wait.
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
	f.err = errExited // unless it returns
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

// leave ends a question for which nobody waits any more.
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

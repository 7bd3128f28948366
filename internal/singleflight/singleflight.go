// Package singleflight calls a function once for concurrent callers.
package singleflight

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

var errExited = errors.New("it ended its goroutine")

// Source calls a function once for all concurrent callers whose arguments join: they
// share the call and its result. The function runs in its own goroutine, concurrently
// for arguments that do not join. If it panics, every waiting caller panics with the
// same value, because a panic in the goroutine would end the program. If no caller
// waits any more, the panic is lost.
type Source[A, T any] struct {
	ask   func(context.Context, A) (T, error)
	joins func(running, caller A) bool

	// Linger is the time for which a call continues, and can be joined, after its last
	// waiting caller has left.
	Linger time.Duration

	mu      sync.Mutex
	flights []*flight[A, T] // the calls that are running, and that callers may join
}

// New returns a source for the function ask. A caller waits for a running call if
// joins is true for their arguments.
func New[A, T any](ask func(context.Context, A) (T, error), joins func(running, caller A) bool) *Source[A, T] {
	return &Source[A, T]{ask: ask, joins: joins}
}

// flight is one call of the function.
type flight[A, T any] struct {
	argument A
	done     chan struct{} // closed when value, err and panicked are set
	value    T
	err      error
	panicked any // the value, nil if the function did not panic
	waiters  int
	cancel   context.CancelFunc

	lingering *time.Timer // nil until the last caller has left
}

// Get returns the result of the function. It returns when ctx ends, even if the
// function does not.
func (s *Source[A, T]) Get(ctx context.Context, argument A) (value T, err error) {
	if ctx.Err() != nil {
		return value, ctx.Err()
	}
	f := s.board(argument)
	select {
	case <-f.done:
		if f.panicked != nil {
			panic(f.panicked)
		}
		return f.value, f.err
	case <-ctx.Done():
		s.leave(f)
		return value, ctx.Err()
	}
}

// board returns the call for which the caller waits, and starts it if necessary.
func (s *Source[A, T]) board(argument A) *flight[A, T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.flights {
		if s.joins(f.argument, argument) {
			f.waiters++
			if f.lingering != nil {
				f.lingering.Stop()
			}
			return f
		}
	}
	// Not the caller's context: others may still wait when it ends, and its values may
	// belong to one user, while all callers share the result.
	asking, cancel := context.WithCancel(context.Background())
	f := &flight[A, T]{argument: argument, done: make(chan struct{}), waiters: 1, cancel: cancel}
	s.flights = append(s.flights, f)
	go s.fly(asking, f)
	return f
}

func (s *Source[A, T]) fly(ctx context.Context, f *flight[A, T]) {
	f.err = errExited // remains if the function ends the goroutine
	defer func() {
		f.panicked = recover()
		f.cancel()
		s.mu.Lock()
		defer s.mu.Unlock()
		s.remove(f)
		close(f.done)
	}()
	f.value, f.err = s.ask(ctx, f.argument)
}

// leave ends the waiting of a caller.
func (s *Source[A, T]) leave(f *flight[A, T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.waiters--; f.waiters > 0 {
		return
	}
	if s.Linger <= 0 {
		s.abandon(f)
		return
	}
	f.lingering = time.AfterFunc(s.Linger, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if f.waiters == 0 {
			s.abandon(f)
		}
	})
}

// abandon cancels the call.
func (s *Source[A, T]) abandon(f *flight[A, T]) {
	f.cancel()
	s.remove(f)
}

// remove makes later callers start another call.
func (s *Source[A, T]) remove(f *flight[A, T]) {
	s.flights = slices.DeleteFunc(s.flights, func(other *flight[A, T]) bool { return other == f })
}

package singleflight_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/singleflight"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestSourceThatEndsItsGoroutine returned nothing, which must not count as an empty
// token.
func TestSourceThatEndsItsGoroutine(t *testing.T) {
	t.Parallel()
	s := &testkit.Sessions{Valid: "valid", Refuse: testkit.LoggedOut}
	client := testkit.NewSessionClient(t, s.Transport(t, testkit.NoContent), func(context.Context, passwords.Secret) (passwords.Secret, error) {
		runtime.Goexit()
		return passwords.Secret{}, nil
	})
	err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
	if err == nil || errors.Is(err, passwords.ErrInvalidArgument) || !strings.HasSuffix(err.Error(), "session token source: it ended its goroutine") || len(s.Sent) != 0 {
		t.Errorf("%d requests, got %v", len(s.Sent), err)
	}
}

// TestContextOfASourceEndsWithItsResult: what the source has started must end too.
func TestContextOfASourceEndsWithItsResult(t *testing.T) {
	t.Parallel()
	s := &testkit.Sessions{Valid: "valid", Refuse: testkit.LoggedOut}
	var given context.Context
	client := testkit.NewSessionClient(t, s.Transport(t, testkit.NoContent), func(ctx context.Context, _ passwords.Secret) (passwords.Secret, error) {
		given = ctx
		return passwords.NewSecret("valid"), nil
	})
	if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil || given.Err() == nil {
		t.Errorf("the context of the source did not end, or the call failed: %v", err)
	}
}

// TestSourceThatWasLeftIsAskedAnew: a caller does not wait for a call that all
// previous callers have given up.
func TestSourceThatWasLeftIsAskedAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hold, asked := make(chan struct{}), 0
		s := &testkit.Sessions{Valid: "valid", Refuse: testkit.LoggedOut}
		client := testkit.NewSessionClient(t, s.Transport(t, testkit.NoContent), func(context.Context, passwords.Secret) (passwords.Secret, error) {
			if asked++; asked == 1 {
				<-hold // ignores its context
			}
			return passwords.NewSecret("valid"), nil
		}, passwords.WithTimeout(0))
		ctx, cancel := context.WithCancel(t.Context())
		left := make(chan error)
		go func() { left <- client.EnablePassword(ctx, passwords.Principal("ana"), "login") }()
		synctest.Wait()
		cancel()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		next := make(chan error, 1)
		go func() { next <- client.EnablePassword(t.Context(), passwords.Principal("ana"), "login") }()
		synctest.Wait()
		select {
		case err := <-next:
			if err != nil || asked != 2 {
				t.Errorf("asked %d times, got %v", asked, err)
			}
			close(hold)
		default:
			t.Errorf("asked %d times, and waiting for the first call", asked)
			close(hold)
			<-next
		}
		synctest.Wait()
	})
}

// get calls Get n times concurrently and returns the results once all have started.
func get(ctx context.Context, s *singleflight.Source[string, int], argument string, n int) <-chan result {
	results := make(chan result, n)
	for range n {
		go func() {
			var r result
			defer func() { r.panicked = recover(); results <- r }()
			r.value, r.err = s.Get(ctx, argument)
		}()
	}
	synctest.Wait()
	return results
}

type result struct {
	value    int
	err      error
	panicked any
}

// joinsSame lets callers with the same argument share a call.
func joinsSame(running, caller string) bool { return running == caller }

// TestGetSharesOneCall covers each way in which the function can end.
func TestGetSharesOneCall(t *testing.T) {
	t.Parallel()
	failed := errors.New("failed")
	for name, tc := range map[string]struct {
		end  func() (int, error)
		want result
	}{
		"value": {func() (int, error) { return 7, nil }, result{value: 7}},
		"error": {func() (int, error) { return 0, failed }, result{err: failed}},
		"panic": {func() (int, error) { panic(failed) }, result{panicked: failed}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				hold, calls := make(chan struct{}), 0
				source := singleflight.New(func(context.Context, string) (int, error) {
					calls++
					<-hold
					return tc.end()
				}, joinsSame)
				const callers = 20
				results := get(t.Context(), source, "", callers)
				close(hold)
				for range callers {
					if got := <-results; got != tc.want {
						t.Errorf("got %v, want %v", got, tc.want)
					}
				}
				if <-get(t.Context(), source, "", 1); calls != 2 {
					t.Errorf("called %d times, want once for all callers and once afterwards", calls)
				}
			})
		})
	}
}

// TestGetSharesNoCallOfAnotherArgument: callers wait only for a call that joins is
// true for, also if an earlier one is still running.
func TestGetSharesNoCallOfAnotherArgument(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		holds := map[string]chan struct{}{"a": make(chan struct{}), "bb": make(chan struct{})}
		source := singleflight.New(func(_ context.Context, argument string) (int, error) {
			<-holds[argument]
			return len(argument), nil
		}, func(running, caller string) bool { return caller == "" || running == caller })
		first := get(t.Context(), source, "a", 3)
		second := get(t.Context(), source, "bb", 3)
		either := get(t.Context(), source, "", 3)
		close(holds["bb"])
		for range 3 {
			if got := <-second; got != (result{value: 2}) {
				t.Errorf("got %v, want that of the second call", got)
			}
		}
		close(holds["a"])
		for range 3 {
			if a, b := <-first, <-either; a != (result{value: 1}) || b != a {
				t.Errorf("got %v and %v, want those of the first call", a, b)
			}
		}
	})
}

// TestGetEndsWithTheContextOfItsCaller, while the call continues until the last
// caller leaves.
func TestGetEndsWithTheContextOfItsCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls, canceled := 0, false
		source := singleflight.New(func(ctx context.Context, _ string) (int, error) {
			calls++
			<-ctx.Done()
			canceled = true
			return 0, ctx.Err()
		}, joinsSame)
		first, leaveFirst := context.WithCancel(t.Context())
		last, leaveLast := context.WithCancel(t.Context())
		firstResults, lastResults := get(first, source, "", 2), get(last, source, "", 1)
		leaveFirst()
		for range 2 {
			if got := <-firstResults; !errors.Is(got.err, context.Canceled) {
				t.Errorf("got %v, want %v", got, context.Canceled)
			}
		}
		if synctest.Wait(); canceled {
			t.Error("the call ended although a caller waits")
		}
		leaveLast()
		if got := <-lastResults; !errors.Is(got.err, context.Canceled) {
			t.Errorf("got %v, want %v", got, context.Canceled)
		}
		if synctest.Wait(); !canceled {
			t.Error("the call did not end with its last caller")
		}
		if got := <-get(first, source, "", 1); !errors.Is(got.err, context.Canceled) || calls != 1 {
			t.Errorf("with a canceled context: got %v after %d calls", got, calls)
		}
	})
}

// TestGetLingers: a call continues for a time without callers, and can be joined.
func TestGetLingers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var calls, ended atomic.Int64
		began := time.Now()
		source := singleflight.New(func(ctx context.Context, _ string) (int, error) {
			calls.Add(1)
			<-ctx.Done()
			ended.Store(int64(time.Since(began)))
			return 0, ctx.Err()
		}, joinsSame)
		source.Linger = 10 * time.Second
		for range 3 { // the second joins after 8 seconds, the third after 16
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			if got := <-get(ctx, source, "", 2); !errors.Is(got.err, context.DeadlineExceeded) || calls.Load() != 1 || ended.Load() != 0 {
				t.Errorf("got %v after %d calls, the first ended after %s", got, calls.Load(), time.Duration(ended.Load()))
			}
			cancel()
			time.Sleep(3 * time.Second)
		}
		time.Sleep(time.Minute)
		if got := time.Duration(ended.Load()); got != 31*time.Second {
			t.Errorf("ended after %s", got)
		}
	})
}

package passwords_test

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

func TestSessionSourceIsAskedOnceForAllWhoWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &testkit.Sessions{Valid: "a", Tokens: []string{"a"}, Hold: make(chan struct{})}
		client := testkit.NewSessionClient(t, s.Transport(t, testkit.NoContent), s.Source)
		derived, err := client.With(passwords.WithChannel("main"), passwords.WithTimeout(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		enable := func(ctx context.Context, c *passwords.Client) error {
			return c.EnablePassword(ctx, passwords.Principal("ana"), "login")
		}
		leaving, leave := context.WithCancel(t.Context())
		waitLeavers := testkit.Concurrently(func() {
			if err := enable(leaving, client); !errors.Is(err, context.Canceled) || errors.Is(err, passwords.ErrOutcomeUnknown) {
				t.Errorf("one who leaves: %v", err)
			}
		})
		waitStayers := testkit.Concurrently(func() {
			if err := errors.Join(enable(t.Context(), client), enable(t.Context(), derived)); err != nil {
				t.Errorf("one who stays: %v", err)
			}
		})
		synctest.Wait()
		start := time.Now()
		leave()
		waitLeavers()
		if s.Asked != 1 || len(s.Sent) != 0 || time.Since(start) != 0 {
			t.Errorf("asked %d times, %d requests, %s to leave", s.Asked, len(s.Sent), time.Since(start))
		}
		close(s.Hold)
		waitStayers()
		if len(s.Sent) != 2*testkit.Callers {
			t.Errorf("%d requests arrived", len(s.Sent))
		}
	})
}

// TestSessionSourceIsSharedByDerivedClients starts with clients of both kinds.
func TestSessionSourceIsSharedByDerivedClients(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &testkit.Sessions{Valid: "a", Tokens: []string{"a"}, Hold: make(chan struct{})}
		client := testkit.NewSessionClient(t, s.Transport(t, testkit.NoContent), s.Source)
		wait := testkit.Concurrently(func() {
			derived, err := client.With(passwords.WithRetries(0))
			if err != nil {
				t.Error(err)
				return
			}
			if err := derived.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		close(s.Hold)
		wait()
		if s.Asked != 1 || len(s.Sent) != testkit.Callers {
			t.Errorf("asked %d times, %d requests", s.Asked, len(s.Sent))
		}
	})
}

func TestSessionSourceEndsWithThoseWhoWait(t *testing.T) {
	t.Parallel()
	ended := func(ctx context.Context) (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		return ctx, cancel
	}
	seconds := func(n time.Duration) func(context.Context) (context.Context, context.CancelFunc) {
		return func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, n*time.Second)
		}
	}
	for name, tc := range map[string]struct {
		context func(context.Context) (context.Context, context.CancelFunc)
		took    time.Duration
		asked   int
		want    error
	}{
		"WithTimeout":                {seconds(3600), 9 * time.Second, 1, context.DeadlineExceeded},
		"deadline":                   {seconds(4), 4 * time.Second, 1, context.DeadlineExceeded},
		"a context that has ended":   {ended, 0, 0, context.Canceled},
		"a deadline that has passed": {seconds(-1), 0, 0, context.DeadlineExceeded},
	} {
		for _, deaf := range []bool{false, true} { // to its context
			synctest.Test(t, func(t *testing.T) {
				asked, release, gone := 0, make(chan struct{}), make(chan error, 1)
				client := testkit.NewSessionClient(t, testkit.NewTransport(t), func(ctx context.Context) (passwords.Secret, error) {
					asked++
					if deaf {
						<-release
					} else {
						<-ctx.Done()
					}
					gone <- ctx.Err()
					return passwords.Secret{}, ctx.Err()
				}, passwords.WithTimeout(9*time.Second))
				ctx, cancel := tc.context(t.Context())
				defer cancel()
				start := time.Now()
				err := client.EnablePassword(ctx, passwords.Principal("ana"), "login")
				if took := time.Since(start); took != tc.took || !errors.Is(err, tc.want) || errors.Is(err, passwords.ErrOutcomeUnknown) {
					t.Errorf("%s: took %s: %v", name, took, err)
				}
				close(release)
				if synctest.Wait(); asked != tc.asked {
					t.Errorf("%s: asked %d times", name, asked)
				}
				if asked > 0 {
					if err := <-gone; !errors.Is(err, context.Canceled) {
						t.Errorf("%s: the context of the source: %v", name, err)
					}
				}
			})
		}
	}
}

// TestSessionSourceThatDoesNotReturn panics or ends its goroutine, as FailNow
// does.
func TestSessionSourceThatDoesNotReturn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hold := make(chan struct{})
		panicking := testkit.NewSessionClient(t, testkit.NewTransport(t), func(context.Context) (passwords.Secret, error) {
			<-hold
			panic(http.ErrAbortHandler)
		})
		wait := testkit.Concurrently(func() {
			defer func() {
				if recover() != http.ErrAbortHandler {
					t.Error("the panic of the source did not reach the caller")
				}
			}()
			_ = panicking.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
		})
		leaving, leave := context.WithCancel(t.Context())
		leave()
		synctest.Wait()
		if err := panicking.EnablePassword(leaving, passwords.Principal("ana"), "login"); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		close(hold)
		wait()
		exiting := testkit.NewSessionClient(t, testkit.NewTransport(t), func(context.Context) (passwords.Secret, error) {
			runtime.Goexit()
			return passwords.Secret{}, nil
		})
		for range 2 {
			err := exiting.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
			if err == nil || errors.Is(err, passwords.ErrOutcomeUnknown) || errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		}
	})
}

// TestSessionSourceSeesNoValuesOfACall keeps a source from choosing the token by
// the caller, since its answer goes to all who wait.
func TestSessionSourceSeesNoValuesOfACall(t *testing.T) {
	t.Parallel()
	type key struct{}
	w := testkit.NewWire(t, testkit.NoContent)
	var seen any
	client := testkit.NewClient(t, w.URL, passwords.WithSessionTokenSource(func(ctx context.Context) (passwords.Secret, error) {
		seen = ctx.Value(key{})
		return passwords.NewSecret(testkit.Token), nil
	}))
	if err := client.EnablePassword(context.WithValue(t.Context(), key{}, "ana"), passwords.UserID("1"), "login"); err != nil {
		t.Fatal(err)
	}
	if seen != nil {
		t.Error("the source sees a value of the caller's context")
	}
}

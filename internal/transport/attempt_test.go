package transport_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestContextsEndWithTheCall covers contexts that an editor puts in place of the
// client's. A transport may have tied goroutines to them.
func TestContextsEndWithTheCall(t *testing.T) {
	t.Parallel()
	another := passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
		lasting, cancel := context.WithCancel(context.Background())
		t.Cleanup(cancel)
		*r = *r.WithContext(lasting)
		return nil
	})
	same := passwords.WithRequestEditor(func(context.Context, *http.Request) error { return nil })
	for name, opts := range map[string][]passwords.Option{
		"no editor": nil, "unbounded": {passwords.WithTimeout(0)}, "editor": {same}, "another context": {another},
	} {
		var used context.Context
		client := testkit.NewClientOver(t, func(r *http.Request) (*http.Response, error) {
			used = r.Context()
			return &http.Response{StatusCode: 204}, nil
		}, opts...)
		if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
			t.Fatal(err)
		}
		if used.Err() == nil {
			t.Errorf("%s: the context of the request did not end", name)
		}
	}
}

// TestCancellationsOfTheTransportAreItsOwn has a transport cancel a request by a
// context of its own. The caller's goes on.
func TestCancellationsOfTheTransportAreItsOwn(t *testing.T) {
	t.Parallel()
	client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) { return nil, context.Canceled })
	err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
	if !errors.Is(err, context.Canceled) || errors.Is(err, passwords.ErrUnexpectedResponse) || !errors.Is(err, passwords.ErrOutcomeUnknown) {
		t.Errorf("got %v", err)
	}
}

// TestTimeoutCountsForAnotherContext has an editor replace the context.
func TestTimeoutCountsForAnotherContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type key struct{}
		client := testkit.NewClientOver(t, func(r *http.Request) (*http.Response, error) {
			if r.Context().Value(key{}) != "kept" {
				return nil, errors.New("the context has lost the value of the editor")
			}
			<-r.Context().Done()
			return nil, r.Context().Err()
		}, passwords.WithTimeout(time.Minute), passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
			*r = *r.WithContext(context.WithValue(context.Background(), key{}, "kept"))
			return nil
		}))
		if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

// TestTimeoutIsNoCancellation has an editor detach the context. The timeout is not
// retried.
func TestTimeoutIsNoCancellation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		client := testkit.NewClientOver(t, func(r *http.Request) (*http.Response, error) {
			sent++
			<-r.Context().Done()
			return nil, r.Context().Err()
		}, passwords.WithRetries(2), passwords.WithTimeout(time.Minute), passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
			*r = *r.WithContext(context.WithoutCancel(r.Context()))
			return nil
		}))
		_, err := client.ListUserPasswords(t.Context(), passwords.Self())
		if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) || sent != 1 {
			t.Errorf("got %v after %d requests", err, sent)
		}
	})
}

// TestRequestsOfEditorsAreNotCounted has an editor send a request of its own, as one
// that fetches a token does. The request of the client then finds no connection, so
// that it is known to be unsent.
func TestRequestsOfEditorsAreNotCounted(t *testing.T) {
	t.Parallel()
	tokens := testkit.Serve(t, testkit.NoContent)
	transport := testkit.NewTransport(t)
	client := testkit.NewClient(t, "http://"+testkit.UnusedAddress(t)+"/api", passwords.WithRequestEditor(func(ctx context.Context, r *http.Request) error {
		for _, ctx := range []context.Context{ctx, r.Context()} {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, tokens, nil)
			if err != nil {
				return err
			}
			resp, err := transport.RoundTrip(req)
			if err != nil {
				return err
			}
			_ = resp.Body.Close()
		}
		return nil
	}))
	if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err == nil || errors.Is(err, passwords.ErrOutcomeUnknown) {
		t.Errorf("got %v, want an error of a request that was not sent", err)
	}
}

// endless is a body that Read makes, and that may block in Close.
type endless struct {
	read  func([]byte) (int, error)
	close func() error
}

func (e endless) Read(p []byte) (int, error) { return e.read(p) }

func (e endless) Close() error {
	if e.close == nil {
		return nil
	}
	return e.close()
}

// TestCallsEndWhateverTheTransportDoes within a second after their timeout or context.
// The transports go on until the test ends. Of a change the outcome is unknown, unless
// a whole response arrived.
func TestCallsEndWhateverTheTransportDoes(t *testing.T) {
	t.Parallel()
	trickle := func(p []byte) (int, error) { time.Sleep(50 * time.Millisecond); return copy(p, "x"), nil }
	for name, tc := range map[string]struct {
		body    func(blocked func()) endless
		wantErr error // nil for the error of the context
		known   bool
	}{
		"ignores the context": {body: func(blocked func()) endless { blocked(); return endless{read: trickle} }},
		"trickles":            {body: func(func()) endless { return endless{read: trickle} }},
		"blocks in Read": {body: func(blocked func()) endless {
			return endless{read: func([]byte) (int, error) { blocked(); return 0, io.EOF }}
		}},
		"blocks in Read and Close": {body: func(blocked func()) endless {
			return endless{func([]byte) (int, error) { blocked(); return 0, io.EOF }, func() error { blocked(); return nil }}
		}},
		"blocks in Close": {known: true, body: func(blocked func()) endless {
			return endless{strings.NewReader("value").Read, func() error { blocked(); return nil }}
		}},
		"reads nothing":  {wantErr: io.ErrNoProgress, body: func(func()) endless { return endless{read: func([]byte) (int, error) { return 0, nil }} }},
		"negative count": {wantErr: passwords.ErrUnexpectedResponse, body: func(func()) endless { return endless{read: func([]byte) (int, error) { return -1, nil }} }},
		"large count":    {wantErr: passwords.ErrUnexpectedResponse, body: func(func()) endless { return endless{read: func(p []byte) (int, error) { return len(p) + 1, nil }} }},
	} {
		for ended, opts := range map[string][]passwords.Option{"timeout": {passwords.WithTimeout(time.Minute)}, "deadline": {passwords.WithTimeout(0)}} {
			t.Run(name+", "+ended, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					release := make(chan struct{})
					defer synctest.Wait()
					defer close(release)
					client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
						return testkit.TextResponse(tc.body(func() { <-release })), nil
					}, opts...)
					ctx, cancel := context.WithCancel(t.Context())
					if ended == "deadline" {
						ctx, cancel = context.WithTimeout(ctx, time.Minute)
					}
					defer cancel()
					start := time.Now()
					_, err := client.GeneratePassword(ctx, "pin")
					want := tc.wantErr
					if want == nil {
						want = context.DeadlineExceeded
					}
					if tc.known && err != nil || !tc.known && (!errors.Is(err, want) || !errors.Is(err, passwords.ErrOutcomeUnknown)) {
						t.Errorf("got %v", err)
					}
					if took := time.Since(start); took > time.Minute+time.Second || tc.wantErr != nil && took != 0 {
						t.Errorf("the call took %s", took)
					}
				})
			})
		}
	}
}

// TestAbandonedCallsKeepTheStatus that arrived, and are not retried.
func TestAbandonedCallsKeepTheStatus(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer synctest.Wait()
		defer close(release)
		sent := 0
		client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
			sent++
			resp := testkit.TextResponse(endless{read: func([]byte) (int, error) { <-release; return 0, io.EOF }})
			resp.StatusCode = http.StatusServiceUnavailable
			return resp, nil
		}, passwords.WithRetries(2))
		if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); !errors.Is(err, passwords.ErrUnavailable) || sent != 1 {
			t.Errorf("%d requests, got %v", sent, err)
		}
	})
}

// TestPanicsOfATransportReachTheCaller, although they are in another goroutine, and so
// do those of a Close that the timeout calls. An end of that goroutine is one of the
// caller's.
func TestPanicsOfATransportReachTheCaller(t *testing.T) {
	t.Parallel()
	mine := errors.New("mine")
	closing := func() (*http.Response, error) {
		closed := make(chan struct{})
		return testkit.TextResponse(endless{
			func([]byte) (int, error) { <-closed; return 0, io.EOF },
			func() error { defer close(closed); panic(mine) },
		}), nil
	}
	for name, tc := range map[string]struct {
		trip func() (*http.Response, error)
		want any
	}{
		"panic": {func() (*http.Response, error) { panic(mine) }, mine},
		"panic in Read": {func() (*http.Response, error) {
			return testkit.TextResponse(endless{read: func([]byte) (int, error) { panic(mine) }}), nil
		}, mine},
		"panic in Close": {closing, mine},
		"exit":           {func() (*http.Response, error) { runtime.Goexit(); return nil, nil }, nil},
	} {
		synctest.Test(t, func(t *testing.T) {
			client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) { return tc.trip() })
			returned := false
			var got any
			var caller sync.WaitGroup
			caller.Go(func() {
				defer func() { got = recover() }()
				_, _ = client.GeneratePassword(t.Context(), "pin")
				returned = true
			})
			if caller.Wait(); returned || got != tc.want {
				t.Errorf("%s: returned: %t, panicked with %v", name, returned, got)
			}
		})
	}
}

package transport_test

import (
	"context"
	"errors"
	"net/http"
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

package passwords_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestContextsEndWithTheCall, also that which an editor puts in the place of the
// client's: a transport may have tied goroutines to it.
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
			t.Errorf("%s: the context of the request goes on", name)
		}
	}
}

// TestErrorsOfEditorsComeBeforeTheContext, which they may have ended themselves.
func TestErrorsOfEditorsComeBeforeTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	mine := errors.New("mine")
	w := testkit.NewWire(t, testkit.NoContent)
	err := testkit.NewClient(t, w.URL, passwords.WithRequestEditor(func(context.Context, *http.Request) error {
		cancel()
		return mine
	})).EnablePassword(ctx, passwords.Principal("ana"), "login")
	if !errors.Is(err, mine) || errors.Is(err, context.Canceled) || errors.Is(err, passwords.ErrOutcomeUnknown) || w.Count() != 0 {
		t.Errorf("%d requests, got %v", w.Count(), err)
	}
}

// TestCancellationsOfTheTransportAreItsOwn: it may end a request by a context which
// the caller knows nothing of.
func TestCancellationsOfTheTransportAreItsOwn(t *testing.T) {
	t.Parallel()
	client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) { return nil, context.Canceled })
	err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
	if !errors.Is(err, context.Canceled) || errors.Is(err, passwords.ErrUnexpectedResponse) || !errors.Is(err, passwords.ErrOutcomeUnknown) {
		t.Errorf("got %v", err)
	}
}

// TestBrokenOffErrorsAreNotRepeated where their status is not.
func TestBrokenOffErrorsAreNotRepeated(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]int{200: 3, 300: 1, 404: 1, 500: 1, 503: 3} {
		synctest.Test(t, func(t *testing.T) {
			sent := 0
			client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
				sent++
				resp := testkit.TextResponse(io.NopCloser(io.MultiReader(strings.NewReader("{"), iotest.ErrReader(io.ErrUnexpectedEOF))))
				resp.StatusCode = status
				return resp, nil
			}, passwords.WithRetries(2))
			if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); err == nil || sent != want {
				t.Errorf("%d: %d requests, want %d: %v", status, sent, want, err)
			}
		})
	}
}

// TestBrokenOffErrorsTellTheirCode where that has arrived.
func TestBrokenOffErrorsTellTheirCode(t *testing.T) {
	t.Parallel()
	client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
		body := io.NopCloser(io.MultiReader(strings.NewReader(`{"code":"login"}`), iotest.ErrReader(io.ErrUnexpectedEOF)))
		return &http.Response{StatusCode: 401, Header: http.Header{"Content-Type": {"application/json"}}, Body: body}, nil
	})
	err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
	if !passwords.IsCode(err, passwords.CodeLogin) || !errors.Is(err, passwords.ErrUnauthorized) {
		t.Errorf("got %v", err)
	}
}

// TestTimeoutIsThirtySecondsByDefault for each attempt anew.
func TestTimeoutIsThirtySecondsByDefault(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var left []time.Duration
		client := testkit.NewClientOver(t, func(r *http.Request) (*http.Response, error) {
			deadline, _ := r.Context().Deadline()
			left = append(left, time.Until(deadline))
			return &http.Response{StatusCode: 503}, nil
		}, passwords.WithRetries(1))
		_, _ = client.ListUserPasswords(t.Context(), passwords.Self())
		if want := []time.Duration{30 * time.Second, 30 * time.Second}; !slices.Equal(left, want) {
			t.Errorf("got %v, want %v", left, want)
		}
	})
}

package passwords_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// observations records what an observer sees, with a name for the observer.
type observations []string

func (o *observations) observer(name string) passwords.Observer {
	return func(ctx context.Context, seen passwords.Observation) (context.Context, func(error)) {
		what := fmt.Sprintf("%s %s %d", name, seen.Operation.ID, seen.Attempt)
		*o = append(*o, what)
		return ctx, func(err error) {
			var e *passwords.Error
			switch {
			case errors.As(err, &e):
				*o = append(*o, fmt.Sprintf("%s: %d", what, e.StatusCode))
			default:
				*o = append(*o, fmt.Sprintf("%s: %v", what, err))
			}
		}
	}
}

// replies is a transport that sends the statuses one after the other, and breaks the
// connection for 0.
func replies(statuses ...int) testkit.RoundTripper {
	return func(*http.Request) (*http.Response, error) {
		status := statuses[0]
		if statuses = statuses[1:]; status == 0 {
			return nil, errors.New("broken")
		}
		return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: http.NoBody}, nil
	}
}

func TestObserversSeeCallsAndTheirAttempts(t *testing.T) {
	t.Parallel()
	invalid := passwords.WithRequestEditor(func(context.Context, *http.Request) error { return errors.New("no") })
	type caller = func(context.Context, *passwords.Client) error
	ana := passwords.Principal("ana")
	list := func(ctx context.Context, c *passwords.Client) error {
		_, err := c.ListUserPasswords(ctx, passwords.Self())
		return err
	}
	enable := func(user passwords.ManagedUser) caller {
		return func(ctx context.Context, c *passwords.Client) error {
			return c.EnablePassword(ctx, user, "login")
		}
	}
	for name, tc := range map[string]struct {
		statuses []int
		opts     []passwords.Option
		call     caller
		want     []string
	}{
		"success":          {[]int{204}, nil, enable(ana), []string{"a enablePassword 0", "a enablePassword 1", "a enablePassword 1: <nil>", "a enablePassword 0: <nil>"}},
		"refused":          {[]int{403}, nil, enable(ana), []string{"a enablePassword 0", "a enablePassword 1", "a enablePassword 1: 403", "a enablePassword 0: 403"}},
		"broken":           {[]int{0}, nil, enable(ana), []string{"a enablePassword 0", "a enablePassword 1", "a enablePassword 1: 0", "a enablePassword 0: 0"}},
		"invalid user":     {nil, nil, enable(passwords.Principal("..")), []string{"a enablePassword 0", "a enablePassword 1", "a enablePassword 1: 0", "a enablePassword 0: 0"}},
		"zero user":        {nil, nil, enable(passwords.ManagedUser{}), []string{"a enablePassword 0", "a enablePassword 0: 0"}},
		"failing editor":   {nil, []passwords.Option{invalid}, enable(ana), []string{"a enablePassword 0", "a enablePassword 1", "a enablePassword 1: 0", "a enablePassword 0: 0"}},
		"unpromised body":  {[]int{200}, nil, list, []string{"a listUserPasswords 0", "a listUserPasswords 1", "a listUserPasswords 1: <nil>", "a listUserPasswords 0: 200"}},
		"nobody sees this": {nil, nil, func(ctx context.Context, _ *passwords.Client) error { return enable(ana)(ctx, nil) }, nil},
		"retries": {[]int{503, 0, 403}, nil, list, []string{
			"a listUserPasswords 0", "a listUserPasswords 1", "a listUserPasswords 1: 503", "a listUserPasswords 2", "a listUserPasswords 2: 0",
			"a listUserPasswords 3", "a listUserPasswords 3: 403", "a listUserPasswords 0: 403"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var seen observations
				opts := append(tc.opts, passwords.WithRetries(2), passwords.WithObserver(seen.observer("a")))
				err := tc.call(t.Context(), testkit.NewClientOver(t, replies(tc.statuses...), opts...))
				if !slices.Equal(seen, tc.want) {
					t.Errorf("got %q after %v, want %q", seen, err, tc.want)
				}
			})
		})
	}
}

func TestObserversNestAndAreDerived(t *testing.T) {
	t.Parallel()
	var seen observations
	base := testkit.NewClientOver(t, replies(204), passwords.JoinOptions(passwords.WithObserver(seen.observer("a")), passwords.WithObserver(seen.observer("b"))))
	derived, err := base.With(passwords.WithObserver(seen.observer("c")))
	if err != nil {
		t.Fatal(err)
	}
	if err := derived.DisablePassword(t.Context(), passwords.Self(), "pin"); err != nil {
		t.Fatal(err)
	}
	want := "a 0, b 0, c 0, a 1, b 1, c 1, c 1: <nil>, b 1: <nil>, a 1: <nil>, c 0: <nil>, b 0: <nil>, a 0: <nil>"
	if got := strings.ReplaceAll(strings.Join(seen, ", "), " disablePassword", ""); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestObserversSeeNoArguments looks for an argument in all that they are given.
func TestObserversSeeNoArguments(t *testing.T) {
	t.Parallel()
	const planted = "planted-7c1e"
	for _, op := range testkit.Operations() {
		client := testkit.NewClientOver(t, replies(403), passwords.WithSessionToken(passwords.NewSecret(planted)),
			passwords.WithObserver(func(ctx context.Context, seen passwords.Observation) (context.Context, func(error)) {
				if text := fmt.Sprintf("%+v %s", seen, seen.BaseURL); strings.Contains(text, planted) || seen.BaseURL.String() != "https://cyclos.example.org/api" {
					t.Errorf("the observer got %s", text)
				}
				seen.BaseURL.Host = "elsewhere.example" // is a copy
				return ctx, func(err error) {
					if text := fmt.Sprintf("%+v %#v", err, err); err == nil || strings.Contains(text, planted) {
						t.Errorf("the observer got %s", text)
					}
				}
			}))
		_, _ = op.Call(t.Context(), client, passwords.Principal(planted), planted)
	}
}

type observedKey struct{}

// TestObserversOnlyAddValues has observers replace the context by one that has ended,
// and by one that does not end.
func TestObserversOnlyAddValues(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(context.WithValue(context.Background(), observedKey{}, "value"))
	cancel()
	observing := func(in context.Context) passwords.Option {
		return passwords.WithObserver(func(context.Context, passwords.Observation) (context.Context, func(error)) { return in, nil })
	}
	t.Run("values", func(t *testing.T) {
		t.Parallel()
		edited := false
		client := testkit.NewClientOver(t, func(r *http.Request) (*http.Response, error) {
			if r.Context().Value(observedKey{}) != "value" {
				t.Error("the transport has no value of the observer")
			}
			return &http.Response{StatusCode: 204}, nil
		}, observing(ended), observing(nil), passwords.WithRequestEditor(func(ctx context.Context, r *http.Request) error {
			edited = ctx.Value(observedKey{}) == "value" && r.Context().Value(observedKey{}) == "value"
			return nil
		}))
		if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil || !edited {
			t.Errorf("got %v; the editor has the value: %t", err, edited)
		}
	})
	for name, limit := range map[string]passwords.Option{"context": passwords.WithTimeout(0), "timeout": passwords.WithTimeout(time.Minute)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := testkit.NewClientOver(t, func(r *http.Request) (*http.Response, error) {
					<-r.Context().Done()
					return nil, r.Context().Err()
				}, limit, observing(context.Background()))
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				if err := client.EnablePassword(ctx, passwords.Principal("ana"), "login"); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

// TestObserversLeaveUnsentRequestsKnown: tracing by a transport would not.
func TestObserversLeaveUnsentRequestsKnown(t *testing.T) {
	t.Parallel()
	var seen observations
	client := testkit.NewClient(t, "http://"+testkit.UnusedAddress(t)+"/api", passwords.WithRetries(1), passwords.WithObserver(seen.observer("a")))
	err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
	if err == nil || errors.Is(err, passwords.ErrOutcomeUnknown) || len(seen) != 6 {
		t.Errorf("got %v and %q, want two attempts that were not sent", err, seen)
	}
}

// TestAttemptsThatPanicEnd with an error, as does their call.
func TestAttemptsThatPanicEnd(t *testing.T) {
	t.Parallel()
	var seen observations
	client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) { panic("the transport") }, passwords.WithObserver(seen.observer("a")))
	defer func() {
		want := []string{"a enablePassword 0", "a enablePassword 1", "a enablePassword 1: 0", "a enablePassword 0: 0"}
		if recover() == nil || !slices.Equal(seen, want) {
			t.Errorf("got %q, want %q", seen, want)
		}
	}()
	_ = client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
}

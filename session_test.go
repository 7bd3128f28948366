package passwords_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/internal/testkit"
)

func TestSessionTokenSourceIsAskedBeforeEachRequest(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.NoContent)
	asked := 0
	client := testkit.NewClient(t, w.URL, passwords.WithSessionTokenSource(func(context.Context, passwords.Secret) (passwords.Secret, error) {
		asked++
		return passwords.NewSecret(testkit.Token + string(rune('0'+asked))), nil
	}))
	for range 3 {
		if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
			t.Fatal(err)
		}
	}
	for i, got := range w.All() {
		if got.Header.Get("Session-Token") != testkit.Token+string(rune('1'+i)) {
			t.Errorf("request %d carries another token", i)
		}
	}
}

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
				t.Errorf("canceled call: %v", err)
			}
		})
		waitStayers := testkit.Concurrently(func() {
			if err := errors.Join(enable(t.Context(), client), enable(t.Context(), derived)); err != nil {
				t.Errorf("waiting call: %v", err)
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
		for _, deaf := range []bool{false, true} { // whether the source ignores its context
			synctest.Test(t, func(t *testing.T) {
				asked, release, gone := 0, make(chan struct{}), make(chan error, 1)
				client := testkit.NewSessionClient(t, testkit.NewTransport(t), func(ctx context.Context, _ passwords.Secret) (passwords.Secret, error) {
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

// TestSessionSourceThatDoesNotReturn has sources that panic or exit their
// goroutine, as FailNow does.
func TestSessionSourceThatDoesNotReturn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hold := make(chan struct{})
		panicking := testkit.NewSessionClient(t, testkit.NewTransport(t), func(context.Context, passwords.Secret) (passwords.Secret, error) {
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
		exiting := testkit.NewSessionClient(t, testkit.NewTransport(t), func(context.Context, passwords.Secret) (passwords.Secret, error) {
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

// TestSessionSourceSeesNoValuesOfACall: all waiting calls get the same token, so
// the source must not choose it by the caller.
func TestSessionSourceSeesNoValuesOfACall(t *testing.T) {
	t.Parallel()
	type key struct{}
	w := testkit.NewWire(t, testkit.NoContent)
	var seen any
	client := testkit.NewClient(t, w.URL, passwords.WithSessionTokenSource(func(ctx context.Context, _ passwords.Secret) (passwords.Secret, error) {
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

func TestSessionIsRenewedOnce(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		tokens, sent []string
		asked        int
		ok           bool
	}{
		"another token":                   {[]string{"stale", "valid"}, []string{"stale", "valid"}, 2, true},
		"the same token":                  {[]string{"stale"}, []string{"stale"}, 2, false},
		"another stale token":             {[]string{"stale", "old", "valid"}, []string{"stale", "old"}, 2, false},
		"no token":                        {[]string{"stale", ""}, []string{"stale"}, 2, false},
		"a token that cannot be sent":     {[]string{"stale", "n\u00f6"}, []string{"stale"}, 2, false},
		"a token that is still all right": {[]string{"valid"}, []string{"valid"}, 1, true},
	} {
		for _, op := range testkit.Operations() {
			synctest.Test(t, func(t *testing.T) {
				s := &testkit.Sessions{Valid: "valid", Tokens: tc.tokens, Refuse: testkit.LoggedOut}
				client := testkit.NewSessionClient(t, s.Transport(t, op.OK), s.Source, passwords.WithRetries(0))
				_, err := op.Do(t.Context(), client)
				if s.Asked != tc.asked || !slices.Equal(s.Sent, tc.sent) {
					t.Errorf("%s: %s: asked %d times, %d requests", name, op.ID, s.Asked, len(s.Sent))
				}
				if tc.ok != (err == nil) || !tc.ok && (!errors.Is(err, passwords.ErrUnauthorized) ||
					!passwords.IsCode(err, passwords.CodeLoggedOut) || errors.Is(err, passwords.ErrOutcomeUnknown)) {
					t.Errorf("%s: %s: got %v", name, op.ID, err)
				}
			})
		}
	}
}

// TestSessionIsNotRenewedOtherwise has servers reject requests for other reasons
// than a session that has ended.
func TestSessionIsNotRenewedOtherwise(t *testing.T) {
	t.Parallel()
	refusals := []testkit.Reply{
		{Status: 401}, testkit.JSON(401, `{"code":`), testkit.JSON(401, `{}`), testkit.JSON(401, `["loggedOut"]`), testkit.JSON(401, `{"code":"LoggedOut"}`),
		testkit.JSON(403, `{"code":"loggedOut"}`), testkit.JSON(400, `{"code":"loggedOut"}`), testkit.JSON(500, `{"code":"loggedOut"}`),
	}
	for _, code := range []string{
		passwords.CodeBlockedAccessClient, passwords.CodeInvalidAccessClient, passwords.CodeInvalidAccessToken,
		passwords.CodeInvalidChannelUsage, passwords.CodeInvalidNetwork, passwords.CodeLogin, passwords.CodeMissingAuthorization,
		passwords.CodeRemoteAddressBlocked, passwords.CodeUnauthorizedAddress, passwords.CodeUnauthorizedURL,
	} {
		refusals = append(refusals, testkit.JSON(401, `{"code":"`+code+`"}`), testkit.JSON(403, `{"code":"`+code+`"}`))
	}
	for _, refusal := range refusals {
		for _, op := range testkit.Operations() {
			synctest.Test(t, func(t *testing.T) {
				s := &testkit.Sessions{Valid: "valid", Tokens: []string{"stale", "valid"}, Refuse: refusal}
				_, err := op.Do(t.Context(), testkit.NewSessionClient(t, s.Transport(t, op.OK), s.Source))
				if err == nil || s.Asked != 1 || len(s.Sent) != 1 {
					t.Errorf("%s: %d %s: asked %d times, %d requests: %v", op.ID, refusal.Status, refusal.Body, s.Asked, len(s.Sent), err)
				}
			})
		}
	}
	for _, op := range testkit.Operations() { // without a token source
		w := testkit.NewWire(t, testkit.LoggedOut)
		if _, err := op.Do(t.Context(), testkit.NewClient(t, w.URL)); !passwords.IsCode(err, passwords.CodeLoggedOut) || w.Count() != 1 {
			t.Errorf("%s: %d requests: %v", op.ID, w.Count(), err)
		}
	}
}

func TestSessionSourceFailsAtRenewal(t *testing.T) {
	t.Parallel()
	mine := errors.New("mine")
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		s := &testkit.Sessions{Valid: "valid", Refuse: testkit.LoggedOut}
		client := testkit.NewSessionClient(t, s.Transport(t, testkit.NoContent), func(ctx context.Context, _ passwords.Secret) (passwords.Secret, error) {
			if asked++; asked%2 == 0 {
				return passwords.Secret{}, fmt.Errorf("login: %w", mine)
			}
			return passwords.NewSecret("stale"), nil
		})
		err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
		var e *passwords.Error
		if !errors.As(err, &e) || e.StatusCode != 401 || !errors.Is(err, passwords.ErrUnauthorized) || !errors.Is(err, mine) ||
			!passwords.IsCode(err, passwords.CodeLoggedOut) || errors.Is(err, passwords.ErrOutcomeUnknown) || asked != 2 || len(s.Sent) != 1 {
			t.Errorf("asked %d times, %d requests: %v", asked, len(s.Sent), err)
		}
	})
}

// TestSessionRenewalIsNoStampede ends the session of all callers at once. The
// source is called once for the first token and once for the next.
func TestSessionRenewalIsNoStampede(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &testkit.Sessions{Valid: "valid", Tokens: []string{"stale", "valid"}, Refuse: testkit.LoggedOut, Hold: make(chan struct{})}
		client := testkit.NewSessionClient(t, s.Transport(t, testkit.NoContent), s.Source)
		wait := testkit.Concurrently(func() {
			if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
				t.Error(err)
			}
		})
		for range 2 { // one call of the source each
			synctest.Wait()
			s.Hold <- struct{}{}
		}
		wait()
		if s.Asked != 2 || len(s.Sent) != 2*testkit.Callers {
			t.Errorf("asked %d times, %d requests", s.Asked, len(s.Sent))
		}
	})
}

// TestSessionRenewalAsksAfterTheSessionIsGone ends a session while the source runs
// for another call. Its result is the stale token: the renewal does not wait for it.
func TestSessionRenewalAsksAfterTheSessionIsGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &testkit.Sessions{Valid: "valid", Tokens: []string{"stale", "stale", "valid"}, Refuse: testkit.LoggedOut, Hold: make(chan struct{})}
		arrived := make(chan struct{})
		inner := s.Transport(t, testkit.NoContent)
		client := testkit.NewSessionClient(t, testkit.RoundTripper(func(r *http.Request) (*http.Response, error) {
			<-arrived
			return inner.RoundTrip(r)
		}), s.Source)
		var running sync.WaitGroup
		call := func() {
			if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
				t.Error(err)
			}
		}
		running.Go(call)
		synctest.Wait()
		s.Hold <- struct{}{} // the first call has a token
		synctest.Wait()
		running.Go(call) // the second call waits for the source
		synctest.Wait()
		close(arrived) // the first call is logged out
		synctest.Wait()
		if s.Asked != 3 {
			t.Errorf("asked %d times before the second token", s.Asked)
		}
		for range 2 {
			s.Hold <- struct{}{}
			synctest.Wait()
		}
		close(s.Hold)
		running.Wait()
		if s.Asked < 3 || s.Asked > 4 || len(s.Sent) != 4 {
			t.Errorf("asked %d times, %d requests", s.Asked, len(s.Sent))
		}
	})
}

// cached is the source that its documentation describes. It keeps what it is told.
type cached struct {
	open func(ctx context.Context) (passwords.Secret, error)

	mu    sync.Mutex
	token passwords.Secret
	told  []string
}

func (c *cached) source(ctx context.Context, expired passwords.Secret) (token passwords.Secret, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.told = append(c.told, expired.Reveal())
	if c.token.IsZero() || c.token.Equal(expired) {
		c.token, err = c.open(ctx)
	}
	return c.token, err
}

// TestCachedSourceSurvivesItsSessions: with a source that cannot know that its token
// expired, every call after the end of a session succeeds.
func TestCachedSourceSurvivesItsSessions(t *testing.T) {
	t.Parallel()
	server := cyclostest.Start(t)
	opened := []string{""}
	c := cached{open: func(context.Context) (passwords.Secret, error) {
		opened = append(opened, server.NewSession(cyclostest.Ana))
		return passwords.NewSecret(opened[len(opened)-1]), nil
	}}
	client := testkit.NewClient(t, server.URL, passwords.WithSessionTokenSource(c.source))
	for session := 1; session <= 3; session++ {
		c.told = nil
		testkit.Concurrently(func() {
			if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); err != nil {
				t.Error(err)
			}
		})()
		if len(opened) != session+1 {
			t.Fatalf("%d sessions were opened, want %d", len(opened)-1, session)
		}
		for _, expired := range c.told {
			if expired != "" && expired != opened[session-1] {
				t.Error("the source was told another token than the one that expired")
			}
		}
		if c.told[0] != "" || session > 1 && !slices.Contains(c.told, opened[session-1]) {
			t.Errorf("session %d: the source was not told first of none and then of the one that expired", session)
		}
		server.EndSession(opened[session])
	}
}

// TestSessionsOfTheEmbeddedServer ends the session between and during calls.
func TestSessionsOfTheEmbeddedServer(t *testing.T) {
	t.Parallel()
	for _, d := range testkit.EmulatorCalls() {
		server := cyclostest.Start(t, cyclostest.WithWorld(testkit.FaultWorld()))
		user := map[string]string{cyclostest.AdminSession: cyclostest.Admin, cyclostest.AnaSession: cyclostest.Ana, cyclostest.BenSession: cyclostest.Ben}[d.Session]
		asked, token := 0, d.Session
		client := testkit.NewClient(t, server.URL, passwords.WithSessionTokenSource(func(context.Context, passwords.Secret) (passwords.Secret, error) {
			if asked++; asked == 2 {
				token = server.NewSession(user)
			}
			return passwords.NewSecret(token), nil
		}))
		server.EndSession(d.Session)
		if err := d.Do(t.Context(), client); err != nil {
			t.Errorf("%s: %v", d.ID, err)
		}
		if asked != 2 || server.Calls(d.ID) != 1 || d.Done != nil && !d.Done(server) {
			t.Errorf("%s: asked %d times, executed %d times", d.ID, asked, server.Calls(d.ID))
		}
	}
}

// TestRenewalOfASessionIsBounded by WithTimeout, even if the caller's context has
// no deadline.
func TestRenewalOfASessionIsBounded(t *testing.T) {
	t.Parallel()
	for timeout, want := range map[time.Duration]bool{0: false, time.Minute: true, time.Hour: true} {
		synctest.Test(t, func(t *testing.T) {
			asked, began := 0, time.Now()
			s := &testkit.Sessions{Valid: "valid", Refuse: testkit.LoggedOut}
			client := testkit.NewSessionClient(t, s.Transport(t, testkit.NoContent), func(ctx context.Context, _ passwords.Secret) (passwords.Secret, error) {
				if asked++; asked == 2 {
					select {
					case <-ctx.Done():
						return passwords.Secret{}, ctx.Err()
					case <-time.After(24 * time.Hour):
						return passwords.NewSecret("valid"), nil
					}
				}
				return passwords.NewSecret("stale"), nil
			}, passwords.WithTimeout(timeout))
			err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
			if bounded := time.Since(began) < 2*time.Hour; bounded != want || (err != nil) != want {
				t.Errorf("%s: after %s: %v", timeout, time.Since(began), err)
			}
			synctest.Wait()
		})
	}
}

// TestSourceWithoutAnotherTokenKeepsTheResponse: the error is the server's response,
// because a source without another token has not failed.
func TestSourceWithoutAnotherTokenKeepsTheResponse(t *testing.T) {
	t.Parallel()
	for _, second := range []string{"", "stale"} {
		synctest.Test(t, func(t *testing.T) {
			s := &testkit.Sessions{Valid: "valid", Tokens: []string{"stale", second}, Refuse: testkit.LoggedOut}
			err := testkit.NewSessionClient(t, s.Transport(t, testkit.NoContent), s.Source).EnablePassword(t.Context(), passwords.Principal("ana"), "login")
			if err == nil || err.Error() != "passwords: enablePassword: 401 Unauthorized: loggedOut" || errors.Unwrap(err) != nil {
				t.Errorf("got %v", err)
			}
		})
	}
}

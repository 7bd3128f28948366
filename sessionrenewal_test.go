package passwords_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/internal/testkit"
)

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

// TestSessionIsNotRenewedOtherwise has the server refuse for other reasons.
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
	for _, op := range testkit.Operations() { // without a source
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
		client := testkit.NewSessionClient(t, s.Transport(t, testkit.NoContent), func(ctx context.Context) (passwords.Secret, error) {
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

// TestSessionRenewalIsNoStampede ends the session of all callers at once: the
// source is asked once for the first token and once for the next.
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
		for range 2 { // one question each
			synctest.Wait()
			s.Hold <- struct{}{}
		}
		wait()
		if s.Asked != 2 || len(s.Sent) != 2*testkit.Callers {
			t.Errorf("asked %d times, %d requests", s.Asked, len(s.Sent))
		}
	})
}

// TestSessionRenewalAsksAfterTheSessionIsGone has the answer arrive while the
// source is asked for another call, and thinks the session good.
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
		s.Hold <- struct{}{} // the first has a token
		synctest.Wait()
		running.Go(call) // the second asks
		synctest.Wait()
		close(arrived) // the first is logged out, and joins
		synctest.Wait()
		if s.Asked != 2 {
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

// TestSessionsOfTheEmbeddedServer ends the session between and during calls.
func TestSessionsOfTheEmbeddedServer(t *testing.T) {
	t.Parallel()
	for _, d := range testkit.EmulatorCalls() {
		server := cyclostest.NewServer(cyclostest.WithWorld(testkit.FaultWorld()))
		t.Cleanup(server.Close)
		user := map[string]string{cyclostest.AdminSession: cyclostest.Admin, cyclostest.AnaSession: cyclostest.Ana, cyclostest.BenSession: cyclostest.Ben}[d.Session]
		asked, token := 0, d.Session
		client := testkit.NewClient(t, server.URL, passwords.WithSessionTokenSource(func(context.Context) (passwords.Secret, error) {
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

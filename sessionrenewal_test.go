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
		for _, op := range operations() {
			synctest.Test(t, func(t *testing.T) {
				s := &sessions{valid: "valid", tokens: tc.tokens, refuse: loggedOut}
				client := newSessionClient(t, s.transport(t, op.ok), s.source, passwords.WithRetries(0))
				_, err := op.call(t.Context(), client)
				if s.asked != tc.asked || !slices.Equal(s.sent, tc.sent) {
					t.Errorf("%s: %s: asked %d times, %d requests", name, op.id, s.asked, len(s.sent))
				}
				if tc.ok != (err == nil) || !tc.ok && (!errors.Is(err, passwords.ErrUnauthorized) ||
					!passwords.IsCode(err, passwords.CodeLoggedOut) || errors.Is(err, passwords.ErrOutcomeUnknown)) {
					t.Errorf("%s: %s: got %v", name, op.id, err)
				}
			})
		}
	}
}

// TestSessionIsNotRenewedOtherwise has the server refuse for other reasons.
func TestSessionIsNotRenewedOtherwise(t *testing.T) {
	t.Parallel()
	refusals := []reply{
		{status: 401}, jsonReply(401, `{"code":`), jsonReply(401, `{}`), jsonReply(401, `["loggedOut"]`), jsonReply(401, `{"code":"LoggedOut"}`),
		jsonReply(403, `{"code":"loggedOut"}`), jsonReply(400, `{"code":"loggedOut"}`), jsonReply(500, `{"code":"loggedOut"}`),
	}
	for _, code := range []string{
		passwords.CodeBlockedAccessClient, passwords.CodeInvalidAccessClient, passwords.CodeInvalidAccessToken,
		passwords.CodeInvalidChannelUsage, passwords.CodeInvalidNetwork, passwords.CodeLogin, passwords.CodeMissingAuthorization,
		passwords.CodeRemoteAddressBlocked, passwords.CodeUnauthorizedAddress, passwords.CodeUnauthorizedURL,
	} {
		refusals = append(refusals, jsonReply(401, `{"code":"`+code+`"}`), jsonReply(403, `{"code":"`+code+`"}`))
	}
	for _, refusal := range refusals {
		for _, op := range operations() {
			synctest.Test(t, func(t *testing.T) {
				s := &sessions{valid: "valid", tokens: []string{"stale", "valid"}, refuse: refusal}
				_, err := op.call(t.Context(), newSessionClient(t, s.transport(t, op.ok), s.source))
				if err == nil || s.asked != 1 || len(s.sent) != 1 {
					t.Errorf("%s: %d %s: asked %d times, %d requests: %v", op.id, refusal.status, refusal.body, s.asked, len(s.sent), err)
				}
			})
		}
	}
	for _, op := range operations() { // without a source
		w := newWire(t, loggedOut)
		if _, err := op.call(t.Context(), newClient(t, w.url)); !passwords.IsCode(err, passwords.CodeLoggedOut) || w.count() != 1 {
			t.Errorf("%s: %d requests: %v", op.id, w.count(), err)
		}
	}
}

func TestSessionSourceFailsAtRenewal(t *testing.T) {
	t.Parallel()
	mine := errors.New("mine")
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		s := &sessions{valid: "valid", refuse: loggedOut}
		client := newSessionClient(t, s.transport(t, noContent), func(ctx context.Context) (passwords.Secret, error) {
			if asked++; asked%2 == 0 {
				return passwords.Secret{}, fmt.Errorf("login: %w", mine)
			}
			return passwords.NewSecret("stale"), nil
		})
		err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
		var e *passwords.Error
		if !errors.As(err, &e) || e.StatusCode != 401 || !errors.Is(err, passwords.ErrUnauthorized) || !errors.Is(err, mine) ||
			!passwords.IsCode(err, passwords.CodeLoggedOut) || errors.Is(err, passwords.ErrOutcomeUnknown) || asked != 2 || len(s.sent) != 1 {
			t.Errorf("asked %d times, %d requests: %v", asked, len(s.sent), err)
		}
	})
}

// TestSessionRenewalIsNoStampede ends the session of all callers at once: the
// source is asked once for the first token and once for the next.
func TestSessionRenewalIsNoStampede(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &sessions{valid: "valid", tokens: []string{"stale", "valid"}, refuse: loggedOut, hold: make(chan struct{})}
		client := newSessionClient(t, s.transport(t, noContent), s.source)
		wait := callers(func() {
			if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
				t.Error(err)
			}
		})
		for range 2 { // one question each
			synctest.Wait()
			s.hold <- struct{}{}
		}
		wait()
		if s.asked != 2 || len(s.sent) != 2*many {
			t.Errorf("asked %d times, %d requests", s.asked, len(s.sent))
		}
	})
}

// TestSessionRenewalAsksAfterTheSessionIsGone has the answer arrive while the
// source is asked for another call, and thinks the session good.
func TestSessionRenewalAsksAfterTheSessionIsGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &sessions{valid: "valid", tokens: []string{"stale", "stale", "valid"}, refuse: loggedOut, hold: make(chan struct{})}
		arrived := make(chan struct{})
		inner := s.transport(t, noContent)
		client := newSessionClient(t, roundTripperFunc(func(r *http.Request) (*http.Response, error) {
			<-arrived
			return inner.RoundTrip(r)
		}), s.source)
		var running sync.WaitGroup
		call := func() {
			if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
				t.Error(err)
			}
		}
		running.Go(call)
		synctest.Wait()
		s.hold <- struct{}{} // the first has a token
		synctest.Wait()
		running.Go(call) // the second asks
		synctest.Wait()
		close(arrived) // the first is logged out, and joins
		synctest.Wait()
		if s.asked != 2 {
			t.Errorf("asked %d times before the second token", s.asked)
		}
		for range 2 {
			s.hold <- struct{}{}
			synctest.Wait()
		}
		close(s.hold)
		running.Wait()
		if s.asked < 3 || s.asked > 4 || len(s.sent) != 4 {
			t.Errorf("asked %d times, %d requests", s.asked, len(s.sent))
		}
	})
}

// TestSessionsOfTheEmbeddedServer ends the session between and during calls.
func TestSessionsOfTheEmbeddedServer(t *testing.T) {
	t.Parallel()
	for _, d := range deeds() {
		server := cyclostest.NewServer(cyclostest.WithWorld(faultWorld()))
		t.Cleanup(server.Close)
		user := map[string]string{cyclostest.AdminSession: cyclostest.Admin, cyclostest.AnaSession: cyclostest.Ana, cyclostest.BenSession: cyclostest.Ben}[d.session]
		asked, token := 0, d.session
		client := newClient(t, server.URL, passwords.WithSessionTokenSource(func(context.Context) (passwords.Secret, error) {
			if asked++; asked == 2 {
				token = server.NewSession(user)
			}
			return passwords.NewSecret(token), nil
		}))
		server.EndSession(d.session)
		if err := d.call(t.Context(), client); err != nil {
			t.Errorf("%s: %v", d.id, err)
		}
		if asked != 2 || server.Calls(d.id) != 1 || d.done != nil && !d.done(server) {
			t.Errorf("%s: asked %d times, executed %d times", d.id, asked, server.Calls(d.id))
		}
	}
}

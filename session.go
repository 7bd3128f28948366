package passwords

import (
	"context"
	"errors"
	"net/http"
	"sync"
)

var errSourceExited = errors.New("it ended its goroutine")

// tokenSource asks the caller's source for session tokens, for all who wait at
// once only one time. The source runs in a goroutine of its own, in which a panic
// would end the program: it goes on in each caller who waits instead, with its
// value, where [http.Server] and others recover. Like that of a handler in
// [http.TimeoutHandler] it is lost if nobody waits any more.
type tokenSource struct {
	ask func(context.Context) (Secret, error)

	mu     sync.Mutex
	flight *tokenFlight // nil if nobody asks
}

// tokenFlight is one question to the source.
type tokenFlight struct {
	done     chan struct{} // closed when the three below are set
	token    Secret
	err      error
	panicked any // the value, nil if the source did not panic
	waiters  int
	cancel   context.CancelFunc
}

// token returns what the source answers. It returns when ctx ends, even if the
// source does not.
func (s *tokenSource) token(ctx context.Context) (token Secret, joined bool, err error) {
	if ctx.Err() != nil {
		return Secret{}, false, ctx.Err()
	}
	s.mu.Lock()
	flight := s.flight
	joined = flight != nil
	if !joined {
		// Not the caller's context: others may wait when it ends, and its values
		// may be of one user, where the token goes to all who wait.
		asking, cancel := context.WithCancel(context.Background())
		flight = &tokenFlight{done: make(chan struct{}), cancel: cancel}
		s.flight = flight
		go s.fly(asking, flight)
	}
	flight.waiters++
	s.mu.Unlock()
	select {
	case <-flight.done:
		if flight.panicked != nil {
			panic(flight.panicked)
		}
		return flight.token, joined, flight.err
	case <-ctx.Done():
		s.leave(flight)
		return Secret{}, joined, ctx.Err()
	}
}

func (s *tokenSource) fly(ctx context.Context, flight *tokenFlight) {
	flight.err = errSourceExited // unless it returns
	defer func() {
		flight.panicked = recover()
		flight.cancel()
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.flight == flight {
			s.flight = nil
		}
		close(flight.done)
	}()
	flight.token, flight.err = s.ask(ctx)
}

// leave ends a question for which nobody waits any more.
func (s *tokenSource) leave(flight *tokenFlight) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if flight.waiters--; flight.waiters == 0 {
		flight.cancel()
		if s.flight == flight {
			s.flight = nil
		}
	}
}

// renew returns a token other than the stale one, or the zero Secret if the
// source has none.
func (s *tokenSource) renew(ctx context.Context, stale Secret) (Secret, error) {
	token, joined, err := s.token(ctx)
	if joined && err == nil && token.Equal(stale) {
		// The question was asked before the session was known to be gone.
		token, _, err = s.token(ctx)
	}
	if err != nil || token.Equal(stale) {
		return Secret{}, err
	}
	return token, nil
}

// renewSession returns a token for another attempt than that with the stale one,
// or the zero Secret.
func (c *Client) renewSession(ctx context.Context, stale Secret) (Secret, error) {
	ctx, cancel := c.limit(ctx)
	defer cancel()
	token, err := c.settings.source.renew(ctx, stale)
	if err == nil && !token.IsZero() {
		err = checkHeader("session token", token.Reveal())
	}
	if err != nil {
		return Secret{}, sourceError(err)
	}
	return token, nil
}

// sessionIsGone reports whether the server did not execute a request because of
// a session which the source can replace.
func (c *Client) sessionIsGone(out outcome) bool {
	return c.settings.source != nil && out.answer.status == http.StatusUnauthorized && errorCode(out.answer.errorObject()) == CodeLoggedOut
}

package passwords_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestSourceThatEndsItsGoroutine answers nothing, which is no empty token.
func TestSourceThatEndsItsGoroutine(t *testing.T) {
	t.Parallel()
	s := &testkit.Sessions{Valid: "valid", Refuse: testkit.LoggedOut}
	client := testkit.NewSessionClient(t, s.Transport(t, testkit.NoContent), func(context.Context) (passwords.Secret, error) {
		runtime.Goexit()
		return passwords.Secret{}, nil
	})
	err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
	if err == nil || errors.Is(err, passwords.ErrInvalidArgument) || !strings.HasSuffix(err.Error(), "session token source: it ended its goroutine") || len(s.Sent) != 0 {
		t.Errorf("%d requests, got %v", len(s.Sent), err)
	}
}

// TestContextOfASourceEndsWithItsAnswer: what it has begun must not go on.
func TestContextOfASourceEndsWithItsAnswer(t *testing.T) {
	t.Parallel()
	s := &testkit.Sessions{Valid: "valid", Refuse: testkit.LoggedOut}
	var given context.Context
	client := testkit.NewSessionClient(t, s.Transport(t, testkit.NoContent), func(ctx context.Context) (passwords.Secret, error) {
		given = ctx
		return passwords.NewSecret("valid"), nil
	})
	if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil || given.Err() == nil {
		t.Errorf("the context of the source goes on, or: %v", err)
	}
}

// TestSourceThatWasLeftIsAskedAnew: who comes after those that gave up does not wait
// for what they waited for.
func TestSourceThatWasLeftIsAskedAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hold, asked := make(chan struct{}), 0
		s := &testkit.Sessions{Valid: "valid", Refuse: testkit.LoggedOut}
		client := testkit.NewSessionClient(t, s.Transport(t, testkit.NoContent), func(context.Context) (passwords.Secret, error) {
			if asked++; asked == 1 {
				<-hold // whatever its context says
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
			t.Errorf("asked %d times, and waiting for the first answer", asked)
			close(hold)
			<-next
		}
		synctest.Wait()
	})
}

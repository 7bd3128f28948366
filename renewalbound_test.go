package passwords_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestRenewalOfASessionIsBounded by the timeout of an attempt, where the caller's
// context is not, and only if there is a timeout.
func TestRenewalOfASessionIsBounded(t *testing.T) {
	t.Parallel()
	for timeout, want := range map[time.Duration]bool{0: false, time.Minute: true, time.Hour: true} {
		synctest.Test(t, func(t *testing.T) {
			asked, began := 0, time.Now()
			s := &testkit.Sessions{Valid: "valid", Refuse: testkit.LoggedOut}
			client := testkit.NewSessionClient(t, s.Transport(t, testkit.NoContent), func(ctx context.Context) (passwords.Secret, error) {
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

// TestSourceWithoutAnotherTokenLeavesTheAnswer of the server as the reason: that
// there is none is no mistake.
func TestSourceWithoutAnotherTokenLeavesTheAnswer(t *testing.T) {
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

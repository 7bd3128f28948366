package cyclostest_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestLongRunsStayReadable changes a password so often that its whole history would
// exceed the client's limit for responses.
func TestLongRunsStayReadable(t *testing.T) {
	t.Parallel()
	const changes = 7000
	var seconds atomic.Int64
	s := cyclostest.Start(t, cyclostest.WithClock(func() time.Time { return time.Unix(seconds.Load(), 0) }))
	admin := testkit.NewClient(t, s.URL, passwords.WithSessionToken(passwords.NewSecret(cyclostest.AdminSession)))
	ana := passwords.Principal(cyclostest.Ana)
	for i := range changes {
		seconds.Add(1)
		change := passwords.ChangePassword{NewPassword: passwords.NewSecret(fmt.Sprintf("fake-%04d", i))}
		if err := admin.ChangePassword(t.Context(), ana, cyclostest.TypeLogin, change); err != nil {
			t.Fatal(err)
		}
	}
	login, err := admin.GetUserPasswordsData(t.Context(), ana, cyclostest.TypeLogin)
	if err != nil {
		t.Fatal(err)
	}
	if len(login.History) != 200 {
		t.Fatalf("the history has %d entries, want 200", len(login.History))
	}
	if newest, oldest := login.History[0].Date.Unix(), login.History[199].Date.Unix(); newest != changes || oldest != changes-199 {
		t.Errorf("the history goes from %d to %d, want the newest entries", newest, oldest)
	}
	if _, err := admin.GetUserPasswordsListData(t.Context(), ana); err != nil {
		t.Error(err)
	}
	if calls := s.Calls(gen.OperationChangePassword); calls != changes {
		t.Errorf("got %d calls", calls)
	}
}

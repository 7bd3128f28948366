//go:build servers

package proxies

import (
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/cyclos-go/passwords"
)

func TestServers(t *testing.T) {
	t.Parallel()
	routes := startRoutes(t)
	t.Run("values that the SDK rejects go astray", func(t *testing.T) { testStrays(t, routes) })
	for _, r := range routes {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			transport := &http.Transport{}
			t.Cleanup(transport.CloseIdleConnections)
			t.Run("users", func(t *testing.T) { testUsers(t, r, transport) })
			t.Run("types", func(t *testing.T) { testTypes(t, r, transport) })
		})
	}
}

func testUsers(t *testing.T, r route, transport http.RoundTripper) {
	t.Parallel()
	for _, row := range userCases() {
		for kind, user := range users(row) {
			t.Run(kind+"/"+row.Name, func(t *testing.T) {
				t.Parallel()
				client, observed := newClient(t, r, transport)
				for _, o := range userOperations() {
					err := call(t.Context(), o, client, user.User, "pin")
					if user.Want == "" {
						wantUnsent(t, observed, o, err)
						continue
					}
					wantArrival(t, observed, o, err, o.Expect(user.Want, "pin"), refusedBy(r, row.Name))
				}
			})
		}
	}
}

func testTypes(t *testing.T, r route, transport http.RoundTripper) {
	t.Parallel()
	for _, row := range typeCases() {
		t.Run(row.Name, func(t *testing.T) {
			t.Parallel()
			client, observed := newClient(t, r, transport)
			for _, o := range typeOperations() {
				err := call(t.Context(), o, client, passwords.Principal("ana"), row.Value)
				if rejects(o, row) {
					wantUnsent(t, observed, o, err)
					continue
				}
				wantArrival(t, observed, o, err, o.Expect("ana", row.Value), refusedBy(r, row.Name))
			}
		})
	}
}

func wantUnsent(t *testing.T, observed *observer, o operation, err error) {
	t.Helper()
	if sent, _ := observed.take(); !errors.Is(err, passwords.ErrInvalidArgument) || sent > 0 {
		t.Errorf("%s: got %v and %d requests, want ErrInvalidArgument and none", o.ID, err, sent)
	}
}

// wantArrival checks that exactly this call arrived or, if a server rejects it, that
// it fails and nothing arrived.
func wantArrival(t *testing.T, observed *observer, o operation, err error, want arrival, refused *refusal) {
	t.Helper()
	_, got := observed.take()
	if refused == nil {
		if err != nil || !slices.Equal(got, []arrival{want}) {
			t.Errorf("%s: got %v and %q, want %q", o.ID, err, got, want)
		}
		return
	}
	var failure *passwords.Error
	if !errors.As(err, &failure) || failure.StatusCode != refused.status || len(got) > 0 {
		t.Errorf("%s: got %v and %q, want status %d by %s: %s", o.ID, err, got, refused.status, refused.server, refused.reason)
	}
}

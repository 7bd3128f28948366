//go:build servers && linux

package proxies

import (
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit"
)

func TestServers(t *testing.T) {
	t.Parallel()
	routes := startRoutes(t)
	t.Run("values that the SDK rejects go astray", func(t *testing.T) { testStrays(t, routes) })
	for _, r := range routes {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			transport := r.transport(t)
			t.Run("users", func(t *testing.T) { testUsers(t, r, transport) })
			t.Run("types", func(t *testing.T) { testTypes(t, r, transport) })
		})
	}
}

func testUsers(t *testing.T, r route, transport http.RoundTripper) {
	t.Parallel()
	for _, row := range testkit.UserCases() {
		for kind, user := range row.Users() {
			t.Run(kind+"/"+row.Name, func(t *testing.T) {
				t.Parallel()
				client, observed := newClient(t, r, transport)
				for _, o := range testkit.Operations() {
					// The paths below the user of the other unsafe operations have the
					// same form.
					if id := gen.OperationID(o.ID); id != gen.OperationAllowGeneration && !id.Operation().Safe {
						continue
					}
					_, err := o.Call(t.Context(), client, user.User, "pin")
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
	for _, row := range testkit.TypeCases() {
		t.Run(row.Name, func(t *testing.T) {
			t.Parallel()
			client, observed := newClient(t, r, transport)
			for _, o := range testkit.Operations() {
				if !o.HasType() {
					continue
				}
				_, err := o.Call(t.Context(), client, passwords.Principal("ana"), row.Value)
				if o.Rejects(row) {
					wantUnsent(t, observed, o, err)
					continue
				}
				wantArrival(t, observed, o, err, o.Expect("ana", row.Value), refusedBy(r, row.Name))
			}
		})
	}
}

func wantUnsent(t *testing.T, observed *observer, o testkit.Operation, err error) {
	t.Helper()
	if sent, _ := observed.take(); !errors.Is(err, passwords.ErrInvalidArgument) || sent > 0 {
		t.Errorf("%s: got %v and %d requests, want ErrInvalidArgument and none", o.ID, err, sent)
	}
}

// wantArrival checks that exactly this call arrived or, if a server rejects it, that
// it fails and nothing arrived.
func wantArrival(t *testing.T, observed *observer, o testkit.Operation, err error, want testkit.Arrival, refused bool) {
	t.Helper()
	_, got := observed.take()
	if !refused {
		if err != nil || !slices.Equal(got, []testkit.Arrival{want}) {
			t.Errorf("%s: got %v and %q, want %q", o.ID, err, got, want)
		}
		return
	}
	var failure *passwords.Error
	if !errors.As(err, &failure) || failure.StatusCode != http.StatusBadRequest || len(got) > 0 {
		t.Errorf("%s: got %v and %q, want status 400 and no arrival", o.ID, err, got)
	}
}

//go:build servers

package proxytest

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

func TestServers(t *testing.T) {
	t.Parallel()
	routes := startRoutes(t)
	t.Run("values which the SDK refuses go astray", func(t *testing.T) { testStrays(t, routes) })
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

// userOperations are the three GETs and one POST, which stands for the others:
// their paths differ only behind the user.
func userOperations() []testkit.Operation {
	return slices.DeleteFunc(testkit.Operations(), func(o testkit.Operation) bool {
		return o.ID != "allowGeneration" && !strings.HasPrefix(o.Pattern(), http.MethodGet)
	})
}

func typeOperations() []testkit.Operation {
	return slices.DeleteFunc(testkit.Operations(), func(o testkit.Operation) bool { return !o.HasType() })
}

func testUsers(t *testing.T, r route, transport http.RoundTripper) {
	t.Parallel()
	for _, row := range testkit.UserCases() {
		for kind, user := range row.Users() {
			t.Run(kind+"/"+row.Name, func(t *testing.T) {
				t.Parallel()
				client, observed := newClient(t, r, transport)
				for _, o := range userOperations() {
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
			for _, o := range typeOperations() {
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

// wantArrival checks that the call arrived as exactly what it was or, where a
// server refuses it, that it is an error and arrived nowhere.
func wantArrival(t *testing.T, observed *observer, o testkit.Operation, err error, want testkit.Arrival, refused *refusal) {
	t.Helper()
	_, got := observed.take()
	if refused == nil {
		if err != nil || !slices.Equal(got, []testkit.Arrival{want}) {
			t.Errorf("%s: got %v and %q, want %q", o.ID, err, got, want)
		}
		return
	}
	var failure *passwords.Error
	if !errors.As(err, &failure) || failure.StatusCode != refused.status || len(got) > 0 {
		t.Errorf("%s: got %v and %q, want status %d by %s: %s", o.ID, err, got, refused.status, refused.server, refused.reason)
	}
}

package passwords_test

import (
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// muxServer is a server with the patterns of all operations in a ServeMux.
type muxServer struct {
	url string
	mu  sync.Mutex
	got []testkit.Arrival
}

func newMuxServer(t *testing.T) *muxServer {
	t.Helper()
	s := &muxServer{}
	s.url = testkit.Serve(t, testkit.NewRecorder(func(_ http.ResponseWriter, a testkit.Arrival) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.got = append(s.got, a)
	}))
	return s
}

// take returns what arrived since the last call.
func (s *muxServer) take() []testkit.Arrival {
	s.mu.Lock()
	defer s.mu.Unlock()
	got := s.got
	s.got = nil
	return got
}

func TestServeMuxFindsTheUserThatWasNamed(t *testing.T) {
	t.Parallel()
	for _, row := range testkit.UserCases() {
		for kind, user := range row.Users() {
			t.Run(kind+"/"+row.Name, func(t *testing.T) {
				t.Parallel()
				s := newMuxServer(t)
				client := testkit.NewClient(t, s.url)
				for _, o := range testkit.Operations() {
					if o.HasUser() {
						_, err := o.Call(t.Context(), client, user.User, "pin")
						wantArrival(t, s, err, o, user.Want, "pin", user.Want == "")
					}
				}
			})
		}
	}
}

func TestServeMuxFindsTheTypeThatWasNamed(t *testing.T) {
	t.Parallel()
	for _, row := range testkit.TypeCases() {
		t.Run(row.Name, func(t *testing.T) {
			t.Parallel()
			s := newMuxServer(t)
			client := testkit.NewClient(t, s.url)
			for _, o := range testkit.Operations() {
				if o.HasType() {
					_, err := o.Call(t.Context(), client, passwords.Principal("ana"), row.Value)
					wantArrival(t, s, err, o, "ana", row.Value, o.Rejects(row))
				}
			}
		})
	}
}

// wantArrival checks that the call arrived as exactly what it was, or that
// nothing was sent if it is one to be refused.
func wantArrival(t *testing.T, s *muxServer, err error, o testkit.Operation, user, passwordType string, refused bool) {
	t.Helper()
	got := s.take()
	if refused {
		if !errors.Is(err, passwords.ErrInvalidArgument) || len(got) > 0 {
			t.Errorf("%s: got %v and %d requests, want ErrInvalidArgument and none", o.ID, err, len(got))
		}
		return
	}
	if want := o.Expect(user, passwordType); err != nil || !slices.Equal(got, []testkit.Arrival{want}) {
		t.Errorf("%s: got %v and %q, want %q", o.ID, err, got, want)
	}
}

func TestPathTablesAreLargeAndNameEachRowOnce(t *testing.T) {
	t.Parallel()
	var users, types []string
	for _, row := range testkit.UserCases() {
		users = append(users, row.Name)
	}
	for _, row := range testkit.TypeCases() {
		types = append(types, row.Name)
	}
	for _, table := range []struct {
		names []string
		least int
	}{{users, 80}, {types, 25}} {
		rows := len(table.names)
		slices.Sort(table.names)
		if unique := len(slices.Compact(table.names)); unique < table.least || unique != rows {
			t.Errorf("%d rows with %d names, want at least %d rows with a name each", rows, unique, table.least)
		}
	}
}

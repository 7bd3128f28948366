package passwords_test

import (
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/pathcases"
	"github.com/cyclos-go/passwords/internal/pathcases/pathcalls"
)

// muxServer is a server with the twelve patterns in a ServeMux.
type muxServer struct {
	url string
	mu  sync.Mutex
	got []pathcalls.Arrival
}

func newMuxServer(t *testing.T) *muxServer {
	t.Helper()
	s := &muxServer{}
	s.url = serveHandler(t, pathcalls.NewRecorder(func(_ http.ResponseWriter, a pathcalls.Arrival) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.got = append(s.got, a)
	}))
	return s
}

// take returns what arrived since the last call.
func (s *muxServer) take() []pathcalls.Arrival {
	s.mu.Lock()
	defer s.mu.Unlock()
	got := s.got
	s.got = nil
	return got
}

func TestServeMuxFindsTheUserThatWasNamed(t *testing.T) {
	t.Parallel()
	for _, row := range pathcases.Users() {
		for kind, user := range pathcalls.Users(row) {
			t.Run(kind+"/"+row.Name, func(t *testing.T) {
				t.Parallel()
				s := newMuxServer(t)
				client := newClient(t, s.url)
				for _, o := range pathcalls.Operations() {
					if o.HasUser() {
						err := o.Call(t.Context(), client, user.User, "pin")
						wantArrival(t, s, err, o, user.Want, "pin", user.Want == "")
					}
				}
			})
		}
	}
}

func TestServeMuxFindsTheTypeThatWasNamed(t *testing.T) {
	t.Parallel()
	for _, row := range pathcases.Types() {
		t.Run(row.Name, func(t *testing.T) {
			t.Parallel()
			s := newMuxServer(t)
			client := newClient(t, s.url)
			for _, o := range pathcalls.Operations() {
				if o.HasType() {
					err := o.Call(t.Context(), client, passwords.Principal("ana"), row.Value)
					wantArrival(t, s, err, o, "ana", row.Value, o.Refuses(row))
				}
			}
		})
	}
}

// wantArrival checks that the call arrived as exactly what it was, or that
// nothing was sent if it is one to be refused.
func wantArrival(t *testing.T, s *muxServer, err error, o pathcalls.Operation, user, passwordType string, refused bool) {
	t.Helper()
	got := s.take()
	if refused {
		if !errors.Is(err, passwords.ErrInvalidArgument) || len(got) > 0 {
			t.Errorf("%s: got %v and %d requests, want ErrInvalidArgument and none", o.ID, err, len(got))
		}
		return
	}
	if want := o.Expect(user, passwordType); err != nil || !slices.Equal(got, []pathcalls.Arrival{want}) {
		t.Errorf("%s: got %v and %q, want %q", o.ID, err, got, want)
	}
}

func TestPathTablesAreLargeAndNameEachRowOnce(t *testing.T) {
	t.Parallel()
	var users, types []string
	for _, row := range pathcases.Users() {
		users = append(users, row.Name)
	}
	for _, row := range pathcases.Types() {
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

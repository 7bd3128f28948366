package cyclostest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"time"

	"github.com/cyclos-go/passwords/gen"
)

// Fault makes responses fail.
//
// Without Status, Body and Cut, the operation's response is sent, with Delay and
// Header applied.
type Fault struct {
	// Operation is an operation, such as gen.OperationListUserPasswords. If it is
	// empty, the fault applies to all operations.
	Operation gen.OperationID
	// User is the login name of a user. If it is set, the fault applies only to
	// requests about the passwords of this user. A request about the caller's own
	// passwords is about the user whom its credentials name, correct or not.
	User string
	// PasswordType is the internal name of a password type. If it is set, the fault
	// applies only to requests with this type in the path.
	PasswordType string
	// Nth is the number of the first request that fails, among the requests after
	// Inject that the fields above select. Values below 1 mean 1. Requests that an
	// earlier fault takes count too; if it takes the Nth request, the next one fails.
	Nth int
	// Times is the number of responses that fail. Values below 1 mean 1.
	Times int
	// Status is the status of the response, between 200 and 999. If it is zero
	// and Body is set, the status is 500.
	Status int
	// Header is added to the response. Without a Content-Type, a JSON Body is
	// sent as application/json; net/http detects the type of any other Body.
	Header http.Header
	// Body is sent unchanged, whatever the version.
	Body string
	// Delay postpones the response. The request is aborted if it is canceled or
	// the server is closed during the delay.
	Delay time.Duration
	// Cut closes the connection: in the middle of the response if Status or Body
	// is set, otherwise without a response. Clients of net/http retry a GET if
	// a reused connection is closed without a response.
	Cut bool
	// AfterExecution executes the operation before Delay and the fault. Otherwise
	// a request whose response is replaced is neither authenticated nor executed.
	AfterExecution bool
}

// queuedFault is a fault with its names resolved.
type queuedFault struct {
	Fault
	user *user         // nil for all
	typ  *PasswordType // nil for all
	seen int           // requests to which the fault applies
}

// Inject queues a fault. Faults are applied first in, first out. Inject panics if
// the operation, user or password type is unknown, or if Status is neither zero nor
// between 200 and 999.
func (s *Server) Inject(f Fault) {
	if f.Operation != "" && !knownOperation(f.Operation) {
		panic(fmt.Errorf("cyclostest: inject fault: unknown operation %q", f.Operation))
	}
	if f.Status != 0 && (f.Status < 200 || f.Status > 999) {
		panic(fmt.Errorf("cyclostest: inject fault: status %d is not between 200 and 999", f.Status))
	}
	if f.Status == 0 && f.Body != "" {
		f.Status = http.StatusInternalServerError
	}
	f.Times = max(f.Times, 1)
	f.Header = f.Header.Clone()
	q := queuedFault{Fault: f}
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.User != "" {
		q.user = s.mustUser(f.User)
	}
	if f.PasswordType != "" {
		q.typ = s.mustType(f.PasswordType)
	}
	s.faults = append(s.faults, q)
}

// ClearFaults removes all faults from the queue. It does not affect requests to which
// a fault has been applied.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// takeFault returns the next fault for a request, and removes it from the queue when it
// has been applied as often as it should. owner and t are nil if they are unknown. The
// caller must hold s.mu.
func (s *Server) takeFault(id gen.OperationID, owner *user, t *PasswordType) (due Fault, ok bool) {
	next := -1
	for i := range s.faults {
		f := &s.faults[i]
		if f.Operation != "" && f.Operation != id || f.user != nil && f.user != owner || f.typ != nil && f.typ != t {
			continue
		}
		if f.seen++; next < 0 && f.seen >= f.Nth {
			next = i
		}
	}
	if next < 0 {
		return Fault{}, false
	}
	f := &s.faults[next]
	due = f.Fault
	if f.Times--; f.Times == 0 {
		s.faults = slices.Delete(s.faults, next, next+1)
	}
	return due, true
}

// serveFault serves a request with a fault.
func (s *Server) serveFault(w *arrival, r *http.Request, id gen.OperationID, f Fault) {
	executed := httptest.NewRecorder()
	if f.AfterExecution {
		s.execute(executed, w, r, id)
	}
	s.wait(r, f.Delay)
	switch {
	case f.Status != 0 || f.Body != "" || f.Cut:
		f.send(w)
	case f.AfterExecution:
		maps.Copy(w.Header(), executed.Header())
		maps.Copy(w.Header(), f.Header)
		w.WriteHeader(executed.Code)
		_, _ = executed.Body.WriteTo(w) // fails only if the client disconnected
	default:
		maps.Copy(w.Header(), f.Header)
		s.execute(w, w, r, id)
	}
}

// wait returns after d. It aborts the request if the client disconnects or the
// server closes first.
func (s *Server) wait(r *http.Request, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
		panic(http.ErrAbortHandler)
	case <-s.closing.Done():
		panic(http.ErrAbortHandler)
	}
}

// send writes the response of the fault, or half of its body if it is cut.
func (f Fault) send(w http.ResponseWriter) {
	if f.Status == 0 {
		panic(http.ErrAbortHandler)
	}
	h := w.Header()
	maps.Copy(h, f.Header)
	if h.Get("Content-Type") == "" && json.Valid([]byte(f.Body)) {
		h.Set("Content-Type", jsonType)
	}
	if !f.Cut {
		w.WriteHeader(f.Status)
		_, _ = w.Write([]byte(f.Body)) // fails only if the client disconnected
		return
	}
	// One byte too many, so that an empty body is cut too.
	h.Set("Content-Length", strconv.Itoa(len(f.Body)+1))
	w.WriteHeader(f.Status)
	_, _ = w.Write([]byte(f.Body[:len(f.Body)/2]))
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

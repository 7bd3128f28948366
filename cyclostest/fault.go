package cyclostest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/cyclos-go/passwords/gen"
)

// Fault makes answers fail on order.
//
// Without Status, Body and Cut the answer is the one of the operation, perhaps
// delayed and with additional headers.
type Fault struct {
	// Operation is an operationId. When empty the fault is for all operations.
	Operation string
	// Times is how many answers fail. Less than one is taken for one.
	Times int
	// Status of the answer. When zero it is 500 if there is a Body.
	Status int
	// Header is added to the answer. Without a Content-Type, a Body that is JSON
	// is sent as application/json and net/http guesses that of any other.
	Header http.Header
	// Body is sent as it is, whatever the version.
	Body string
	// Delay is waited before the answer, or until the request is cancelled or
	// the server closed.
	Delay time.Duration
	// Cut closes the connection: without any answer, or if there is a Status or
	// Body in the middle of it. Clients of net/http send a GET once more when a
	// connection which they used before is closed without an answer.
	Cut bool
	// AfterExecution has the operation carried out before. Otherwise the request
	// does not reach it, not even the authentication.
	AfterExecution bool
}

// replaces says whether the answer is not that of the operation.
func (f Fault) replaces() bool { return f.Status != 0 || f.Body != "" || f.Cut }

// Inject orders a fault. Faults come in the order in which they were ordered.
// An unknown operation, or a Status which is not between 200 and 999, panics.
func (s *Server) Inject(f Fault) {
	if f.Operation != "" && !knownOperation(f.Operation) {
		panic(fmt.Errorf("cyclostest: unknown operation %q", f.Operation))
	}
	if f.Status != 0 && (f.Status < 200 || f.Status > 999) {
		panic(fmt.Errorf("cyclostest: impossible status %d", f.Status))
	}
	if f.Status == 0 && f.Body != "" {
		f.Status = http.StatusInternalServerError
	}
	f.Times = max(f.Times, 1)
	f.Header = f.Header.Clone()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, f)
}

// takeFault returns the fault that is due for an operation, if there is one.
func (s *Server) takeFault(id gen.OperationID) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.faults, func(f Fault) bool { return f.Operation == "" || f.Operation == string(id) })
	if i < 0 {
		return Fault{}, false
	}
	due := s.faults[i]
	if s.faults[i].Times--; s.faults[i].Times == 0 {
		s.faults = slices.Delete(s.faults, i, i+1)
	}
	return due, true
}

// serveFaulty answers as the fault says.
func (s *Server) serveFaulty(w http.ResponseWriter, r *http.Request, id gen.OperationID, f Fault) {
	executed := &recorder{header: http.Header{}}
	if f.AfterExecution {
		s.operate(executed, r, id)
	}
	s.wait(r, f.Delay)
	switch {
	case f.replaces():
		f.send(w)
	case f.AfterExecution:
		executed.replay(w, f.Header)
	default:
		maps.Copy(w.Header(), f.Header)
		s.operate(w, r, id)
	}
}

// wait returns after d. If the client goes or the server closes before, it
// aborts the request.
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

// send writes the faulty answer, or as much of it as the fault lets through.
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
		_, _ = w.Write([]byte(f.Body)) // an error means that the client has gone
		return
	}
	// One byte more than there is, so that an empty body is cut too.
	h.Set("Content-Length", strconv.Itoa(len(f.Body)+1))
	w.WriteHeader(f.Status)
	_, _ = w.Write([]byte(f.Body[:len(f.Body)/2]))
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// recorder keeps the answer of an operation for later.
type recorder struct {
	header http.Header
	status int
	body   []byte
}

func (rec *recorder) Header() http.Header { return rec.header }

func (rec *recorder) WriteHeader(status int) {
	if rec.status == 0 {
		rec.status = status
	}
}

func (rec *recorder) Write(data []byte) (int, error) {
	rec.WriteHeader(http.StatusOK)
	rec.body = append(rec.body, data...)
	return len(data), nil
}

// replay sends what was recorded with additional headers.
func (rec *recorder) replay(w http.ResponseWriter, additional http.Header) {
	maps.Copy(w.Header(), rec.header)
	maps.Copy(w.Header(), additional)
	w.WriteHeader(rec.status)
	_, _ = w.Write(rec.body) // an error means that the client has gone
}

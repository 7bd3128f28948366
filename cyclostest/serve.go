package cyclostest

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/cyclos-go/passwords/gen"
)

// maxBody is the most bytes that a request may have.
const maxBody = 1 << 20

// serve handles every request.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	// net/http notices that a client has gone only once the body was read.
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		s.refuse(w, invalidInput(gen.InputError{Code: gen.InputErrorCodeDataConversion, Name: "body"}))
		return
	} else if err != nil {
		panic(http.ErrAbortHandler) // nobody is there to read an answer
	}
	r.Body = io.NopCloser(bytes.NewReader(body))

	id, allowed := s.router.match(r)
	switch {
	case id != "":
		s.router.mux.ServeHTTP(w, r) // calls serveOperation, with the variables of the path
	case len(allowed) > 0:
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		w.WriteHeader(http.StatusMethodNotAllowed)
	default:
		s.refuse(w, notFound("", r.URL.Path))
	}
}

// serveOperation sends the answer of an operation, or the fault that is due for it.
func (s *Server) serveOperation(w http.ResponseWriter, r *http.Request, id gen.OperationID) {
	if f, due := s.takeFault(id); due {
		s.serveFaulty(w, r, id, f)
		return
	}
	s.operate(w, r, id)
}

// operate performs an operation and sends its answer.
func (s *Server) operate(w http.ResponseWriter, r *http.Request, id gen.OperationID) {
	result, p := s.perform(r, id)
	if p == nil && result.write(w, s.minor) != nil {
		p = internalError()
	}
	if p != nil {
		s.refuse(w, p)
	}
}

// perform authenticates the caller, counts the call and performs the operation.
func (s *Server) perform(r *http.Request, id gen.OperationID) (answer, *problem) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	caller, p := s.world.authenticate(r, now)
	if p != nil {
		return answer{}, p
	}
	s.world.calls[id]++
	return operations[id](&call{s.world, r, caller, now, s.minor})
}

// refuse sends a problem.
func (s *Server) refuse(w http.ResponseWriter, p *problem) {
	// The bodies of problems are always JSON.
	_ = writeJSON(w, p.status, p.schema, p.body, nil, s.minor)
}

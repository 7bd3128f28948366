package cyclostest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/cyclos-go/passwords/gen"
)

// maxBody is the most bytes that a request may have.
const maxBody = 1 << 20

// request is what operations need of the HTTP request beside its parameters.
type request struct {
	caller *user
	accept []string
}

type requestKey struct{}

func requestFrom(ctx context.Context) request {
	return ctx.Value(requestKey{}).(request)
}

// serve is the way of every request: find the operation, look whether a fault
// is due, and if not operate.
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

	operationID, allowed := s.router.match(r)
	switch {
	case operationID != "":
		if f, due := s.takeFault(operationID); due {
			s.serveFaulty(w, r, operationID, f)
			return
		}
		s.operate(w, r, operationID)
	case len(allowed) > 0:
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		w.WriteHeader(http.StatusMethodNotAllowed)
	default:
		s.refuse(w, notFound("", r.URL.Path))
	}
}

// operate authenticates the caller and has the generated server call the
// operation.
func (s *Server) operate(w http.ResponseWriter, r *http.Request, operationID string) {
	caller, p := s.admit(r, operationID)
	if p != nil {
		s.refuse(w, p)
		return
	}
	r = r.Clone(context.WithValue(r.Context(), requestKey{}, request{caller, r.Header.Values("Accept")}))
	joinFields(r)
	s.router.mux.ServeHTTP(w, r)
}

// admit authenticates the caller and counts the call.
func (s *Server) admit(r *http.Request, operationID string) (*user, *problem) {
	s.mu.Lock()
	defer s.mu.Unlock()
	caller, p := s.world.authenticate(r, s.now())
	if p == nil {
		s.world.calls[operationID]++
	}
	return caller, p
}

// refuse sends a problem.
func (s *Server) refuse(w http.ResponseWriter, p *problem) {
	// The bodies of problems are always JSON.
	_ = writeJSON(w, p.status, p.schema, p.body, nil, s.minor)
}

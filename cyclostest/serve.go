package cyclostest

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/cyclos-go/passwords/gen"
)

// maxBody is the maximum size of a request body in bytes.
const maxBody = 1 << 20

// serve handles every request.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	// net/http detects that a client disconnected only after the body was read.
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		s.writeProblem(s.record(w), invalidInput(gen.InputError{Code: gen.InputErrorCodeDataConversion}))
		return
	} else if err != nil {
		panic(http.ErrAbortHandler) // the client disconnected
	}
	r.Body = io.NopCloser(bytes.NewReader(body))

	id, allowed := s.router.match(r)
	switch {
	case id != "":
		s.router.mux.ServeHTTP(w, r) // calls serveOperation, with the path variables set
	case len(allowed) > 0:
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		s.record(w).WriteHeader(http.StatusMethodNotAllowed)
	default:
		s.writeProblem(s.record(w), notFound("", r.URL.Path))
	}
}

// serveOperation serves a request to an operation, with the next fault if there
// is one.
func (s *Server) serveOperation(w http.ResponseWriter, r *http.Request, id gen.OperationID) {
	a, f, due := s.recordOperation(w, r, id)
	if due {
		s.serveFault(a, r, id, f)
		return
	}
	s.execute(a, a, r, id)
}

// execute performs an operation and writes the response to w.
func (s *Server) execute(w http.ResponseWriter, a *arrival, r *http.Request, id gen.OperationID) {
	result, p := s.perform(r, id)
	a.update(func(r *Request) { r.Executed = p == nil })
	if p == nil && result.write(w, s.minor) != nil {
		p = internalError()
	}
	if p != nil {
		s.writeProblem(w, p)
	}
}

// perform authenticates the caller, counts the call and performs the operation.
func (s *Server) perform(r *http.Request, id gen.OperationID) (response, *problem) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{state: s.world, request: r, now: s.now(), minor: s.minor, activeLoginOnly: s.activeLoginOnly}
	if p := c.authenticate(id); p != nil {
		return response{}, p
	}
	s.world.calls[id]++
	return operations[id](c)
}

// writeProblem sends a problem.
func (s *Server) writeProblem(w http.ResponseWriter, p *problem) {
	// Encoding the body of a problem cannot fail.
	_ = writeJSON(w, p.status, p.schema, p.body, nil, s.minor)
}

// router finds the operation of a request.
type router struct {
	mux     *http.ServeMux
	ids     map[string]gen.OperationID // by mux pattern
	methods []string                   // methods of all operations, sorted
}

// newRouter returns a router that calls serve for each request to an operation.
func newRouter(serve func(http.ResponseWriter, *http.Request, gen.OperationID)) *router {
	rt := &router{mux: http.NewServeMux(), ids: map[string]gen.OperationID{}}
	for _, op := range gen.Operations {
		if operations[op.ID] == nil {
			panic("cyclostest: " + string(op.ID) + " has no handler: add it to cyclostest/operations.go")
		}
		pattern := op.Method + " " + basePath + op.Path
		rt.ids[pattern] = op.ID
		rt.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { serve(w, r, op.ID) })
		rt.methods = append(rt.methods, op.Method)
	}
	slices.Sort(rt.methods)
	rt.methods = slices.Compact(rt.methods)
	return rt
}

// match returns the operation of a request. If there is none, it returns the
// methods allowed for the path. A path that is not clean has none: net/http would
// redirect it.
func (rt *router) match(r *http.Request) (id gen.OperationID, allowed []string) {
	escaped := r.URL.EscapedPath()
	if escaped != path.Clean(escaped) {
		return "", nil
	}
	if _, pattern := rt.mux.Handler(r); pattern != "" {
		return rt.ids[pattern], nil
	}
	for _, method := range rt.methods {
		other := *r
		other.Method = method
		if _, pattern := rt.mux.Handler(&other); pattern != "" {
			allowed = append(allowed, method)
		}
	}
	return "", allowed
}

// knownOperation reports whether the API has this operation.
func knownOperation(id gen.OperationID) bool { return id.Operation() != gen.Operation{} }

// fieldsOf returns the entries of the parameter fields, which may be repeated or
// separated by commas. An empty value counts as absent.
func fieldsOf(r *http.Request) []string {
	var entries []string
	for _, value := range r.URL.Query()["fields"] {
		if value != "" {
			entries = append(entries, strings.Split(value, ",")...)
		}
	}
	return entries
}

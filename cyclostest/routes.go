package cyclostest

import (
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/cyclos-go/passwords/gen"
)

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

// knownOperation reports whether the API has an operation with this operationId.
func knownOperation(operationID string) bool {
	return gen.OperationID(operationID).Operation() != gen.Operation{}
}

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

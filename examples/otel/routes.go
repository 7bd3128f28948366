package main

import (
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/cyclos-go/passwords/gen"
)

var errBaseURL = errors.New("the base URL cannot be parsed, or its path is not clean")

// route is the part of a request that spans may show: the operation of the API.
type route struct{ operation, path string }

// unknownRoute is the route of requests that are not operations. Nothing of them is
// shown.
var unknownRoute = route{operation: "unknown", path: "/"}

// routes finds the route of a request as a server does, because the values in a path
// are escaped and may look like other parts of it.
type routes struct{ mux *http.ServeMux }

// newRoutes returns the routes below a base URL.
func newRoutes(baseURL string) (routes, error) {
	base, err := url.Parse(baseURL)
	if err != nil {
		return routes{}, errBaseURL // err quotes it
	}
	prefix := strings.TrimSuffix(base.EscapedPath(), "/")
	if prefix != "" && path.Clean(prefix) != prefix {
		return routes{}, errBaseURL // passwords.New rejects it too, and a ServeMux panics
	}
	mux := http.NewServeMux()
	for _, o := range gen.Operations {
		mux.Handle(o.Method+" "+prefix+o.Path, route{string(o.ID), prefix + o.Path})
	}
	return routes{mux}, nil
}

func (r routes) of(req *http.Request) route {
	handler, _ := r.mux.Handler(req)
	if found, ok := handler.(route); ok {
		return found
	}
	return unknownRoute
}

// ServeHTTP makes route an http.Handler, which a ServeMux can return. It is never
// called.
func (route) ServeHTTP(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }

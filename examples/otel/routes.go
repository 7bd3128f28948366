package main

import (
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"
)

var errBaseURL = errors.New("the base URL cannot be parsed, or its path is not clean")

// operations are those of the API, by method and path template.
var operations = map[string]string{
	"GET /{user}/passwords":                          "listUserPasswords",
	"GET /{user}/passwords/list-data":                "getUserPasswordsListData",
	"GET /{user}/passwords/{type}":                   "getUserPasswordsData",
	"POST /{user}/passwords/{type}/change":           "changePassword",
	"POST /{user}/passwords/{type}/disable":          "disablePassword",
	"POST /{user}/passwords/{type}/enable":           "enablePassword",
	"POST /{user}/passwords/{type}/unblock":          "unblockPassword",
	"POST /{user}/passwords/{type}/allow-generation": "allowGeneration",
	"POST /{user}/passwords/{type}/reset-generated":  "resetGeneratedPassword",
	"POST /{user}/passwords/{type}/reset-and-send":   "resetAndSendPassword",
	"POST /passwords/{type}/generate":                "generatePassword",
	"POST /passwords/{type}/change-generated":        "changeGenerated",
}

// route is what may be shown of a request: which operation of the API it is.
type route struct{ operation, path string }

// unknownRoute stands for requests that are no operation, of which nothing is
// shown.
var unknownRoute = route{operation: "unknown", path: "/"}

// routes finds the route of a request. It does so as a server does, since the
// values in a path are escaped and may look like other parts of it.
type routes struct{ mux *http.ServeMux }

// newRoutes returns the routes below a base URL.
func newRoutes(baseURL string) (routes, error) {
	base, err := url.Parse(baseURL)
	if err != nil {
		return routes{}, errBaseURL // err quotes it
	}
	prefix := strings.TrimSuffix(base.EscapedPath(), "/")
	if prefix != "" && path.Clean(prefix) != prefix {
		return routes{}, errBaseURL // passwords.New refuses it too, and a ServeMux panics
	}
	mux := http.NewServeMux()
	for pattern, operation := range operations {
		method, template, _ := strings.Cut(pattern, " ")
		mux.Handle(method+" "+prefix+template, route{operation, prefix + template})
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

// ServeHTTP makes a route what a ServeMux returns. It serves nothing.
func (route) ServeHTTP(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }

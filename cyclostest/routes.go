package cyclostest

import (
	"net/http"
	"path"
	"strings"

	"github.com/cyclos-go/passwords/gen/server"
)

// operationIDs names the operation behind each route of the generated server.
var operationIDs = map[string]string{
	"GET /api/{user}/passwords":                          "listUserPasswords",
	"GET /api/{user}/passwords/list-data":                "getUserPasswordsListData",
	"GET /api/{user}/passwords/{type}":                   "getUserPasswordsData",
	"POST /api/{user}/passwords/{type}/change":           "changePassword",
	"POST /api/{user}/passwords/{type}/disable":          "disablePassword",
	"POST /api/{user}/passwords/{type}/enable":           "enablePassword",
	"POST /api/{user}/passwords/{type}/unblock":          "unblockPassword",
	"POST /api/{user}/passwords/{type}/allow-generation": "allowGeneration",
	"POST /api/{user}/passwords/{type}/reset-generated":  "resetGeneratedPassword",
	"POST /api/{user}/passwords/{type}/reset-and-send":   "resetAndSendPassword",
	"POST /api/passwords/{type}/generate":                "generatePassword",
	"POST /api/passwords/{type}/change-generated":        "changeGenerated",
}

// router finds the operation of a request and calls it by the generated server.
type router struct{ mux *http.ServeMux }

func newRouter(s *Server) *router {
	strict := server.NewStrictHandlerWithOptions(api{s}, nil, server.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: func(w http.ResponseWriter, _ *http.Request, err error) {
			s.refuse(w, badRequest(err))
		},
		ResponseErrorHandlerFunc: func(w http.ResponseWriter, _ *http.Request, err error) {
			s.refuse(w, asProblem(err))
		},
	})
	mux := http.NewServeMux()
	server.HandlerWithOptions(strict, server.StdHTTPServerOptions{
		BaseURL:    basePath,
		BaseRouter: mux,
		ErrorHandlerFunc: func(w http.ResponseWriter, _ *http.Request, err error) {
			s.refuse(w, badRequest(err))
		},
	})
	return &router{mux}
}

// match returns the operationId for a request, or else the methods that its
// path has. A path that is not clean, which net/http would redirect, has none.
func (rt *router) match(r *http.Request) (operationID string, allowed []string) {
	escaped := r.URL.EscapedPath()
	if escaped != path.Clean(escaped) {
		return "", nil
	}
	if _, pattern := rt.mux.Handler(r); pattern != "" {
		return operationIDs[pattern], nil
	}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		other := *r
		other.Method = method
		if _, pattern := rt.mux.Handler(&other); pattern != "" {
			allowed = append(allowed, method)
		}
	}
	return "", allowed
}

// knownOperation says whether there is such an operationId.
func knownOperation(operationID string) bool {
	for _, id := range operationIDs {
		if id == operationID {
			return true
		}
	}
	return false
}

// joinFields turns repeated values of the parameter fields into the joined form
// which the generated server reads. An empty value is as good as none.
func joinFields(r *http.Request) {
	query := r.URL.Query()
	var values []string
	for _, value := range query["fields"] {
		if value != "" {
			values = append(values, value)
		}
	}
	if query.Del("fields"); len(values) > 0 {
		query.Set("fields", strings.Join(values, ","))
	}
	r.URL.RawQuery = query.Encode()
}

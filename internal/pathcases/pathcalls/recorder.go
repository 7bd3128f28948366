package pathcalls

import (
	"io"
	"net/http"
	"strings"
)

// Arrival is the operation that a server took a request for, by its pattern,
// and the values it read from the path, "" where the path has none.
type Arrival struct {
	Pattern, User, Type string
}

// Expect returns the arrival of an operation that was called with the user and
// type given, as they are in the path.
func (o Operation) Expect(user, passwordType string) Arrival {
	a := Arrival{Pattern: o.Pattern}
	if o.HasUser() {
		a.User = user
	}
	if o.HasType() {
		a.Type = passwordType
	}
	return a
}

// NewRecorder returns a server that has the twelve patterns, and nothing else,
// in a [http.ServeMux]. It reports each request which the mux gives to one of
// them, and answers it the way the operation promises.
func NewRecorder(report func(http.ResponseWriter, Arrival)) http.Handler {
	mux := http.NewServeMux()
	for _, o := range Operations() {
		mux.HandleFunc(o.Pattern, func(w http.ResponseWriter, r *http.Request) {
			report(w, Arrival{r.Pattern, r.PathValue("user"), r.PathValue("type")})
			answer(w, o)
		})
	}
	return mux
}

func answer(w http.ResponseWriter, o Operation) {
	mediaType, body := "application/json", "{}"
	switch {
	case !o.HasUser():
		mediaType, body = "text/plain", "path-once-a02c"
	case !strings.HasPrefix(o.Pattern, http.MethodGet):
		w.WriteHeader(http.StatusNoContent)
		return
	case !o.HasType() && strings.HasSuffix(o.Pattern, "/passwords"):
		body = "[]"
	}
	w.Header().Set("Content-Type", mediaType)
	_, _ = io.WriteString(w, body)
}

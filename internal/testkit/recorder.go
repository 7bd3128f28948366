package testkit

import "net/http"

// Arrival is the operation to which a server routed a request, by its pattern,
// and the values it read from the path: "" if the path has none.
type Arrival struct {
	Pattern, User, Type string
}

// Expect returns the arrival of a call with the user and the type, as they are
// in the path.
func (o Operation) Expect(user, passwordType string) Arrival {
	a := Arrival{Pattern: o.Pattern()}
	if o.HasUser() {
		a.User = user
	}
	if o.HasType() {
		a.Type = passwordType
	}
	return a
}

// NewRecorder returns a [http.ServeMux] with the patterns of the operations and
// nothing else. It reports each request that the mux routes to one of them, and
// sends the typical reply.
func NewRecorder(report func(http.ResponseWriter, Arrival)) http.Handler {
	mux := http.NewServeMux()
	for _, o := range Operations() {
		mux.HandleFunc(o.Pattern(), func(w http.ResponseWriter, r *http.Request) {
			report(w, Arrival{r.Pattern, r.PathValue("user"), r.PathValue("type")})
			o.OK.ServeHTTP(w, r)
		})
	}
	return mux
}

package cyclostest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/cyclos-go/passwords/gen"
)

// Request describes a request that the server received. It contains no passwords and
// no tokens.
type Request struct {
	// Time is the time of arrival, by the server's clock.
	Time time.Time
	// Operation is empty if the API has no operation for the method and the path.
	// Caller, User, PasswordType and Parameters are empty then too.
	Operation gen.OperationID
	// Caller is the login name of the user to whom the credentials belong, even if
	// the server rejected them. It is empty if there is no such user.
	Caller string
	// User is the login name of the user whose passwords the request is about. It is
	// empty if there is no such user.
	User string
	// PasswordType is the internal name of the password type in the path. It is empty
	// if there is none, or no such type.
	PasswordType string
	// Parameters are the parameters fields, sendMediums and timeoutInSeconds, the
	// headers Channel, Principal-Type and confirmationPassword, and the properties of a
	// body, as far as the request had them. All values that can be secret are replaced by [REDACTED].
	// The caller must not modify the map.
	Parameters url.Values
	// Status is the status of the response. It is zero if no response was sent, or
	// not yet. It does not tell whether the connection was closed in the middle of the
	// response.
	Status int
	// Executed reports whether the operation succeeded, so that its changes were
	// made. Status may differ because of a fault.
	Executed bool
	// Fault reports whether a Fault applied to the request.
	Fault bool
}

// redacted replaces secrets.
const redacted = "[REDACTED]"

// Requests returns the requests that the server received, oldest first. Requests whose
// body did not arrive completely are omitted, as are the oldest ones beyond the limit
// of WithRecordLimit.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world.requests.list()
}

// arrival is a request that is being served. As a ResponseWriter, it records the status
// before the client can see it.
type arrival struct {
	http.ResponseWriter
	server  *Server
	number  int // in the ring of requests
	written bool
}

// record records a request that no operation serves.
func (s *Server) record(w http.ResponseWriter) *arrival {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &arrival{w, s, s.world.requests.add(Request{Time: s.now()}), false}
}

// recordOperation records a request to an operation and removes the next fault for it
// from the queue.
func (s *Server) recordOperation(w http.ResponseWriter, r *http.Request, id gen.OperationID) (a *arrival, f Fault, due bool) {
	parameters := parametersOf(r, id)
	s.mu.Lock()
	defer s.mu.Unlock()
	caller := s.world.claimed(r)
	owner := s.world.resolveUser(caller, cmp.Or(r.PathValue("user"), self))
	t := s.world.typeByKey(r.PathValue("type"))
	f, due = s.takeFault(id, owner, t)
	request := Request{Time: s.now(), Operation: id, Parameters: parameters, Fault: due}
	if caller != nil {
		request.Caller = caller.LoginName
	}
	if owner != nil {
		request.User = owner.LoginName
	}
	if t != nil {
		request.PasswordType = t.InternalName
	}
	return &arrival{w, s, s.world.requests.add(request), false}, f, due
}

// claimed returns the user to whom the credentials of a request belong, without
// checking them, and nil if there is no such user.
func (st *state) claimed(r *http.Request) *user {
	if token := r.Header.Get(headerSession); token != "" {
		return st.sessions[token]
	}
	if token := r.Header.Get(headerAccessClient); token != "" {
		return st.clients[token]
	}
	principal, _, _ := r.BasicAuth()
	return st.userByPrincipal(cmp.Or(r.Header.Get(headerPrincipalType), PrincipalAny), principal)
}

// parametersOf returns the parameters that a request to an operation has, nil if it has
// none.
func parametersOf(r *http.Request, id gen.OperationID) (found url.Values) {
	set := func(name string, values ...string) {
		switch {
		case len(values) == 0:
		case found == nil:
			found = url.Values{name: values}
		default:
			found[name] = values
		}
	}
	if r.URL.RawQuery != "" {
		query := r.URL.Query()
		set("fields", query["fields"]...)
		set(sendMediums, query[sendMediums]...)
		set(timeoutInSeconds, query[timeoutInSeconds]...)
	}
	set(headerChannel, r.Header.Values(headerChannel)...)
	set(headerPrincipalType, r.Header.Values(headerPrincipalType)...)
	set(confirmationPassword, slices.Repeat([]string{redacted}, len(r.Header.Values(confirmationPassword)))...)
	if id == gen.OperationChangePassword {
		body, _ := io.ReadAll(r.Body) // cannot fail: serve has read it
		r.Body = io.NopCloser(bytes.NewReader(body))
		var given map[string]json.RawMessage
		_ = json.Unmarshal(body, &given) // the operation reports the error
		for name, value := range given {
			_, known := properties["ChangePassword."+name]
			switch text := string(value); {
			case !known:
			case text == "true" || text == "false":
				set(name, text)
			default: // only booleans are certainly no secrets
				set(name, redacted)
			}
		}
	}
	return found
}

// update changes the record, if it has not been dropped.
func (a *arrival) update(change func(*Request)) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	if r := a.server.world.requests.at(a.number); r != nil {
		change(r)
	}
}

func (a *arrival) WriteHeader(status int) {
	if !a.written {
		a.written = true
		a.update(func(r *Request) { r.Status = status })
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *arrival) Write(data []byte) (int, error) {
	if !a.written {
		a.WriteHeader(http.StatusOK)
	}
	return a.ResponseWriter.Write(data)
}

// Unwrap is for http.ResponseController.
func (a *arrival) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// ring keeps the newest values.
type ring[T any] struct {
	limit, added int
	kept         []T
}

// add returns the number of the value, counted from zero.
func (r *ring[T]) add(value T) int {
	if len(r.kept) < r.limit {
		r.kept = append(r.kept, value)
	} else {
		r.kept[r.added%r.limit] = value
	}
	r.added++
	return r.added - 1
}

// at returns a value by its number, nil if it has been dropped.
func (r *ring[T]) at(number int) *T {
	if number < r.added-len(r.kept) {
		return nil
	}
	return &r.kept[number%r.limit]
}

// list returns the values, oldest first.
func (r *ring[T]) list() []T {
	oldest := 0
	if len(r.kept) == r.limit {
		oldest = r.added % r.limit
	}
	return slices.Concat(r.kept[oldest:], r.kept[:oldest])
}

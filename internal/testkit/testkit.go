// Package testkit holds the rigs that tests of several packages share: servers,
// transports, certificates, and the tables of operations, users and password
// types.
package testkit

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit/spec"
)

// The secrets of tests. They are compared, never printed.
const (
	Token                = "wire-token-0f3a"
	OldPassword          = "wire-old-71c2"
	NewPassword          = "wire-new-e5d9"
	GeneratedPassword    = "wire-once-4b86"
	ConfirmationPassword = "wire-confirm-92aa"
	Password             = "wire-pass-d017"
)

// Request is a request as it arrived at a server.
type Request struct {
	Method, URI, Body string
	Header            http.Header
}

// Wire is a server on loopback that gives each request the same response and
// records it. The zero value records requests, without a server.
type Wire struct {
	URL string
	mu  sync.Mutex
	got []Request
}

// NewWire returns a wire that validates each exchange against the API
// description.
func NewWire(t testing.TB, reply Reply) *Wire {
	t.Helper()
	w := &Wire{}
	w.URL = Serve(t, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if err := w.Record(r); err != nil {
			t.Errorf("reading the request: %T", err)
		}
		err := spec.Check(r, reply.Status, reply.header(), []byte(reply.Body))
		if (err != nil) != reply.OffSpec {
			t.Errorf("%s with response %d: allowed by the API description: %t (%v)", r.Method, reply.Status, err == nil, err)
		}
		reply.ServeHTTP(rw, r)
	}))
	return w
}

// Record records a request. Its body can be read again.
func (w *Wire) Record(r *http.Request) error {
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.got = append(w.got, Request{r.Method, r.RequestURI, string(body), r.Header.Clone()})
	return err
}

// One returns the only request that arrived.
func (w *Wire) One(t testing.TB) Request {
	t.Helper()
	got := w.All()
	if len(got) != 1 {
		t.Fatalf("%d requests arrived, want 1", len(got))
	}
	return got[0]
}

// All returns the requests in the order in which they arrived.
func (w *Wire) All() []Request {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.got)
}

// Count returns the number of requests that arrived.
func (w *Wire) Count() int { return len(w.All()) }

// Reply is the response of a server. It is the handler that sends it.
type Reply struct {
	Status int
	Header map[string]string // no entry is sent for an empty value
	Body   string
	// OffSpec marks an exchange that the API description does not allow. A
	// [Wire] fails the test if it does.
	OffSpec bool
}

// JSON returns a reply with the media type of JSON.
func JSON(status int, body string) Reply {
	return Reply{Status: status, Header: map[string]string{"Content-Type": "application/json"}, Body: body}
}

// Text returns a successful reply with the media type that Cyclos uses for text.
func Text(body string) Reply {
	return Reply{Status: http.StatusOK, Header: map[string]string{"Content-Type": "text/plain;charset=UTF-8"}, Body: body}
}

var (
	// NoContent is the reply to most unsafe operations.
	NoContent = Reply{Status: http.StatusNoContent}
	// LoggedOut is the reply to a session that has ended.
	LoggedOut = JSON(http.StatusUnauthorized, `{"code":"loggedOut"}`)
)

func (r Reply) header() http.Header {
	header := http.Header{}
	for name, value := range r.Header {
		if value != "" {
			header.Set(name, value)
		}
	}
	return header
}

// ServeHTTP sends the reply, without the Content-Type that net/http would guess.
func (r Reply) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header()["Content-Type"] = nil
	maps.Copy(w.Header(), r.header())
	w.WriteHeader(r.Status)
	_, _ = io.WriteString(w, r.Body)
}

// Serve serves h on loopback and returns the base URL.
func Serve(t testing.TB, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL + "/api"
}

// NewClient returns a client that does not retry and, without options, has
// [Token] as its session token.
func NewClient(t testing.TB, url string, opts ...passwords.Option) *passwords.Client {
	t.Helper()
	if len(opts) == 0 {
		opts = []passwords.Option{passwords.WithSessionToken(passwords.NewSecret(Token))}
	}
	opts = append([]passwords.Option{passwords.WithRetries(0)}, opts...)
	client, err := passwords.New(url, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	return client
}

// StatusErrors are the errors that a status can match.
var StatusErrors = []error{
	passwords.ErrUnauthorized, passwords.ErrForbidden, passwords.ErrNotFound, passwords.ErrConflict,
	passwords.ErrInvalidInput, passwords.ErrTooManyRequests, passwords.ErrUnavailable, passwords.ErrServer,
	passwords.ErrUnexpectedResponse, passwords.ErrInvalidArgument,
}

// Authentications returns each authentication, with the header that carries it.
func Authentications() map[string]Authentication {
	return map[string]Authentication{
		"basic":         {passwords.WithBasicAuth("ana", passwords.NewSecret(Password)), "Authorization"},
		"session":       {passwords.WithSessionToken(passwords.NewSecret(Token)), "Session-Token"},
		"access client": {passwords.WithAccessClientToken(passwords.NewSecret(Token)), "Access-Client-Token"},
	}
}

// Authentication is an option and the request header that it sets.
type Authentication struct {
	Option passwords.Option
	Header string
}

// WantRejected checks that the error is ErrInvalidArgument, that it does not
// show the value, and that no request was sent.
func WantRejected(t testing.TB, w *Wire, err error, operation, value string) {
	t.Helper()
	var e *passwords.Error
	if !errors.As(err, &e) || !errors.Is(err, passwords.ErrInvalidArgument) || e.Operation != operation || e.StatusCode != 0 {
		t.Fatalf("got %v, want ErrInvalidArgument", err)
	}
	if len(value) > 2 && value != "passwords" && strings.Contains(err.Error(), value) {
		t.Error("the error shows the value")
	}
	if w.Count() != 0 {
		t.Error("a request was sent")
	}
}

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

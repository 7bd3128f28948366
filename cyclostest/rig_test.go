package cyclostest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cyclos-go/passwords/gen"
)

// clock is a manual clock.
type clock struct{ passed atomic.Int64 }

func (c *clock) Now() time.Time { return startTime.Add(time.Duration(c.passed.Load())) }

func (c *clock) advance(d time.Duration) { c.passed.Add(int64(d)) }

var startTime = time.Date(2018, 6, 25, 10, 17, 37, 85_900_000, time.FixedZone("", 2*60*60))

// rig is a running server with a stopped clock.
type rig struct {
	*Server
	t      *testing.T
	clock  *clock
	client *http.Client
}

func start(t *testing.T, opts ...Option) *rig {
	t.Helper()
	c := &clock{}
	s := Start(t, append([]Option{WithClock(c.Now)}, opts...)...)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &rig{s, t, c, &http.Client{Transport: transport}}
}

// testResponse is a received response. Failures print only the bodies of errors, so
// that the output contains no generated password.
type testResponse struct {
	status int
	header http.Header
	body   string
}

type edit func(*http.Request)

func header(name string, values ...string) edit {
	return func(r *http.Request) { r.Header[http.CanonicalHeaderKey(name)] = values }
}

func basic(user, password string) edit {
	return func(r *http.Request) { r.SetBasicAuth(user, password) }
}

func session(token string) edit { return header(headerSession, token) }

func body(text string) edit {
	return func(r *http.Request) {
		r.Body = io.NopCloser(strings.NewReader(text))
		r.ContentLength = int64(len(text))
	}
}

func (r *rig) request(method, path string, edits ...edit) *http.Request {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.URL+path, nil)
	if err != nil {
		r.t.Fatalf("%s %s: %v", method, path, err)
	}
	for _, e := range edits {
		e(req)
	}
	return req
}

func (r *rig) do(method, path string, edits ...edit) testResponse {
	r.t.Helper()
	resp, err := r.client.Do(r.request(method, path, edits...))
	if err != nil {
		r.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatalf("%s %s: %v", method, path, err)
	}
	return testResponse{resp.StatusCode, resp.Header, strings.TrimSpace(string(data))}
}

func (r *rig) get(path string, edits ...edit) testResponse {
	r.t.Helper()
	return r.do(http.MethodGet, path, edits...)
}

func (r *rig) post(path string, edits ...edit) testResponse {
	r.t.Helper()
	return r.do(http.MethodPost, path, edits...)
}

// ok sends a POST and requires status 204.
func (r *rig) ok(path string, edits ...edit) {
	r.t.Helper()
	r.post(path, edits...).want(r.t, 204, "")
}

// generated sends a POST and returns the generated value.
func (r *rig) generated(path string, edits ...edit) string {
	r.t.Helper()
	got := r.post(path, edits...)
	if got.status != 200 || got.body == "" {
		r.t.Fatalf("POST %s: got status %d, empty body %t", path, got.status, got.body == "")
	}
	return got.body
}

// want compares the status and, unless wantBody is empty, the body.
func (got testResponse) want(t *testing.T, status int, wantBody string) {
	t.Helper()
	shown := got.body
	if got.status < 400 {
		shown = "(not shown)"
	}
	if got.status != status || wantBody != "" && got.body != wantBody {
		t.Fatalf("got %d %s, want %d %s", got.status, shown, status, wantBody)
	}
}

func (got testResponse) decode(t *testing.T, into any) {
	t.Helper()
	if got.status != 200 {
		t.Fatalf("got status %d, want 200", got.status)
	}
	if err := json.Unmarshal([]byte(got.body), into); err != nil {
		t.Fatalf("decode: %v", err)
	}
}

// data returns a password as visible in a session.
func (r *rig) data(token, user, passwordType string) gen.PasswordStatusAndActions {
	r.t.Helper()
	var data gen.PasswordStatusAndActions
	r.get("/"+user+"/passwords/"+passwordType, session(token)).decode(r.t, &data)
	return data
}

func (r *rig) wantStatus(loginName, passwordType string, want gen.PasswordStatusEnum) {
	r.t.Helper()
	if got := r.Status(loginName, passwordType); got != want {
		r.t.Fatalf("%s of %s: got status %s, want %s", passwordType, loginName, got, want)
	}
}

// withPassword returns the default world with the password p.
func withPassword(loginName string, p Password) World {
	w := DefaultWorld()
	for i := range w.Users {
		u := &w.Users[i]
		if u.LoginName == loginName {
			u.Passwords = slices.DeleteFunc(u.Passwords, func(old Password) bool { return old.Type == p.Type })
			u.Passwords = append(u.Passwords, p)
		}
	}
	return w
}

// passwordInStatus returns a password in a status, with a sample value if the
// status requires one.
func passwordInStatus(passwordType string, status gen.PasswordStatusEnum) Password {
	p := Password{Type: passwordType, Status: status}
	switch {
	case status == neverCreated || status == pending:
	case passwordType == TypeLogin:
		p.Value = sampleManual
	default:
		p.Value = sampleGenerated
	}
	return p
}

// withUserStatus returns the default world with the status of a user set.
func withUserStatus(loginName string, status gen.UserStatusEnum) World {
	w := DefaultWorld()
	for i := range w.Users {
		if w.Users[i].LoginName == loginName {
			w.Users[i].Status = status
		}
	}
	return w
}

// mustPanic fails the test unless f panics.
func mustPanic(t *testing.T, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Fatal("got no panic")
		}
	}()
	f()
}

// serveDirect serves a request without a network connection.
func serveDirect(s *Server, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

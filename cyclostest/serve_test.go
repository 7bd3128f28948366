package cyclostest

import (
	"errors"
	"io"
	"math"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/cyclos-go/passwords/gen"
)

func TestTruncatedRequestBody(t *testing.T) {
	t.Parallel()
	s := New()
	broken := io.MultiReader(strings.NewReader("{"), iotest.ErrReader(errors.New("broken")))
	mustPanic(t, func() { serveDirect(s, httptest.NewRequest("POST", "/api"+disable, broken)) })
}

func TestUnknownPathsAndMethods(t *testing.T) {
	t.Parallel()
	r := start(t)
	for path, key := range map[string]string{
		"":                           "/api",
		"/":                          "/api/",
		"/self":                      "/api/self",
		"/self/passwords/":           "/api/self/passwords/",
		"//passwords":                "/api//passwords",
		"/self/passwords//change":    "/api/self/passwords//change",
		"/self/../ana/passwords":     "/api/self/../ana/passwords",
		"/self/passwords/login/nope": "/api/self/passwords/login/nope",
		"/self%2Fpasswords":          "/api/self/passwords",
	} {
		r.get(path, session(AnaSession)).want(t, 404, `{"key":"`+key+`"}`)
	}
	for _, test := range []struct{ method, path, allow string }{
		{"POST", "/self/passwords", "GET"},
		{"DELETE", "/self/passwords/login", "GET"},
		{"GET", "/self/passwords/login/change", "POST"},
		{"PUT", "/passwords/pin/generate", "POST"},
	} {
		got := r.do(test.method, test.path, session(AnaSession))
		got.want(t, 405, "")
		if got.body != "" || got.header.Get("Allow") != test.allow {
			t.Errorf("%s %s: got body %q and headers %v", test.method, test.path, got.body, got.header)
		}
	}
	r.do("HEAD", "/self/passwords", session(AnaSession)).want(t, 200, "")
}

func TestEveryOperationIsServed(t *testing.T) {
	t.Parallel()
	s := New()
	replace := strings.NewReplacer("{user}", Ana, "{type}", TypeLogin)
	for _, op := range gen.Operations {
		if operations[op.ID] == nil {
			t.Errorf("%s has no implementation: add it to operations in operations.go", op.ID)
			continue
		}
		path := basePath + replace.Replace(op.Path)
		if got, _ := s.router.match(httptest.NewRequest(op.Method, path, nil)); got != op.ID {
			t.Errorf("%s %s: got %q, want %s", op.Method, path, got, op.ID)
		}
		before := s.Calls(op.ID)
		r := httptest.NewRequest(op.Method, path, strings.NewReader(`{}`))
		r.Header.Set(headerSession, s.NewSession(Admin))
		serveDirect(s, r)
		if s.Calls(op.ID) != before+1 {
			t.Errorf("%s: the call was not counted", op.ID)
		}
	}
	for id := range operations {
		if !knownOperation(id) {
			t.Errorf("%s is not an operation of the API", id)
		}
	}
}

func TestInternalError(t *testing.T) {
	t.Parallel()
	s := New()
	w := httptest.NewRecorder()
	s.writeProblem(w, internalError())
	want := `{"exceptionType":"java.lang.IllegalStateException","kind":"general"}` + "\n"
	if w.Code != 500 || w.Body.String() != want {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	if err := (response{body: math.NaN()}).write(w, lastMinor); err == nil {
		t.Error("got no error for a body that cannot be encoded")
	}
}

// A date that JSON cannot represent is the only cause of a 500.
func TestClockBeyondJSON(t *testing.T) {
	t.Parallel()
	s := New(WithClock(func() time.Time { return time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC) }))
	r := httptest.NewRequest("GET", "/api/self/passwords", nil)
	r.Header.Set(headerSession, AnaSession)
	if w := serveDirect(s, r); w.Code != 500 || !strings.Contains(w.Body.String(), "IllegalStateException") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

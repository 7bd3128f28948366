package cyclostest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

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
			t.Errorf("%s %s: %q, %v", test.method, test.path, got.body, got.header)
		}
	}
}

func TestEveryOperationHasARoute(t *testing.T) {
	t.Parallel()
	s := New()
	replace := strings.NewReplacer("{user}", Ana, "{type}", TypeLogin)
	seen := map[string]bool{}
	for pattern, id := range operationIDs {
		method, path, _ := strings.Cut(replace.Replace(pattern), " ")
		if got, _ := s.router.match(httptest.NewRequest(method, path, nil)); got != id {
			t.Errorf("%s: got %q, want %s", pattern, got, id)
		}
		seen[id] = true
		before := s.Calls(id)
		r := httptest.NewRequest(method, path, strings.NewReader(`{}`))
		r.Header.Set(headerSession, AdminSession)
		direct(s, r)
		if s.Calls(id) != before+1 {
			t.Errorf("%s: not counted", id)
		}
	}
	if len(seen) != 12 {
		t.Errorf("%d operations", len(seen))
	}
}

func TestHead(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.do(http.MethodHead, "/self/passwords", session(AnaSession)).want(t, 200, "")
}

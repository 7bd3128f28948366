package spec_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/internal/testkit/spec"
)

// exchanges has requests with their responses, and what is wrong with them: "" if the
// API description allows them.
var exchanges = map[string]struct {
	method, path, body string
	header             string // of the request
	status             int
	response           string
	want               string
}{
	"allowed":           {"GET", "/ana/passwords", "", "Session-Token", 200, `[{"status":"active"}]`, ""},
	"basic":             {"GET", "/ana/passwords", "", "Authorization", 200, `[]`, ""},
	"allowed body":      {"POST", "/self/passwords/login/change", `{"newPassword":"leak-me"}`, "Session-Token", 204, "", ""},
	"error":             {"GET", "/ana/passwords", "", "Session-Token", 403, `{"code":"illegalAction"}`, ""},
	"unknown path":      {"GET", "/leak-me", "", "Session-Token", 200, `[]`, "no operation"},
	"unknown method":    {"PUT", "/leak-me/passwords", "", "Session-Token", 200, `[]`, "no operation"},
	"no authentication": {"GET", "/ana/passwords", "", "", 200, `[]`, "request of listUserPasswords: no authentication"},
	"wrong body":        {"POST", "/self/passwords/login/change", `{"newPassword":["leak-me"]}`, "Session-Token", 204, "", "request of changePassword: at /newPassword: violates type"},
	"malformed body":    {"POST", "/self/passwords/login/change", `{"newPassword":"leak-me"`, "Session-Token", 204, "", "request of changePassword"},
	"body with names twice": {"POST", "/self/passwords/login/change", `{"newPassword":"leak-me","newPassword":"leak-me"}`, "Session-Token", 204, "",
		"request of changePassword"},
	"undeclared status":     {"GET", "/ana/passwords", "", "Session-Token", 202, `[]`, "response of listUserPasswords: the status is not declared"},
	"204 with a body":       {"POST", "/ana/passwords/login/enable", "", "Session-Token", 204, "leak-me", "response of enablePassword: a 204 with a body"},
	"wrong response":        {"GET", "/ana/passwords", "", "Session-Token", 200, `{"leak-me":1}`, "response of listUserPasswords: at /: violates type"},
	"wrong value":           {"GET", "/ana/passwords", "", "Session-Token", 200, `[{"status":"leak-me"}]`, "response of listUserPasswords: at /0: violates allOf"},
	"malformed response":    {"GET", "/ana/passwords", "", "Session-Token", 200, `["leak-me`, "response of listUserPasswords"},
	"names twice":           {"GET", "/ana/passwords", "", "Session-Token", 200, `[{"status":"active","status":"active"}]`, "response of listUserPasswords"},
	"response without body": {"GET", "/ana/passwords", "", "Session-Token", 200, "", "response of listUserPasswords"},
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for name, tc := range exchanges {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failures := recorder{TB: t}
			handler := spec.Handler(&failures, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(tc.status)
				_, _ = fmt.Fprint(w, tc.response)
			}))
			req := httptest.NewRequestWithContext(t.Context(), tc.method, "/api"+tc.path, strings.NewReader(tc.body))
			req.Header.Set("Content-Type", "application/json")
			if tc.header != "" {
				req.Header.Set(tc.header, "leak-me")
			}
			got := httptest.NewRecorder()
			handler.ServeHTTP(got, req)
			if got.Code != tc.status || got.Body.String() != tc.response || got.Header().Get("Content-Type") != "application/json" {
				t.Errorf("the response was changed: status %d", got.Code)
			}
			if text := string(failures.text); (text == "") != (tc.want == "") || !strings.Contains(text, tc.want) || strings.Contains(text, "leak-me") {
				t.Errorf("the failure differs: %q, want one that contains %q and no value", text, tc.want)
			}
		})
	}
}

// recorder is a test that records its failures instead of failing.
type recorder struct {
	testing.TB
	text []byte
}

func (r *recorder) Errorf(format string, args ...any) { r.text = fmt.Appendf(r.text, format, args...) }

func TestHandlerReportsAnUnreadableBody(t *testing.T) {
	t.Parallel()
	failures := recorder{TB: t}
	handler := spec.Handler(&failures, http.NotFoundHandler())
	req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/ana/passwords", nil)
	req.Body = http.MaxBytesReader(httptest.NewRecorder(), io.NopCloser(strings.NewReader("leak-me")), 1)
	handler.ServeHTTP(httptest.NewRecorder(), req)
	if text := string(failures.text); !strings.Contains(text, "reading the request body: *http.MaxBytesError") {
		t.Error("the failure does not name the error")
	}
}

// TestLoad searches in the directories above a temporary one.
func TestLoad(t *testing.T) {
	if doc, err := spec.Load(); err != nil || doc.Paths.Len() == 0 {
		t.Fatalf("the description of this repository: %v", err)
	}
	dir := t.TempDir()
	below := filepath.Join(dir, "a", "b")
	if err := os.MkdirAll(below, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Chdir(below)
	if _, err := spec.Load(); err == nil || !strings.Contains(err.Error(), "no api/openapi.yaml") {
		t.Errorf("without a description: got %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "api"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"malformed": "{", "invalid": "openapi: 3.0.3\ninfo: {title: t}\npaths: {}\n"} {
		if err := os.WriteFile(filepath.Join(dir, "api", "openapi.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := spec.Load(); err == nil {
			t.Errorf("a description that is %s was accepted", name)
		}
	}
}

package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
)

var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+/`)

// TestRunServesUntilItIsInterrupted calls the API at the printed address.
func TestRunServesUntilItIsInterrupted(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	out, printed := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, nil, printed, io.Discard)
		ended <- errors.Join(err, printed.Close())
	}()
	text := readUntil(t, out, cyclostest.AnaClientToken+"\n")
	for _, want := range []string{cyclostest.Admin + "  " + cyclostest.AdminPassword, cyclostest.AnaSession} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the output\n%s", want, text)
		}
	}
	url := address.FindString(text)
	client, err := passwords.New(url+"api", passwords.WithBasicAuth(cyclostest.Admin, passwords.NewSecret(cyclostest.AdminPassword)))
	if err != nil {
		t.Fatal(err)
	}
	all, err := client.ListUserPasswords(t.Context(), passwords.Self())
	if err != nil || len(all) == 0 {
		t.Errorf("got %d passwords and the error %v", len(all), err)
	}

	interrupt()
	if err := <-ended; err != nil {
		t.Errorf("the interrupted command fails: %v", err)
	}
	if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); err == nil {
		t.Error("the server responds after the command exited")
	}
}

// readUntil reads until the text occurs and returns everything it read.
func readUntil(t *testing.T, r io.Reader, text string) string {
	t.Helper()
	all := ""
	for lines := bufio.NewReader(r); !strings.Contains(all, text); {
		line, err := lines.ReadString('\n')
		all += line
		if err != nil {
			t.Fatalf("%v after the output %q", err, all)
		}
	}
	return all
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"-addr", "0.0.0.0:0"}, {"-addr", ":0"}, {"-addr", "[::]:0"}, {"-addr", "192.0.2.1:0"}, {"-addr", "example.org:80"},
		{"-addr", "127.0.0.1"}, {"-unknown"}, {"127.0.0.1:0"},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // stops a server that should not have started
		if err := run(ctx, args, io.Discard, io.Discard); err == nil {
			t.Errorf("%q is accepted", args)
		}
	}
	if err := run(t.Context(), []string{"-h"}, io.Discard, io.Discard); err != nil {
		t.Errorf("-h: %v", err)
	}
}

func TestHandler(t *testing.T) {
	t.Parallel()
	api := cyclostest.New()
	defer api.Close()
	handler, err := newHandler(api.Handler())
	if err != nil {
		t.Fatal(err)
	}
	spec, err := os.ReadFile(specFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		path, contentType, has string
		status                 int
	}{
		{"/", "text/html; charset=utf-8", cyclostest.AnaPassword, 200},
		{"/page.js", "text/javascript; charset=utf-8", "validatorUrl: null", 200},
		{"/page.css", "text/css; charset=utf-8", "aside", 200},
		{"/swagger-ui-bundle.js", "text/javascript; charset=utf-8", "SwaggerUIBundle", 200},
		{"/swagger-ui.css", "text/css; charset=utf-8", ".swagger-ui", 200},
		{"/favicon-32x32.png", "image/png", "PNG", 200},
		{"/openapi.yaml", "text/plain; charset=utf-8", string(spec), 200},
		{"/swagger-ui/", "text/plain; charset=utf-8", "not found", 404},
	} {
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "http://localhost"+tt.path, nil))
		header := recorder.Header()
		if got := header.Get("Content-Type"); recorder.Code != tt.status || got != tt.contentType || !strings.Contains(recorder.Body.String(), tt.has) {
			t.Errorf("%s: the response is %d with %s and %d bytes", tt.path, recorder.Code, got, recorder.Body.Len())
		}
		if policy := header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: the policy is %q", tt.path, policy)
		}
		if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: the headers are %v", tt.path, header)
		}
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "http://127.0.0.1:80/api/self/passwords", nil))
	if recorder.Code != http.StatusUnauthorized || recorder.Header().Get("Content-Security-Policy") != "" {
		t.Errorf("the API responds with %d and %v", recorder.Code, recorder.Header())
	}
	for _, path := range []string{"/", "/openapi.yaml", "/api/self/passwords"} {
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "http://127.0.0.1.evil.example"+path, nil))
		if recorder.Code != http.StatusMisdirectedRequest || strings.Contains(recorder.Body.String(), cyclostest.AnaPassword) {
			t.Errorf("%s: another host gets the response %d", path, recorder.Code)
		}
	}
}

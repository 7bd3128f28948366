package transport_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
	"github.com/cyclos-go/passwords/internal/transport"
)

// TestFailuresShowNothingOfTheResponse covers responses that net/http quotes in its
// errors.
func TestFailuresShowNothingOfTheResponse(t *testing.T) {
	t.Parallel()
	for name, response := range map[string]string{
		"not HTTP":                  "leak-me leak-me leak-me\r\n\r\n",
		"bad status":                "HTTP/1.1 leak-me\r\n\r\n",
		"bad content length":        "HTTP/1.1 200 OK\r\nContent-Length: leak-me\r\n\r\n",
		"two content lengths":       "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 77\r\n\r\n",
		"unknown transfer encoding": "HTTP/1.1 200 OK\r\nTransfer-Encoding: leak-me\r\n\r\n",
		"malformed header":          "HTTP/1.1 200 OK\r\nleak-me\r\n\r\n",
		"malformed chunk":           "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\nleak-me\r\n",
		"malformed location":        "HTTP/1.1 302 Found\r\nLocation: https://sso.example/%zz?leak-me\r\nContent-Length: 0\r\n\r\n",
		"location with credentials": "HTTP/1.1 308 Permanent Redirect\r\nLocation: https://leak-me:leak-me@sso.example/leak-me?leak-me#leak-me\r\nContent-Length: 0\r\n\r\n",
		"status 000":                "HTTP/1.1 000 leak-me\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\nleak-me",
		"unknown version":           "HTTP/9.9 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\nleak-me",
		"old version":               "HTTP/0.9 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\nleak-me",
		"reason phrase":             "HTTP/1.1 500 leak-me\r\nContent-Length: 0\r\n\r\n",
		"empty":                     "",
		"truncated body":            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nleak-me",
		"truncated error body":      "HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"leak-me",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			value, err := testkit.NewClient(t, rawServer(t, response, false)).GeneratePassword(t.Context(), "pin")
			var e *passwords.Error
			if !errors.As(err, &e) || !value.IsZero() {
				t.Fatalf("got %v, want an *Error and no value", err)
			}
			if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "leak-me") {
				t.Error("the error quotes the response")
			}
		})
	}
}

// rawServer sends the same bytes to each request and closes the connection, or
// keeps it open if hold is set. It returns the base URL.
func rawServer(t *testing.T, response string, hold bool) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { close(done); _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
					return
				}
				_, _ = io.WriteString(conn, response)
				if hold {
					<-done
				}
			}()
		}
	}()
	return "http://" + listener.Addr().String() + "/api"
}

func TestFailuresShowNoUserAndKeepTheirReason(t *testing.T) {
	t.Parallel()
	closed := "http://" + testkit.UnusedAddress(t) + "/api"
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	mine := errors.New("token file malformed: leak-me")
	failing := func(err error) []passwords.Option {
		return []passwords.Option{passwords.WithDoer(testkit.DoerFunc(func(r *http.Request) (*http.Response, error) {
			inner := &url.Error{Op: "Get", URL: r.URL.String(), Err: err}
			return nil, fmt.Errorf("proxy: %w", &url.Error{Op: "Get", URL: r.URL.String(), Err: inner})
		}))}
	}
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	for name, tc := range map[string]struct {
		ctx  context.Context
		url  string
		opts []passwords.Option
		want error
		text string
	}{
		"refused":             {t.Context(), closed, nil, nil, "dial tcp"},
		"canceled":            {canceled, closed, nil, context.Canceled, "context canceled"},
		"deadline":            {t.Context(), closed, failing(context.DeadlineExceeded), context.DeadlineExceeded, "context deadline exceeded"},
		"own transport":       {t.Context(), closed, failing(mine), mine, "the request failed"},
		"timeout":             {t.Context(), closed, failing(timeoutError{}), timeoutError{}, "timeout"},
		"end of file":         {t.Context(), closed, failing(io.EOF), io.EOF, "the connection broke off"},
		"refused by text":     {t.Context(), closed, failing(&net.OpError{Op: "dial", Net: "tcp", Err: errors.New("leak-me")}), nil, "dial"},
		"unknown operation":   {t.Context(), closed, failing(&net.OpError{Op: "leak-me", Net: "leak-me", Err: mine}), mine, "network error"},
		"joined with a URL":   {t.Context(), closed, failing(errors.Join(&url.Error{Op: "Get", URL: "leak-me", Err: io.EOF}, mine)), mine, "the connection broke off"},
		"no such host":        {t.Context(), closed, failing(&net.DNSError{Err: "leak-me", Name: "cyclos.example.org", IsNotFound: true}), nil, "no such host: cyclos.example.org"},
		"HTTP, not HTTPS":     {t.Context(), strings.Replace(plain.URL, "http:", "https:", 1), nil, http.ErrSchemeMismatch, "HTTP response to HTTPS client"},
		"unknown certificate": {t.Context(), secure.URL, nil, nil, "certificate of the server is not trusted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := testkit.NewClient(t, tc.url, tc.opts...).ListUserPasswords(tc.ctx, passwords.Principal("leak-me"), "leak-me")
			var e *passwords.Error
			if !errors.As(err, &e) || e.StatusCode != 0 || e.Operation != "listUserPasswords" {
				t.Fatalf("got %T", err)
			}
			var quoting *url.Error
			if strings.Contains(err.Error(), "leak-me") || errors.As(err, &quoting) {
				t.Error("the error quotes the URL")
			}
			for cause := err; cause != nil; cause = errors.Unwrap(cause) {
				// The verb does not call Error.
				if strings.Contains(fmt.Sprintf("%+v %#v %t", cause, cause, cause), "leak-me") {
					t.Errorf("printers show the reason of %T", cause)
				}
			}
			if tc.want != nil && !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
			if !strings.Contains(err.Error(), tc.text) {
				t.Errorf("got %v, want %s", err, tc.text)
			}
			for _, sentinel := range testkit.StatusErrors {
				if errors.Is(err, sentinel) {
					t.Errorf("the error matches %v", sentinel)
				}
			}
		})
	}
}

type timeoutError struct{}

func (timeoutError) Error() string { return "leak-me" }

func (timeoutError) Timeout() bool { return true }

func (timeoutError) Temporary() bool { return true }

// TestFailureTextsSayWhatTheSystemSays covers errors of package net. Only the text of
// the operating system is kept.
func TestFailureTextsSayWhatTheSystemSays(t *testing.T) {
	t.Parallel()
	addr := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 443}
	refused := os.NewSyscallError("connect", syscall.ECONNREFUSED)
	for want, err := range map[string]error{
		"dial tcp 192.0.2.1:443: connection refused":          &net.OpError{Op: "dial", Net: "tcp", Addr: addr, Err: refused},
		"read tcp 192.0.2.1:443: connection reset by peer":    &net.OpError{Op: "read", Net: "tcp", Addr: addr, Err: syscall.ECONNRESET},
		"write tcp 192.0.2.1:443: broken pipe":                &net.OpError{Op: "write", Net: "tcp", Addr: addr, Err: syscall.EPIPE},
		"proxyconnect: connection refused":                    &net.OpError{Op: "proxyconnect", Net: "tcp", Err: refused},
		"network error tcp 192.0.2.1:443: connection refused": &net.OpError{Op: "leak-me", Net: "tcp", Addr: addr, Err: refused},
		"network error":                          &net.OpError{Op: "leak-me", Addr: &net.UnixAddr{Name: "leak-me"}, Err: errors.New("leak-me")},
		"read: timeout":                          &net.OpError{Op: "read", Err: fmt.Errorf("leak-me: %w", os.ErrDeadlineExceeded)},
		"timeout":                                &net.OpError{Op: "read", Addr: addr, Err: os.ErrDeadlineExceeded},
		"no such host":                           &net.DNSError{Name: "ana:leak-me@example.org", Err: "leak-me", IsNotFound: true},
		"no such host: a-b.example":              &net.OpError{Op: "dial", Err: &net.DNSError{Name: "a-b.example", Err: "leak-me", IsNotFound: true}},
		"the host name cannot be looked up: a_b": &net.OpError{Op: "dial", Err: &net.DNSError{Name: "a_b", Err: "leak-me", IsTemporary: true}},
		"the connection broke off":               io.EOF,
		"the request failed":                     errors.New("leak-me"),
	} {
		client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) { return nil, err })
		got := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
		if text := "passwords: enablePassword: " + want + " (the outcome is unknown)"; got == nil || got.Error() != text || !errors.Is(got, err) {
			t.Errorf("got %v, want %s", got, text)
		}
	}
}

func TestFailedIsNilForNil(t *testing.T) {
	t.Parallel()
	if err := transport.Failed(nil); err != nil {
		t.Errorf("got %v", err)
	}
}

// opaque wraps an error and shows nothing of it; hidden shows it and does not wrap it.
type (
	opaque   struct{ error }
	hidden   struct{ *urlError }
	handsOut struct{ error }
	urlError = url.Error
)

func (opaque) Error() string { return "opaque" }

func (o opaque) Unwrap() error { return o.error }

func (handsOut) Error() string { return "opaque" }

// As is a method as that of errors of HTTP/2.
func (h handsOut) As(target any) bool {
	into, ok := target.(*interface{ Unwrap() []error })
	if ok {
		*into = errors.Join(h.error).(interface{ Unwrap() []error })
	}
	return ok
}

// TestNoTargetReachesAURL has errors.As look for many types in errors of doers and of
// the caller's own functions.
func TestNoTargetReachesAURL(t *testing.T) {
	t.Parallel()
	const secret = "leak-me"
	slow := &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}
	quoting := &url.Error{Op: "Get", URL: "https://ana:" + secret + "@cyclos.example.org/api/" + secret, Err: fmt.Errorf("x: %w", slow)}
	for name, reason := range map[string]error{
		"alone":           quoting,
		"nested":          &url.Error{Op: "Get", URL: secret, Err: quoting},
		"deep":            fmt.Errorf("a: %w", fmt.Errorf("b: %w", opaque{&net.OpError{Op: "dial", Err: opaque{quoting}}})),
		"joined":          errors.Join(errors.New("first"), quoting, opaque{quoting}),
		"two":             fmt.Errorf("%w, %w", opaque{slow}, quoting),
		"opaque":          opaque{errors.Join(opaque{quoting})},
		"embedded":        hidden{quoting},
		"behind a method": errors.Join(handsOut{errors.Join(quoting)}, &url.Error{URL: secret, Err: slow}),
		"only the text":   fmt.Errorf("proxy: %v: %w", quoting, slow),
	} {
		clients := map[string]*passwords.Client{
			"doer": testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) { return nil, reason }),
			"body": testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
				return testkit.TextResponse(io.NopCloser(iotest.ErrReader(reason))), nil
			}),
			"source": testkit.NewClient(t, "http://localhost/api", passwords.WithSessionTokenSource(func(context.Context, passwords.Secret) (passwords.Secret, error) {
				return passwords.Secret{}, reason
			})),
			"editor": testkit.NewClient(t, "http://localhost/api", passwords.WithRequestEditor(func(context.Context, *http.Request) error { return reason })),
		}
		for where, client := range clients {
			_, err := client.GeneratePassword(t.Context(), "pin")
			if err == nil || !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatalf("%s of a %s: the reason is lost", name, where)
			}
			for _, target := range []any{
				new(error), new(net.Error), new(interface{ Timeout() bool }), new(interface{ Temporary() bool }), new(*url.Error), new(hidden), new(opaque), new(handsOut),
				new(interface{ Unwrap() error }), new(interface{ Unwrap() []error }), new(interface{ Is(error) bool }), new(interface{ As(any) bool }), new(*net.OpError),
				new(interface {
					net.Error
					Unwrap() error
				}), new(fmt.Formatter), new(fmt.Stringer), new(encoding.TextMarshaler), new(*passwords.Error), new(*transport.Failure),
			} {
				if errors.As(err, target) {
					noURL(t, fmt.Sprintf("%s of a %s: %T", name, where, target), reflect.ValueOf(target).Elem().Interface())
				}
			}
			var timeout interface{ Timeout() bool }
			var temporary interface{ Temporary() bool }
			if !errors.As(err, &timeout) || !timeout.Timeout() || !errors.As(err, &temporary) || !temporary.Temporary() {
				t.Errorf("%s of a %s: no timeout was found", name, where)
			}
			var found *net.OpError
			if !errors.As(err, &found) || found != slow {
				t.Errorf("%s of a %s: the error of package net was not found", name, where)
			}
		}
	}
	var timeout interface{ Timeout() bool }
	var temporary interface{ Temporary() bool }
	refused := transport.Failed(&url.Error{Op: "Get", URL: secret, Err: syscall.ECONNREFUSED})
	if !errors.As(refused, &timeout) || timeout.Timeout() || !errors.As(refused, &temporary) || temporary.Temporary() {
		t.Error("a refused connection is a timeout")
	}
}

// noURL checks an error that errors.As returned and all that it leads to.
func noURL(t *testing.T, name string, found any) {
	t.Helper()
	if _, quoting := found.(*url.Error); quoting || strings.Contains(fmt.Sprintf("%v %+v %s", found, found, found), "leak-me") {
		t.Errorf("%s reaches a URL", name)
	}
	switch found := found.(type) {
	case interface{ Unwrap() error }:
		if err := found.Unwrap(); err != nil {
			noURL(t, name, err)
		}
	case interface{ Unwrap() []error }:
		for _, err := range found.Unwrap() {
			noURL(t, name, err)
		}
	}
}

// TestKindsOfFailures: they are fixed words for a log.
func TestKindsOfFailures(t *testing.T) {
	t.Parallel()
	dial := func(err error) error {
		return &url.Error{Op: "Get", URL: "leak-me", Err: &net.OpError{Op: "dial", Addr: &net.TCPAddr{Port: 1}, Err: err}}
	}
	for want, reason := range map[string]error{
		"canceled":                context.Canceled,
		"timeout":                 dial(fmt.Errorf("x: %w", os.ErrDeadlineExceeded)),
		"certificate not trusted": &tls.CertificateVerificationError{Err: errors.New("leak-me")},
		"no such host":            dial(&net.DNSError{Name: "leak-me", IsNotFound: true}),
		"host lookup failed":      dial(&net.DNSError{Name: "leak-me"}),
		"connection refused":      dial(os.NewSyscallError("connect", syscall.ECONNREFUSED)),
		"connection reset":        dial(syscall.ECONNRESET),
		"network unreachable":     dial(syscall.ENETUNREACH),
		"host unreachable":        dial(syscall.EHOSTUNREACH),
		"dial failed":             dial(errors.New("leak-me")),
		"network error":           &net.OpError{Op: "leak-me", Err: errors.New("leak-me")},
		"HTTP instead of HTTPS":   http.ErrSchemeMismatch,
		"connection broke off":    io.ErrUnexpectedEOF,
		"other":                   errors.New("leak-me"),
	} {
		var failure *transport.Failure
		if !errors.As(transport.Failed(reason), &failure) || failure.Kind() != want {
			t.Errorf("got %q, want %q", failure.Kind(), want)
		}
	}
	for _, end := range []error{context.DeadlineExceeded, fmt.Errorf("x: %w", context.DeadlineExceeded), timeoutError{}} {
		var failure *transport.Failure
		if !errors.As(transport.Failed(end), &failure) || failure.Kind() != "timeout" || !failure.Timeout() {
			t.Errorf("got %q, want timeout", failure.Kind())
		}
	}
}

// TestFailedInHidesURLs of the caller's own code, and keeps its other errors.
func TestFailedInHidesURLs(t *testing.T) {
	t.Parallel()
	mine := errors.New("mine")
	if got := transport.FailedIn("the editor", mine); got != mine {
		t.Errorf("got %v, want the error itself", got)
	}
	err := transport.FailedIn("the editor", fmt.Errorf("leak-me: %w", &url.Error{Op: "Get", URL: "https://leak-me", Err: io.EOF}))
	var quoting *url.Error
	if err.Error() != "the editor failed: the connection broke off" || !errors.Is(err, io.EOF) || errors.As(err, &quoting) {
		t.Errorf("got %v", err)
	}
}

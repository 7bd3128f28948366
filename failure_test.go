package passwords_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestFailuresShowNothingOfTheAnswer answers with what net/http quotes in its
// errors.
func TestFailuresShowNothingOfTheAnswer(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"no HTTP":                    "leak-me leak-me leak-me\r\n\r\n",
		"bad status":                 "HTTP/1.1 leak-me\r\n\r\n",
		"bad content length":         "HTTP/1.1 200 OK\r\nContent-Length: leak-me\r\n\r\n",
		"two content lengths":        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 77\r\n\r\n",
		"unknown transfer encoding":  "HTTP/1.1 200 OK\r\nTransfer-Encoding: leak-me\r\n\r\n",
		"malformed header":           "HTTP/1.1 200 OK\r\nleak-me\r\n\r\n",
		"malformed chunk":            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\nleak-me\r\n",
		"location that is none":      "HTTP/1.1 302 Found\r\nLocation: https://sso.example/%zz?leak-me\r\nContent-Length: 0\r\n\r\n",
		"location with more in it":   "HTTP/1.1 308 Permanent Redirect\r\nLocation: https://leak-me:leak-me@sso.example/leak-me?leak-me#leak-me\r\nContent-Length: 0\r\n\r\n",
		"status 000":                 "HTTP/1.1 000 leak-me\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\nleak-me",
		"unknown version":            "HTTP/9.9 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\nleak-me",
		"old version":                "HTTP/0.9 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\nleak-me",
		"reason phrase":              "HTTP/1.1 500 leak-me\r\nContent-Length: 0\r\n\r\n",
		"nothing":                    "",
		"body that breaks off":       "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nleak-me",
		"error body that breaks off": "HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"leak-me",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			value, err := testkit.NewClient(t, testkit.RawServer(t, answer, false)).GeneratePassword(t.Context(), "pin")
			var e *passwords.Error
			if !errors.As(err, &e) || !value.IsZero() {
				t.Fatalf("no error, or a value")
			}
			if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "leak-me") {
				t.Error("the answer shows")
			}
		})
	}
}

// TestSwitchingProtocolsEnds has a server answer with a body that never ends and
// that net/http detaches from the context.
func TestSwitchingProtocolsEnds(t *testing.T) {
	t.Parallel()
	server := testkit.RawServer(t, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", true)
	_, err := testkit.NewClient(t, server).GeneratePassword(t.Context(), "pin")
	var e *passwords.Error
	if !errors.As(err, &e) || e.StatusCode != 101 || !errors.Is(err, passwords.ErrUnexpectedResponse) {
		t.Errorf("got %v", err)
	}
}

func TestTimeoutCoversTheBody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		doer := testkit.DoerFunc(func(*http.Request) (*http.Response, error) {
			header := http.Header{"Content-Type": {"text/plain"}}
			return &http.Response{StatusCode: 200, Header: header, Body: testkit.NewBlockingBody()}, nil
		})
		client := testkit.NewClient(t, "https://cyclos.example.org/api", passwords.WithDoer(doer), passwords.WithTimeout(time.Millisecond))
		_, err := client.GeneratePassword(t.Context(), "pin")
		var e *passwords.Error
		if !errors.As(err, &e) || e.StatusCode != 200 || !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, passwords.ErrUnexpectedResponse) {
			t.Errorf("got %v", err)
		}
	})
}

// TestBrokenOffAnswersKeepTheStatus cuts the connection in the middle of the
// body.
func TestBrokenOffAnswersKeepTheStatus(t *testing.T) {
	t.Parallel()
	for status, matches := range map[int][]error{
		200: {io.ErrUnexpectedEOF, passwords.ErrUnexpectedResponse},
		403: {passwords.ErrForbidden}, 503: {passwords.ErrUnavailable},
	} {
		server := testkit.RawServer(t, fmt.Sprintf("HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n[{", status), false)
		_, err := testkit.NewClient(t, server).ListUserPasswords(t.Context(), passwords.Self())
		var e *passwords.Error
		if !errors.As(err, &e) || e.StatusCode != status {
			t.Errorf("%d: got %v", status, err)
		}
		for _, want := range matches {
			if !errors.Is(err, want) {
				t.Errorf("%d: got %v, want %v", status, err, want)
			}
		}
	}
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
		"my own transport":    {t.Context(), closed, failing(mine), mine, "the request failed"},
		"timeout":             {t.Context(), closed, failing(timeoutError{}), timeoutError{}, "timeout"},
		"end of file":         {t.Context(), closed, failing(io.EOF), io.EOF, "the connection broke off"},
		"refused by text":     {t.Context(), closed, failing(&net.OpError{Op: "dial", Net: "tcp", Err: errors.New("leak-me")}), nil, "dial"},
		"unknown operation":   {t.Context(), closed, failing(&net.OpError{Op: "leak-me", Net: "leak-me", Err: mine}), mine, "network error"},
		"joined with a URL":   {t.Context(), closed, failing(errors.Join(&url.Error{Op: "Get", URL: "leak-me", Err: io.EOF}, mine)), mine, "the connection broke off"},
		"no such host":        {t.Context(), closed, failing(&net.DNSError{Err: "leak-me", Name: "leak-me", IsNotFound: true}), nil, "no such host"},
		"HTTP where HTTPS is": {t.Context(), strings.Replace(plain.URL, "http:", "https:", 1), nil, http.ErrSchemeMismatch, "HTTP response to HTTPS client"},
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
				t.Error("the error shows the URL")
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

func (timeoutError) Error() string   { return "leak-me" }
func (timeoutError) Timeout() bool   { return true }
func (timeoutError) Temporary() bool { return true }

package transport_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// counting is a body that counts how often it is closed.
type counting struct {
	io.Reader
	closed *int
}

func (c counting) Close() error { *c.closed++; return nil }

// TestBodiesAreClosedOnce covers whole, unread and rejected responses, and the versions
// of HTTP.
func TestBodiesAreClosedOnce(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status      int
		proto, body string
		want        error
	}{
		"whole":        {200, "", "value", nil},
		"HTTP/1.0":     {200, "HTTP/1.0", "value", nil},
		"HTTP/1.1":     {200, "HTTP/1.1", "value", nil},
		"HTTP/2":       {200, "HTTP/2.0", "value", nil},
		"HTTP/3":       {200, "HTTP/3.0", "value", nil},
		"HTTP/9":       {200, "HTTP/9.9", "value", passwords.ErrUnexpectedResponse},
		"no status":    {99, "", "value", passwords.ErrUnexpectedResponse},
		"not read":     {204, "", "value", passwords.ErrUnexpectedResponse},
		"too large":    {200, "", "too large a value", passwords.ErrResponseTooLarge},
		"other status": {404, "", "{}", passwords.ErrNotFound},
	} {
		closed := 0
		client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
			resp := testkit.TextResponse(counting{strings.NewReader(tc.body), &closed})
			resp.StatusCode, resp.Proto = tc.status, tc.proto
			return resp, nil
		}, passwords.WithMaxResponseBytes(8))
		if _, err := client.GeneratePassword(t.Context(), "pin"); !errors.Is(err, tc.want) || closed != 1 {
			t.Errorf("%s: closed %d times, got %v", name, closed, err)
		}
	}
}

// TestSwitchingProtocolsEnds has a server send a body that never ends and that
// net/http detaches from the context.
func TestSwitchingProtocolsEnds(t *testing.T) {
	t.Parallel()
	server := rawServer(t, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", true)
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
			return testkit.TextResponse(newBlockingBody()), nil
		})
		client := testkit.NewClient(t, "https://cyclos.example.org/api", passwords.WithDoer(doer), passwords.WithTimeout(time.Minute))
		_, err := client.GeneratePassword(t.Context(), "pin")
		var e *passwords.Error
		if !errors.As(err, &e) || e.StatusCode != 200 || !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, passwords.ErrUnexpectedResponse) {
			t.Errorf("got %v", err)
		}
	})
}

// TestRegisteredProtocolsEnd covers an *http.Transport whose bodies are not those of
// net/http. They end with the timeout too.
func TestRegisteredProtocolsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		transport := testkit.NewTransport(t)
		transport.Protocols = new(http.Protocols)
		transport.Protocols.SetHTTP1(true) // net/http would log that it cannot register HTTP/2 for https as well
		transport.RegisterProtocol("https", testkit.RoundTripper(func(*http.Request) (*http.Response, error) {
			return testkit.TextResponse(newBlockingBody()), nil
		}))
		client := testkit.NewClient(t, "https://cyclos.example.org/api", passwords.WithTimeout(time.Minute),
			passwords.WithHTTPClient(&http.Client{Transport: transport}))
		if _, err := client.GeneratePassword(t.Context(), "pin"); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, passwords.ErrOutcomeUnknown) {
			t.Errorf("got %v", err)
		}
	})
}

// TestCancellationEndsTheBodyOfAnyTransport cancels the caller's context while the
// body is read. A body that ends without an error when it is closed is no success.
func TestCancellationEndsTheBodyOfAnyTransport(t *testing.T) {
	t.Parallel()
	for _, end := range []error{net.ErrClosed, io.EOF} {
		for name, opts := range map[string][]passwords.Option{"bounded": nil, "unbounded": {passwords.WithTimeout(0)}} {
			ctx, cancel := context.WithCancel(t.Context())
			body := io.MultiReader(strings.NewReader("value"), iotest.ErrReader(end))
			client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
				return testkit.TextResponse(onClose{newBlockingBody(), body, cancel}), nil
			}, opts...)
			_, err := client.GeneratePassword(ctx, "pin")
			var e *passwords.Error
			if !errors.As(err, &e) || e.StatusCode != 200 || !errors.Is(err, context.Canceled) || !errors.Is(err, passwords.ErrOutcomeUnknown) {
				t.Errorf("%s, the body ends with %v: got %v", name, end, err)
			}
		}
	}
}

// onClose is a body that cancels the call at the first Read, and is read only after
// it was closed.
type onClose struct {
	blockingBody
	io.Reader
	cancel context.CancelFunc
}

func (o onClose) Read(p []byte) (int, error) {
	o.cancel()
	_, _ = o.blockingBody.Read(nil)
	return o.Reader.Read(p)
}

// TestTimeoutOfABodyIsNoCancellation has an editor detach the context. The client's
// own transport reports that the request was canceled.
func TestTimeoutOfABodyIsNoCancellation(t *testing.T) {
	t.Parallel()
	url := rawServer(t, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nab", true)
	client := testkit.NewClient(t, url, passwords.WithTimeout(100*time.Millisecond), passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
		*r = *r.WithContext(context.WithoutCancel(r.Context()))
		return nil
	}))
	if _, err := client.GeneratePassword(t.Context(), "pin"); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// blockingBody is a body whose Read returns when it is closed. A second Close panics.
type blockingBody struct{ closed chan struct{} }

func newBlockingBody() blockingBody { return blockingBody{make(chan struct{})} }

func (b blockingBody) Read([]byte) (int, error) { <-b.closed; return 0, net.ErrClosed }

func (b blockingBody) Close() error { close(b.closed); return nil }

// TestBrokenOffResponsesKeepTheStatus closes the connection in the middle of the body.
func TestBrokenOffResponsesKeepTheStatus(t *testing.T) {
	t.Parallel()
	for status, matches := range map[int][]error{
		200: {io.ErrUnexpectedEOF, passwords.ErrUnexpectedResponse},
		403: {passwords.ErrForbidden}, 503: {passwords.ErrUnavailable},
	} {
		server := rawServer(t, fmt.Sprintf("HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n[{", status), false)
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

// TestCutValuesAreErrors covers transports that do not report a truncated body. Those
// of the timeout end without an error when they are closed.
func TestCutValuesAreErrors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		length  int64
		timeout bool
		want    error
	}{
		"shorter than Content-Length": {100, false, io.ErrUnexpectedEOF},
		"of unknown length, timeout":  {-1, true, context.DeadlineExceeded},
		"of length 0, timeout":        {0, true, context.DeadlineExceeded},
		"whole, timeout":              {8, true, nil},
		"whole":                       {8, false, nil},
		"of unknown length":           {-1, false, nil},
	} {
		synctest.Test(t, func(t *testing.T) {
			body := cutting{Reader: strings.NewReader("half-of-")}
			if tc.timeout {
				body.closed = make(chan struct{})
			}
			client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
				resp := testkit.TextResponse(body)
				resp.ContentLength = tc.length
				return resp, nil
			}, passwords.WithTimeout(time.Minute))
			value, err := client.GeneratePassword(t.Context(), "pin")
			if !errors.Is(err, tc.want) || value.IsZero() == (err == nil) || errors.Is(err, passwords.ErrOutcomeUnknown) != (err != nil) {
				t.Errorf("%s: got %v, want %v", name, err, tc.want)
			}
		})
	}
}

// cutting is a body that ends without an error: once closed, if closed is not nil.
type cutting struct {
	io.Reader
	closed chan struct{}
}

func (c cutting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if err != nil && c.closed != nil {
		<-c.closed
	}
	return n, err
}

func (c cutting) Close() error {
	if c.closed != nil {
		close(c.closed)
	}
	return nil
}

// TestContentLengthThatLies bounds the buffer for a body that is announced and never
// sent.
func TestContentLengthThatLies(t *testing.T) {
	t.Parallel()
	largest := 0
	client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
		resp := testkit.TextResponse(readerFunc(func(p []byte) (int, error) {
			largest = max(largest, len(p))
			return 0, io.EOF
		}))
		resp.ContentLength = 1 << 40
		return resp, nil
	}, passwords.WithMaxResponseBytes(1<<41))
	_, err := client.GeneratePassword(t.Context(), "pin")
	if !errors.Is(err, passwords.ErrUnexpectedResponse) || largest > 64<<10 {
		t.Errorf("got %v, and a buffer of %d bytes", err, largest)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func (readerFunc) Close() error { return nil }

// TestReusedBuffersAreCleared looks at the buffers after the calls. Those of safe
// operations are cleared, those of generated values are not reused.
func TestReusedBuffersAreCleared(t *testing.T) {
	t.Parallel()
	var reads, generated [][]byte
	client := testkit.NewClientOver(t, func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodGet {
			body := `[{"status":"` + strings.Repeat("x", 1000) + `"}]`
			return jsonResponse(int64(len(body)), bufferRecorder{strings.NewReader(body), &reads}), nil
		}
		return testkit.TextResponse(bufferRecorder{strings.NewReader("a-generated-value"), &generated}), nil
	})
	for range 3 {
		if value, err := client.GeneratePassword(t.Context(), "pin"); err != nil || !value.Equal(passwords.NewSecret("a-generated-value")) {
			t.Fatalf("the value differs, or: %v", err)
		}
		if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range reads {
		if bytes.ContainsFunc(p[:cap(p)], func(r rune) bool { return r != 0 }) {
			t.Error("a reused buffer holds a response")
		}
		for _, secret := range generated {
			if cap(p) > 0 && cap(secret) > 0 && &p[:1][0] == &secret[:1][0] {
				t.Error("a buffer that held a generated value is reused")
			}
		}
	}
}

// TestReusedBuffersAreClearedOfEarlierAttempts: the response that a retry replaced can
// be longer than the last one.
func TestReusedBuffersAreClearedOfEarlierAttempts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var reads [][]byte
		long := `{"code":"` + strings.Repeat("x", 1000) + `"}`
		sent := 0
		client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
			if sent++; sent%2 == 1 {
				resp := jsonResponse(int64(len(long)), bufferRecorder{strings.NewReader(long), &reads})
				resp.StatusCode = http.StatusServiceUnavailable
				return resp, nil
			}
			return jsonResponse(2, bufferRecorder{strings.NewReader("[]"), &reads}), nil
		}, passwords.WithRetries(1))
		if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); err != nil || sent != 2 {
			t.Fatalf("%d requests, got %v", sent, err)
		}
		for _, p := range reads {
			if bytes.ContainsFunc(p[:cap(p)], func(r rune) bool { return r != 0 }) {
				t.Error("a reused buffer holds an earlier response")
			}
		}
	})
}

// TestCallsWaitForTheCloseOfABody has a timeout close a body. The race detector
// notices a call that does not wait, too.
func TestCallsWaitForTheCloseOfABody(t *testing.T) {
	t.Parallel()
	closed := 0
	client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
		return testkit.TextResponse(slowCloser{newBlockingBody(), &closed}), nil
	}, passwords.WithTimeout(10*time.Millisecond))
	if _, err := client.GeneratePassword(t.Context(), "pin"); !errors.Is(err, context.DeadlineExceeded) || closed != 1 {
		t.Errorf("closed %d times when the call returned: %v", closed, err)
	}
}

type slowCloser struct {
	blockingBody
	closed *int
}

func (s slowCloser) Close() error {
	err := s.blockingBody.Close()
	for range 1000 {
		runtime.Gosched() // to the reader, which returns now
	}
	*s.closed++
	return err
}

// TestBuffersThatHeldASecretAreNotReused: the URL of a TOTP secret in list-data
// is a credential. Servers since 4.16 always send the object around it, which is none.
func TestBuffersThatHeldASecretAreNotReused(t *testing.T) {
	t.Parallel()
	const secret = "otpauth://totp/a-secret"
	for name, tc := range map[string]struct {
		body   string
		secret string
		pooled bool
	}{
		"secret URL":             {`{"totpSecret":{"status":"pending","secretUrl":"` + secret + `"}}`, secret, false},
		"no secret URL":          {`{"totpSecret":{"status":"active","canRemove":true}}`, "", true},
		"empty secret URL":       {`{"totpSecret":{"secretUrl":""}}`, "", true},
		"no authenticator app":   {`{"user":{"id":"1"}}`, "", true},
		"null authenticator app": {`{"totpSecret":null}`, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			// Not parallel: a case has to find the buffer that it put into the pool.
			var buffers [][]byte
			client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
				return jsonResponse(int64(len(tc.body)), bufferRecorder{strings.NewReader(tc.body), &buffers}), nil
			})
			reused := 0
			for range 100 { // the pool does not always return the last buffer
				before := len(buffers)
				data, err := client.GetUserPasswordsListData(t.Context(), passwords.Self())
				if err != nil {
					t.Fatal(err)
				}
				if app := data.TOTPSecret; tc.secret != "" && (app == nil || app.SecretURL != tc.secret) {
					t.Fatal("the secret URL differs")
				}
				for _, earlier := range buffers[:before] {
					if len(earlier) > 0 && &earlier[0] == &buffers[before][0] {
						reused++
					}
				}
			}
			if (reused > 0) != tc.pooled {
				t.Errorf("buffers were reused %d times, want that: %t", reused, tc.pooled)
			}
		})
	}
}

// TestBuffersOfFailedReadsAreNotReused by the next attempt. The failed reader may still
// write to its buffer, which may come from an earlier call.
func TestBuffersOfFailedReadsAreNotReused(t *testing.T) {
	t.Parallel()
	for range 10 { // the pool does not always return the last buffer
		synctest.Test(t, func(t *testing.T) {
			var read [][]byte
			var began []int // the index in read of each response's first buffer
			client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
				began = append(began, len(read))
				body := io.Reader(strings.NewReader("[]"))
				if len(began) == 2 {
					body = io.MultiReader(strings.NewReader("["), iotest.ErrReader(io.ErrUnexpectedEOF))
				}
				return jsonResponse(-1, bufferRecorder{body, &read}), nil
			}, passwords.WithRetries(1))
			for range 2 {
				if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); err != nil {
					t.Fatal(err)
				}
			}
			if len(began) != 3 || &read[began[1]][0] == &read[began[2]][0] {
				t.Fatalf("%d responses, want 3, the last not in the buffer of the failed one", len(began))
			}
		})
	}
}

// TestLateReadsReachNoOtherResponse has a body write to its buffer after the call. The
// buffer is reused only if the body was read to its end.
func TestLateReadsReachNoOtherResponse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		late := lateReader{make(chan struct{}), make(chan []byte, 1)}
		var others [][]byte
		bodies := []io.ReadCloser{late}
		for range 20 {
			bodies = append(bodies, bufferRecorder{strings.NewReader("[]"), &others})
		}
		client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
			body := bodies[0]
			bodies = bodies[1:]
			return jsonResponse(-1, body), nil
		}, passwords.WithTimeout(time.Minute), passwords.WithRetries(1))
		for len(bodies) > 0 {
			_, _ = client.ListUserPasswords(t.Context(), passwords.Self())
		}
		stale := <-late.written
		for _, p := range others {
			if &p[:1][0] == &stale[:1][0] {
				t.Fatal("a response was read into the buffer of a late reader")
			}
		}
	})
}

// lateReader is a body whose Read goes on after Close, as in wrappers that read in a
// goroutine and watch a context.
type lateReader struct {
	closed  chan struct{}
	written chan []byte
}

func (l lateReader) Read(p []byte) (int, error) {
	<-l.closed
	l.written <- p
	return 0, errors.New("closed")
}

func (l lateReader) Close() error { close(l.closed); return nil }

func jsonResponse(length int64, body io.ReadCloser) *http.Response {
	resp := testkit.TextResponse(body)
	resp.Header.Set("Content-Type", "application/json")
	resp.ContentLength = length
	return resp
}

// bufferRecorder is a body that records the buffers into which it was read.
type bufferRecorder struct {
	io.Reader
	buffers *[][]byte
}

func (b bufferRecorder) Read(p []byte) (int, error) {
	*b.buffers = append(*b.buffers, p)
	return b.Reader.Read(p)
}

func (bufferRecorder) Close() error { return nil }

package transport_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestResponsesWithoutBody: as with an http.Client, a transport may leave out the Body of
// a response that has none.
func TestResponsesWithoutBody(t *testing.T) {
	t.Parallel()
	for length, want := range map[int64]error{-1: nil, 0: nil, 5: passwords.ErrUnexpectedResponse} {
		client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 204, ContentLength: length}, nil
		})
		if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); !errors.Is(err, want) {
			t.Errorf("length %d: got %v, want %v", length, err, want)
		}
	}
}

// TestUserInformationOfAnEditorIsSent as http.Client does, which also makes a new
// header if the editor removed it.
func TestUserInformationOfAnEditorIsSent(t *testing.T) {
	t.Parallel()
	for name, removed := range map[string]bool{"header kept": false, "header removed": true} {
		w := testkit.NewWire(t, testkit.NoContent)
		client := testkit.NewClient(t, w.URL, passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
			if removed {
				r.Header = nil
			}
			r.URL.User = url.UserPassword("ana", testkit.Password)
			return nil
		}))
		if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		req := &http.Request{Header: w.One(t).Header}
		if user, password, ok := req.BasicAuth(); !ok || user != "ana" || password != testkit.Password {
			t.Errorf("%s: the user information did not arrive", name)
		}
	}
}

// TestDefaultTransportOfAnotherKind covers programs that replace http.DefaultTransport,
// for example to count requests. It is not parallel because other tests use the
// original.
func TestDefaultTransportOfAnotherKind(t *testing.T) {
	before := http.DefaultTransport
	t.Cleanup(func() { http.DefaultTransport = before })
	counted := 0
	http.DefaultTransport = testkit.RoundTripper(func(*http.Request) (*http.Response, error) {
		counted++
		return &http.Response{StatusCode: 204}, nil
	})
	own, err := passwords.New("https://cyclos.example.org/api", passwords.WithSessionToken(passwords.NewSecret(testkit.Token)))
	if err != nil {
		t.Fatal(err)
	}
	given := testkit.NewClient(t, "https://cyclos.example.org/api", passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithHTTPClient(&http.Client{}))
	for name, client := range map[string]*passwords.Client{"nothing": own, "a client without a transport": given} {
		counted = 0
		err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
		if err != nil || counted != 1 {
			t.Errorf("given %s: %d requests, %v", name, counted, err)
		}
		client.CloseIdleConnections()
	}
}

// TestConnectionsAreOfTheClientAlone closes the connections of the default transport,
// as every httptest.Server does when it is closed.
func TestConnectionsAreOfTheClientAlone(t *testing.T) {
	t.Parallel()
	var from []string
	url := testkit.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from = append(from, r.RemoteAddr)
		w.WriteHeader(http.StatusNoContent)
	}))
	client := testkit.NewClient(t, url)
	for range 2 {
		if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
			t.Fatal(err)
		}
		http.DefaultClient.CloseIdleConnections()
	}
	if len(from) != 2 || from[0] != from[1] {
		t.Errorf("%d requests, on one connection: %t", len(from), len(from) == 2 && from[0] == from[1])
	}
	client.CloseIdleConnections()
	if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil || len(from) != 3 || from[2] == from[1] {
		t.Errorf("%d requests, want 3, the last on a new connection: %v", len(from), err)
	}
}

// closingTransport counts the calls of CloseIdleConnections.
type closingTransport struct {
	http.RoundTripper
	closed int
}

func (c *closingTransport) CloseIdleConnections() { c.closed++ }

// TestTransportIdleConnectionsAreClosed covers transports with and without the method.
func TestTransportIdleConnectionsAreClosed(t *testing.T) {
	t.Parallel()
	transport := &closingTransport{}
	client := testkit.NewClient(t, "https://cyclos.example/api", passwords.WithHTTPClient(&http.Client{Transport: transport}))
	if client.CloseIdleConnections(); transport.closed != 1 {
		t.Errorf("closed %d times, want 1", transport.closed)
	}
	bare := struct{ http.RoundTripper }{transport}
	testkit.NewClient(t, "https://cyclos.example/api", passwords.WithHTTPClient(&http.Client{Transport: bare})).CloseIdleConnections()
	if transport.closed != 1 {
		t.Errorf("closed %d times, want 1", transport.closed)
	}
}

// newOver returns a client whose own transport is a copy of the given one. It is not
// for parallel tests, because New copies the default transport.
func newOver(t *testing.T, transport http.RoundTripper, url string, opts ...passwords.Option) *passwords.Client {
	t.Helper()
	before := http.DefaultTransport
	defer func() { http.DefaultTransport = before }()
	http.DefaultTransport = transport
	return testkit.NewClient(t, url, append(opts, passwords.WithSessionToken(passwords.NewSecret(testkit.Token)))...)
}

// TestStuckTransportsAreReplaced has the server send one frame that locks the HTTP/2
// transport of Go up to 1.26.8 for good. Later calls find a new one.
func TestStuckTransportsAreReplaced(t *testing.T) {
	var well atomic.Bool
	url, own, arrived := newFrameServer(t, true, func(stream []byte) []byte {
		if well.Load() {
			return frame(frameHeaders, endStream|endHeaders, stream, status204)
		}
		return frame(frameWindowUpdate, 0, stream, 0x7f, 0xff, 0xff, 0xff)
	})
	const timeout = 200 * time.Millisecond
	client := newOver(t, own, url, passwords.WithTimeout(timeout))
	derived, err := client.With(passwords.WithChannel("pos"))
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	err = client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
	// Without the fault, Go resets the stream.
	if err == nil || !errors.Is(err, passwords.ErrOutcomeUnknown) || errors.Is(err, context.Canceled) || arrived.Load() != 1 {
		t.Errorf("%d requests arrived, got %v", arrived.Load(), err)
	}
	well.Store(true)
	for name, c := range map[string]*passwords.Client{"the client": client, "a derived one": derived} {
		c.CloseIdleConnections()
		if err := c.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
			t.Errorf("%s, once the server is well again: %v", name, err)
		}
	}
	if took := time.Since(start); took > timeout+3*time.Second {
		t.Errorf("took %s", took)
	}
}

// TestCloseOfIdleConnectionsEnds even if a connection blocks. Later calls find a new
// transport if it was the client's own.
func TestCloseOfIdleConnectionsEnds(t *testing.T) {
	for name, newClient := range map[string]func(*testing.T, *http.Transport) *passwords.Client{
		"own": func(t *testing.T, transport *http.Transport) *passwords.Client {
			return newOver(t, transport, "http://localhost/api")
		},
		"given": func(t *testing.T, transport *http.Transport) *passwords.Client {
			return testkit.NewClient(t, "http://localhost/api", passwords.WithHTTPClient(&http.Client{Transport: transport}))
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			transport := testkit.ServePipes(t, testkit.NoContent)
			release := make(chan struct{})
			dials, dial := 0, transport.DialContext
			transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				conn, err := dial(ctx, network, address)
				dials++
				return blockingConn{conn, release}, err
			}
			client := newClient(t, transport)
			for range 2 {
				if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				start := time.Now()
				if client.CloseIdleConnections(); time.Since(start) > time.Second {
					t.Errorf("%s: took %s", name, time.Since(start))
				}
			}
			if dials != 2 {
				t.Errorf("%s: dialed %d times, want 2", name, dials)
			}
			close(release)
		})
	}
}

// blockingConn is a connection whose Close blocks.
type blockingConn struct {
	net.Conn
	release chan struct{}
}

func (c blockingConn) Close() error { <-c.release; return c.Conn.Close() }

// TestRefusalsOfTheTransportAreNotRepeated covers what net/http refuses before it
// requests a connection. Nothing was sent.
func TestRefusalsOfTheTransportAreNotRepeated(t *testing.T) {
	var log logLines
	transport := &http.Transport{Proxy: func(*http.Request) (*url.URL, error) { return nil, errors.New("mine") }}
	client := newOver(t, transport, "https://cyclos.example.org/api", passwords.WithRetries(2), passwords.WithLogger(log.logger()))
	for i, op := range testkit.Operations() {
		if _, err := op.Do(t.Context(), client); err == nil || errors.Is(err, passwords.ErrOutcomeUnknown) || int(log.Load()) != i+1 {
			t.Errorf("%s: %d attempts in total, %v", op.ID, log.Load(), err)
		}
	}
}

// TestReadsOnConnectionsOfEndedCallsAreRepeated: over HTTP/2, net/http does not report
// that such a request asks for a connection. It was sent all the same.
func TestReadsOnConnectionsOfEndedCallsAreRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const timeout = time.Minute
		const cancelStream = 8
		var arrived atomic.Int32
		serverTLS, clientTLS := testkit.LoopbackTLS()
		serverTLS.NextProtos, clientTLS.InsecureSkipVerify = []string{"h2"}, true // the clock of the test is not that of the certificate
		own := &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: clientTLS, DialContext: func(context.Context, string, string) (net.Conn, error) {
			time.Sleep(2 * timeout)
			conn, server := net.Pipe()
			secure, written := tls.Server(server, serverTLS), make(writes, 10)
			go written.copyTo(secure)
			go func() {
				defer close(written)
				answerFrames(struct {
					io.Reader
					io.Writer
				}{secure, written}, &arrived, reset(cancelStream))
			}()
			return conn, nil
		}}
		client := newOver(t, own, "https://localhost/api", passwords.WithTimeout(timeout), passwords.WithRetries(1))
		if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		time.Sleep(2 * timeout) // the connection is there, for nobody
		if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); err == nil || arrived.Load() != 2 {
			t.Errorf("%d requests arrived, want 2: %v", arrived.Load(), err)
		}
	})
}

// writes are what is written to a pipe: both ends of HTTP/2 write at the same time, and
// a pipe has no buffer.
type writes chan []byte

func (w writes) Write(p []byte) (int, error) { w <- slices.Clone(p); return len(p), nil }

func (w writes) copyTo(conn net.Conn) {
	for p := range w {
		_, _ = conn.Write(p)
	}
}

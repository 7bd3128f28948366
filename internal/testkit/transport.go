package testkit

import (
	"context"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/cyclos-go/passwords"
)

// RoundTripper is a function as the transport of an [http.Client].
type RoundTripper func(*http.Request) (*http.Response, error)

// RoundTrip calls f.
func (f RoundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// DoerFunc is a function as a [gen.HttpRequestDoer].
type DoerFunc func(*http.Request) (*http.Response, error)

// Do calls f.
func (f DoerFunc) Do(r *http.Request) (*http.Response, error) { return f(r) }

// NewTransport returns a transport with connections of its own: each closing
// httptest.Server closes those of the default transport.
func NewTransport(t *testing.T) *http.Transport {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// NewClientOver returns a client whose requests go to f.
func NewClientOver(t *testing.T, f RoundTripper, opts ...passwords.Option) *passwords.Client {
	t.Helper()
	return NewClient(t, "https://cyclos.example.org/api", append(opts, passwords.WithHTTPClient(&http.Client{Transport: f}))...)
}

// TextResponse returns a successful response with the body as plain text.
func TextResponse(body io.ReadCloser) *http.Response {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/plain"}}, Body: body}
}

// UnusedAddress returns a loopback address at which nothing listens. A
// connection occupies its port until the test ends.
func UnusedAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(); _ = listener.Close() })
	return conn.LocalAddr().String()
}

// ServePipes serves h on connections in memory, which a synctest bubble can wait
// for, and returns a transport to it.
func ServePipes(t *testing.T, h http.Handler) *http.Transport {
	t.Helper()
	listener := pipeListener{make(chan net.Conn), make(chan struct{})}
	server := &http.Server{Handler: h}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener)
	}()
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		client, conn := net.Pipe()
		select {
		case listener.conns <- conn:
			return client, nil
		case <-listener.closed: // the transport dials more than it needs
			return nil, net.ErrClosed
		}
	}}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = server.Close()
		<-done
	})
	return transport
}

type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (l pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}
func (l pipeListener) Close() error   { close(l.closed); return nil }
func (l pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

package testkit

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
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
func NewTransport(t testing.TB) *http.Transport {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// NewClientOver returns a client whose requests go to f.
func NewClientOver(t testing.TB, f RoundTripper, opts ...passwords.Option) *passwords.Client {
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

// ForwardProxy is a proxy on loopback that records and forwards requests, or
// sends the bytes of Refusal. The names that end in .example are those of the
// server at Address.
type ForwardProxy struct {
	Refusal, Address string
	Wire
	server *httptest.Server
	onward *http.Transport
}

// Start starts the proxy at its URL.
func (p *ForwardProxy) Start() *ForwardProxy {
	p.onward = &http.Transport{}
	p.server = httptest.NewServer(p)
	p.URL = p.server.URL
	return p
}

// Close stops the proxy.
func (p *ForwardProxy) Close() {
	p.server.Close()
	p.onward.CloseIdleConnections()
}

// ServeHTTP records and forwards a request.
func (p *ForwardProxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := p.Record(r); err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	switch {
	case p.Refusal != "":
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		_, _ = io.WriteString(conn, p.Refusal)
		_ = conn.Close()
	case r.Method == http.MethodConnect:
		p.tunnel(w)
	default:
		p.pass(w, r)
	}
}

func (p *ForwardProxy) pass(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Hostname(), ".example") {
		r.URL.Host = p.Address
	}
	r.Header.Del("Proxy-Authorization")
	resp, err := p.onward.RoundTrip(r)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer func() { _ = resp.Body.Close() }()
	w.Header().Set("Content-Type", resp.Header.Get("Content-Type"))
	w.WriteHeader(resp.StatusCode)
	_, _ = io.Copy(w, resp.Body)
}

func (p *ForwardProxy) tunnel(w http.ResponseWriter) {
	server, err := net.Dial("tcp", p.Address)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		_ = server.Close()
		return
	}
	_, _ = io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n")
	for _, pair := range [][2]net.Conn{{conn, server}, {server, conn}} {
		go func() {
			_, _ = io.Copy(pair[0], pair[1])
			_, _ = pair[0].Close(), pair[1].Close()
		}()
	}
}

// BodyCounter is a handler that counts the requests whose body it has read.
type BodyCounter struct{ Requests atomic.Int32 }

// ServeHTTP responds with "a response body".
func (c *BodyCounter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, err := io.Copy(io.Discard, r.Body); err == nil {
		c.Requests.Add(1)
	}
	_, _ = io.WriteString(w, "a response body")
}

// Post sends a POST with a body of more than ten bytes and returns what arrived of
// the response body.
func Post(t *testing.T, transport http.RoundTripper, url string) (string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader("a body of more than ten bytes"))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

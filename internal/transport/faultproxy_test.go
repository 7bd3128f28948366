package transport_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cyclos-go/passwords/internal/testkit"
)

// stage is where a connection breaks.
type stage string

const (
	atDial           stage = "dial"
	atHandshake      stage = "TLS handshake"
	afterConnect     stage = "after connecting"
	inRequestHeader  stage = "in the request header"
	inRequestBody    stage = "in the request body"
	afterExecution   stage = "after execution"
	inResponseHeader stage = "in the response header"
	inResponseBody   stage = "in the response body"
)

var stages = []stage{atDial, atHandshake, afterConnect, inRequestHeader, inRequestBody, afterExecution, inResponseHeader, inResponseBody}

// written reports whether the client has written anything of a request.
func (s stage) written() bool { return s != atDial && s != atHandshake }

// executed reports whether the server has executed the request.
func (s stage) executed() bool {
	return s == afterExecution || s == inResponseHeader || s == inResponseBody
}

// faultProxy forwards one request per connection to a server and breaks the first
// few connections.
type faultProxy struct {
	stage   stage
	left    atomic.Int32 // faults to come
	dials   atomic.Int32
	tls     *tls.Config // nil for plain HTTP
	backend string      // host and port
	address string
	refused string // where nothing listens
}

// newFaultProxy returns a proxy to the backend, which is a host and port. A nil
// config serves plain HTTP.
func newFaultProxy(t *testing.T, at stage, faults int, config *tls.Config, backend string) *faultProxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &faultProxy{stage: at, tls: config, backend: backend, address: listener.Addr().String(), refused: testkit.UnusedAddress(t)}
	p.left.Store(int32(faults))
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			running.Go(func() {
				defer func() { _ = conn.Close() }()
				// A proxy can only close the connection on an error.
				_ = p.serve(conn)
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		running.Wait()
	})
	return p
}

// dial is for [http.Transport.DialContext] of the client.
func (p *faultProxy) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	p.dials.Add(1)
	address := p.address
	if p.stage == atDial && p.left.Add(-1) >= 0 {
		address = p.refused
	}
	return new(net.Dialer).DialContext(ctx, network, address)
}

func (p *faultProxy) serve(conn net.Conn) error {
	var at stage
	if p.stage != atDial && p.left.Add(-1) >= 0 {
		at = p.stage
	}
	if at == atHandshake {
		_, err := io.ReadFull(conn, make([]byte, 5))
		return err
	}
	if p.tls != nil {
		secure := tls.Server(conn, p.tls)
		if err := secure.Handshake(); err != nil {
			return err
		}
		conn = secure
	}
	reader := bufio.NewReaderSize(conn, 16)
	switch at {
	case afterConnect:
		return nil
	case inRequestHeader:
		_, err := io.ReadFull(conn, make([]byte, 10))
		return err
	}
	req, err := http.ReadRequest(reader)
	if err != nil {
		return err
	}
	if at == inRequestBody {
		_, err := io.ReadFull(req.Body, make([]byte, 10))
		return err
	}
	head, body, err := p.forward(req)
	if err != nil || at == afterExecution {
		return err
	}
	switch at {
	case inResponseHeader:
		head, body = head[:len("HTTP/1.1 200")], nil
	case inResponseBody:
		body = body[:len(body)/2]
	}
	_, err = conn.Write(append(head, body...))
	return err
}

// forward returns the header and the body of the response.
func (p *faultProxy) forward(req *http.Request) (head, body []byte, err error) {
	conn, err := net.Dial("tcp", p.backend)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = conn.Close() }()
	if err := req.Write(conn); err != nil {
		return nil, nil, err
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), req)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	resp.Close = true
	dump, err := httputil.DumpResponse(resp, true)
	if err != nil {
		return nil, nil, err
	}
	end := bytes.Index(dump, []byte("\r\n\r\n")) + 4
	return dump[:end], dump[end:], nil
}

func TestFaultProxyBreaksConnectionsWhereItSays(t *testing.T) {
	t.Parallel()
	serverTLS, clientTLS := testkit.LoopbackTLS()
	for _, secure := range []bool{false, true} {
		for _, at := range stages {
			if at == atHandshake && !secure {
				continue
			}
			handler := &testkit.BodyCounter{}
			backend, err := url.Parse(testkit.Serve(t, handler))
			if err != nil {
				t.Fatal(err)
			}
			scheme, config := "http", (*tls.Config)(nil)
			if secure {
				scheme, config = "https", serverTLS
			}
			proxy := newFaultProxy(t, at, 1, config, backend.Host)
			transport := testkit.NewTransport(t)
			transport.DialContext, transport.TLSClientConfig = proxy.dial, clientTLS
			got, err := testkit.Post(t, transport, scheme+"://"+proxy.address)
			executed := handler.Requests.Load() == 1
			if err == nil || executed != at.executed() || (got != "") != (at == inResponseBody) {
				t.Errorf("%s %s: executed: %t, %q arrived: %v", scheme, at, executed, got, err)
			}
			if at == atDial != strings.Contains(err.Error(), "dial") {
				t.Errorf("%s %s: got %v", scheme, at, err)
			}
			if got, err := testkit.Post(t, transport, scheme+"://"+proxy.address); err != nil || got != "a response body" || proxy.dials.Load() != 2 {
				t.Errorf("%s %s: the second of two connections broke too: %v", scheme, at, err)
			}
		}
	}
	if atHandshake.written() || !afterConnect.written() {
		t.Error("a request is written after the handshake")
	}
}

func TestFaultProxyReportsAnUnreachableBackend(t *testing.T) {
	t.Parallel()
	proxy := newFaultProxy(t, atDial, 0, nil, testkit.UnusedAddress(t))
	if _, err := testkit.Post(t, testkit.NewTransport(t), "http://"+proxy.address); err == nil {
		t.Error("a response arrived")
	}
}

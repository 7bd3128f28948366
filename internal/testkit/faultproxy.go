package testkit

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"sync"
	"sync/atomic"
	"testing"
)

// Stage is where a connection breaks.
type Stage string

// The stages of a connection.
const (
	AtDial           Stage = "dial"
	AtHandshake      Stage = "TLS handshake"
	AfterConnect     Stage = "after connecting"
	InRequestHeader  Stage = "in the request header"
	InRequestBody    Stage = "in the request body"
	AfterExecution   Stage = "after execution"
	InResponseHeader Stage = "in the response header"
	InResponseBody   Stage = "in the response body"
)

// Stages are all stages, in order.
var Stages = []Stage{AtDial, AtHandshake, AfterConnect, InRequestHeader, InRequestBody, AfterExecution, InResponseHeader, InResponseBody}

// Written reports whether the client has written anything of a request.
func (s Stage) Written() bool { return s != AtDial && s != AtHandshake }

// Executed reports whether the server has executed the request.
func (s Stage) Executed() bool {
	return s == AfterExecution || s == InResponseHeader || s == InResponseBody
}

// FaultProxy forwards one request per connection to a server and breaks the first
// few connections.
type FaultProxy struct {
	stage   Stage
	left    atomic.Int32 // faults to come
	Dials   atomic.Int32
	tls     *tls.Config // nil for plain HTTP
	backend string      // host and port
	Address string
	refused string // where nothing listens
}

// NewFaultProxy returns a proxy to the backend, which is a host and port. A nil
// config serves plain HTTP.
func NewFaultProxy(t *testing.T, at Stage, faults int, config *tls.Config, backend string) *FaultProxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &FaultProxy{stage: at, tls: config, backend: backend, Address: listener.Addr().String(), refused: UnusedAddress(t)}
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

// Dial is for [http.Transport.DialContext] of the client.
func (p *FaultProxy) Dial(ctx context.Context, network, _ string) (net.Conn, error) {
	p.Dials.Add(1)
	address := p.Address
	if p.stage == AtDial && p.left.Add(-1) >= 0 {
		address = p.refused
	}
	return new(net.Dialer).DialContext(ctx, network, address)
}

func (p *FaultProxy) serve(conn net.Conn) error {
	var at Stage
	if p.stage != AtDial && p.left.Add(-1) >= 0 {
		at = p.stage
	}
	if at == AtHandshake {
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
	case AfterConnect:
		return nil
	case InRequestHeader:
		_, err := io.ReadFull(conn, make([]byte, 10))
		return err
	}
	req, err := http.ReadRequest(reader)
	if err != nil {
		return err
	}
	if at == InRequestBody {
		_, err := io.ReadFull(req.Body, make([]byte, 10))
		return err
	}
	head, body, err := p.forward(req)
	if err != nil || at == AfterExecution {
		return err
	}
	switch at {
	case InResponseHeader:
		head, body = head[:12], nil
	case InResponseBody:
		body = body[:len(body)/2]
	}
	_, err = conn.Write(append(head, body...))
	return err
}

// forward returns the header and the body of the response.
func (p *FaultProxy) forward(req *http.Request) (head, body []byte, err error) {
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

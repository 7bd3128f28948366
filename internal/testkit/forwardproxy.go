package testkit

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
)

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

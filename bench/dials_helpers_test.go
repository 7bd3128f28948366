package bench

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/bench/internal/work"
)

// dials counts the connections of a client.
type dials struct {
	mu     sync.Mutex
	opened int
	open   int
	most   int // open at once
}

// restart forgets the connections that are closed, and returns how many were
// opened.
func (d *dials) restart() (opened int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	opened = d.opened
	d.opened, d.most = 0, d.open
	return opened
}

// since returns the connections after a restart that returned first.
func (d *dials) since(first int) connections {
	d.mu.Lock()
	defer d.mu.Unlock()
	return connections{first: first, opened: d.opened, most: d.most}
}

type countedConn struct {
	net.Conn
	closed func()
}

func (c *countedConn) Close() error {
	c.closed()
	return c.Conn.Close()
}

func (d *dials) count(conn net.Conn) net.Conn {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.opened++
	d.open++
	d.most = max(d.most, d.open)
	return &countedConn{Conn: conn, closed: sync.OnceFunc(func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.open--
	})}
}

// newDefaultClient returns a client with the transport that New makes by itself.
// That is a copy of the default one, which for a moment has the counter, and
// trusts the server.
func (d *dials) newDefaultClient(tb testing.TB, s *server) *passwords.Client {
	tb.Helper()
	original := http.DefaultTransport
	defer func() { http.DefaultTransport = original }()
	transport := original.(*http.Transport).Clone()
	transport.TLSClientConfig = s.trust(tb)
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return d.count(conn), nil
	}
	http.DefaultTransport = transport
	client, err := passwords.New(s.base(), passwords.WithSessionToken(work.Token))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(client.CloseIdleConnections)
	return client
}

package bench

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/bench/internal/work"
	"github.com/cyclos-go/passwords/bench/internal/workloads"
)

// kept is how many idle connections the client keeps. Where more goroutines than
// that use HTTP/1, it closes some and opens others.
const kept = 1000

// streams is how many requests at once a server of net/http takes over one
// connection of HTTP/2.
const streams = 250

// connections are those of a client which a crew shares.
type connections struct {
	first  int // opened by the first calls
	opened int // by the calls after them
	most   int // open at once
}

// check tells whether the connections are bounded, and used again, as far as
// net/http sees to it. Without a protocol there are none.
func (c connections) check(protocol string, crew int) error {
	// A call that finds no idle connection has one opened, and takes another if that
	// is free earlier: there can be more than goroutines, but for one goroutine.
	limit := 2*crew - 1
	if protocol == "" {
		limit = 0
	}
	if protocol == http2 && crew <= streams {
		limit = 1
	}
	if c.most > limit {
		return fmt.Errorf("%d goroutines had %d connections open at once, want at most %d", crew, c.most, limit)
	}
	if all := c.first + c.opened; all > limit && crew <= kept {
		return fmt.Errorf("%d goroutines opened %d connections, want at most %d", crew, all, limit)
	}
	return nil
}

func TestConnectionsAreUsedAgain(t *testing.T) {
	for _, protocol := range []string{http1, http2} {
		s := startServer(t, protocol)
		for _, size := range []int{1, 10, 100} {
			t.Run(fmt.Sprintf("%s/goroutines=%d", protocol, size), func(t *testing.T) {
				d := &dials{}
				call := caller(workloads.List, d.newDefaultClient(t, s))
				if err := warm(size, call); err != nil {
					t.Fatal(err)
				}
				first := d.restart()
				if err := drain(size, 10*size, call); err != nil {
					t.Fatal(err)
				}
				if err := d.since(first).check(protocol, size); err != nil {
					t.Error(err)
				}
				if first == 0 {
					t.Error("the connections are not counted")
				}
			})
		}
	}
}

func TestConnectionsCheck(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		protocol string
		crew     int
		connections
		ok bool
	}{
		{"one each", http1, 10, connections{first: 10, most: 10}, true},
		{"some free too late", http1, 10, connections{first: 12, opened: 1, most: 13}, true},
		{"one for one", http1, 1, connections{first: 1, opened: 1, most: 1}, false},
		{"opened again", http1, 10, connections{first: 10, opened: 200, most: 10}, false},
		{"more than are kept", http1, 2000, connections{first: 2000, opened: 5000, most: 2000}, true},
		{"opened again by many", http1, 1000, connections{first: 1000, opened: 5000, most: 1000}, false},
		{"not bounded", http1, 1000, connections{first: 1000, opened: 5000, most: 5000}, false},
		{"none", "", 10, connections{}, true},
		{"one where there is no network", "", 10, connections{first: 1, most: 1}, false},
		{"shared", http2, 100, connections{first: 1, most: 1}, true},
		{"not shared", http2, 100, connections{first: 2, most: 2}, false},
		{"more than a connection takes", http2, 1000, connections{first: 600, most: 5}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if err := test.check(test.protocol, test.crew); (err == nil) != test.ok {
				t.Errorf("got %v", err)
			}
		})
	}
}

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
	client, err := passwords.New(s.base(), passwords.WithSessionToken(passwords.NewSecret(work.Token)))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(client.CloseIdleConnections)
	return client
}

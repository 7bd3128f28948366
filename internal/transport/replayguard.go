package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http/httptrace"
	"sync"
)

// maxReplays is how often net/http may repeat a safe request by itself.
const maxReplays = 3

// errReplay ends an attempt that net/http was about to repeat.
var errReplay = errors.New("the server broke off the request")

// replayGuard stops net/http from replaying a request. Over HTTP/2 net/http
// repeats any request, a POST too, for as long as the server resets its stream
// with certain codes, whether or not the server has seen it.
type replayGuard struct {
	safe  bool
	stop  context.CancelFunc
	trace httptrace.ClientTrace

	mu        sync.Mutex
	asked     bool // whether a connection was requested
	connected bool // whether one was obtained
	http1     bool // whether that one speaks HTTP/1, where net/http repeats only what it did not write
	wrote     bool
	replays   int
	stopped   bool
}

// watch returns a context that reports to the guard, which calls stop to prevent a
// replay.
func (g *replayGuard) watch(ctx context.Context, stop context.CancelFunc) context.Context {
	g.stop = stop
	g.trace = httptrace.ClientTrace{GetConn: g.getConn, GotConn: g.gotConn, WroteHeaders: g.wroteHeaders}
	return httptrace.WithClientTrace(ctx, &g.trace)
}

func (g *replayGuard) getConn(string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.preventReplay()
	g.asked = true
}

func (g *replayGuard) gotConn(info httptrace.GotConnInfo) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.preventReplay()
	g.connected, g.http1 = true, isHTTP1(info)
}

func (g *replayGuard) wroteHeaders() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.wrote = true
}

// preventReplay stops a request that was written before.
func (g *replayGuard) preventReplay() {
	if !g.wrote || g.http1 {
		return
	}
	g.wrote = false
	if g.replays++; !g.safe || g.replays > maxReplays {
		g.stopped = true
		g.stop()
	}
}

// isHTTP1 reports whether the connection certainly speaks HTTP/1. Without TLS it
// may be HTTP/2 all the same.
func isHTTP1(info httptrace.GotConnInfo) bool {
	conn, ok := info.Conn.(interface{ ConnectionState() tls.ConnectionState })
	return ok && conn.ConnectionState().NegotiatedProtocol != "h2"
}

// failure returns the error of the request, given that of the doer.
func (g *replayGuard) failure(err error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.stopped {
		err = errReplay
	}
	return Failed(err)
}

// unsent reports whether a failed request was certainly not written: a connection
// was requested and none obtained. Only net/http's own transport reports all its
// connections.
func (g *replayGuard) unsent(doer Doer) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.asked && !g.connected && isNetHTTP(doer)
}

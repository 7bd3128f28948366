package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"reflect"
	"slices"
	"sync"
)

// errReplay ends an attempt that net/http was about to repeat.
var errReplay = errors.New("the server broke off the request")

// replayGuard stops net/http from repeating a request that the server may have seen.
// Over HTTP/2 net/http repeats any request, a POST too, for as long as the server
// resets its stream with certain codes; over HTTP/1 it repeats a GET once for each
// idle connection. The client counts its own retries instead.
type replayGuard struct {
	transport *http.Transport // nil if the doer is not one of net/http and nothing else
	method    string
	stop      context.CancelFunc
	trace     httptrace.ClientTrace
	own       bool // whether the transport is the client's own
	safe      bool // whether the operation is

	mu        sync.Mutex
	asked     bool  // whether a connection was requested; HTTP/2 may not tell
	connected bool  // whether one was obtained
	version   uint8 // of HTTP on that one: 1, 2, or 0 if it is not certain
	wrote     bool
	stopped   bool
}

// watch returns a context that reports to the guard, which calls stop to prevent a
// replay.
func (g *replayGuard) watch(ctx context.Context, stop context.CancelFunc) context.Context {
	g.stop = stop
	g.trace = httptrace.ClientTrace{GetConn: g.getConn, GotConn: g.gotConn, WroteHeaders: g.wroteHeaders}
	if g.transport == nil {
		g.trace.GotFirstResponseByte, g.trace.Got1xxResponse = g.gotResponse, g.gotInterim
	}
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
	g.connected, g.version = true, g.versionOf(info.Conn)
	// It may be HTTP/2, where other requests use it.
	mayBeShared := g.version == 0 && g.safe && info.Reused && !info.WasIdle
	if g.stopped && g.version != 2 && !mayBeShared {
		// net/http may prefer an idle connection to the end of the context, and write
		// at once. HTTP/2 looks at the context before.
		_ = info.Conn.Close()
	}
}

func (g *replayGuard) wroteHeaders() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.wrote = true
}

// gotResponse notes that the request was not lost. A transport of the caller may send
// several requests with the context of one, such as those for a challenge. Over HTTP/2
// net/http may still repeat a change.
func (g *replayGuard) gotResponse() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.wrote = g.wrote && !g.safe && g.version != 1
}

// gotInterim takes that back: HTTP/2 repeats a request also after such a response.
func (g *replayGuard) gotInterim(int, textproto.MIMEHeader) error {
	g.wroteHeaders()
	return nil
}

// preventReplay stops a request that was written before. Over HTTP/1 net/http repeats
// a change only if it wrote nothing, which the trace does not tell. Another transport
// may repeat a change whose response was lost.
func (g *replayGuard) preventReplay() {
	if !g.wrote || g.version == 1 && g.transport != nil && !isReplayed(g.method) {
		return
	}
	g.stopped = true
	g.stop()
}

// isReplayed reports whether net/http repeats requests with the method that it has
// written.
func isReplayed(method string) bool {
	return slices.Contains([]string{"", http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace}, method)
}

// versionOf returns the version of HTTP on a connection: 1, 2, or 0 if it is not
// certain. Without TLS, a transport can be configured for either.
func (g *replayGuard) versionOf(conn net.Conn) uint8 {
	http2 := false
	if secure, ok := conn.(interface{ ConnectionState() tls.ConnectionState }); ok {
		http2 = secure.ConnectionState().NegotiatedProtocol == "h2"
	} else if g.transport == nil {
		return 0
	} else if p := g.transport.Protocols; p != nil {
		http2 = p.UnencryptedHTTP2() && !p.HTTP1()
	}
	if http2 {
		return 2
	}
	return 1
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

// outcome returns the outcome of a request that failed. It was certainly not written
// if no connection was obtained. Only net/http's own transport reports all its
// connections, and only the client's own has no other ways to send a request without
// requesting one.
func (g *replayGuard) outcome(err error) Outcome {
	failure := g.failure(err)
	g.mu.Lock()
	defer g.mu.Unlock()
	return Outcome{
		Err:     failure,
		Unsent:  !g.connected && (g.own || g.asked && g.transport != nil),
		Refused: g.own && !g.asked && !g.connected || g.isTunnelRefused(err),
		Replay:  g.stopped,
	}
}

// isTunnelRefused reports whether a proxy refused to connect, other than for the
// moment. The error of net/http has the reason phrase and nothing else. After a 407
// a repeated password may block the account at the proxy.
func (g *replayGuard) isTunnelRefused(err error) bool {
	if g.connected || g.transport == nil || g.transport.Proxy == nil || reflect.TypeOf(err) != reflect.TypeOf(errReplay) {
		return false
	}
	temporary := []string{io.EOF.Error(), io.ErrUnexpectedEOF.Error()}
	for _, status := range []int{http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout} {
		temporary = append(temporary, http.StatusText(status))
	}
	return !slices.Contains(temporary, err.Error())
}

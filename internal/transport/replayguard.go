package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http/httptrace"
	"sync"
)

// maxReplays is how often net/http may repeat a read by itself.
const maxReplays = 3

// errReplay is the reason of an attempt that net/http was about to repeat.
var errReplay = errors.New("the server broke off the request")

// replayGuard follows what net/http does with a request. Over HTTP/2 that repeats a
// request, a POST too, for as long as the server resets its stream with certain
// codes, whether it has seen the request or not.
type replayGuard struct {
	reads bool
	stop  context.CancelFunc
	trace httptrace.ClientTrace

	mu        sync.Mutex
	asked     bool // whether a connection was asked for
	connected bool // whether one was had
	atOnce    bool // whether that one repeats only what it did not write, as HTTP/1 does
	wrote     bool
	replays   int
	stopped   bool
}

// on returns a context whose requests are watched, and ended by stop if they are
// repeated.
func (w *replayGuard) on(ctx context.Context, stop context.CancelFunc) context.Context {
	w.stop = stop
	w.trace = httptrace.ClientTrace{GetConn: w.getConn, GotConn: w.gotConn, WroteHeaders: w.wroteHeaders}
	return httptrace.WithClientTrace(ctx, &w.trace)
}

func (w *replayGuard) getConn(string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.again()
	w.asked = true
}

func (w *replayGuard) gotConn(info httptrace.GotConnInfo) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.again()
	w.connected, w.atOnce = true, isHTTP1(info)
}

func (w *replayGuard) wroteHeaders() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wrote = true
}

// again stops a request that was written before.
func (w *replayGuard) again() {
	if !w.wrote || w.atOnce {
		return
	}
	w.wrote = false
	if w.replays++; !w.reads || w.replays > maxReplays {
		w.stopped = true
		w.stop()
	}
}

// isHTTP1 reports whether the connection surely speaks it. Without TLS it may be
// HTTP/2 all the same.
func isHTTP1(info httptrace.GotConnInfo) bool {
	conn, ok := info.Conn.(interface{ ConnectionState() tls.ConnectionState })
	return ok && conn.ConnectionState().NegotiatedProtocol != "h2"
}

// failure returns err, which the request ended with, or the reason why the replayGuard
// stopped it.
func (w *replayGuard) failure(err error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped {
		err = errReplay
	}
	return Failed(err)
}

// unsent reports whether a request that failed was surely not written: a
// connection was asked for and none was had. Only net/http's own transport tells
// of all its connections.
func (w *replayGuard) unsent(doer any) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked && !w.connected && isNetHTTP(doer)
}

package passwords

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptrace"
	"sync"
)

// maxReplays is how often net/http may repeat a read by itself.
const maxReplays = 3

// errReplay is the reason of an attempt that net/http was about to repeat.
var errReplay = errors.New("the server broke off the request")

// writing watches what net/http does with a request.
type writing struct {
	reads bool
	stop  context.CancelCauseFunc

	mu        sync.Mutex
	asked     bool // whether a connection was asked for
	connected bool // whether one was had
	atOnce    bool // whether that one repeats only what it did not write, as HTTP/1 does
	wrote     bool
	replays   int
}

// watchWriting returns the request with a context by which it is watched. Over
// HTTP/2 net/http repeats a request, a POST too, for as long as the server resets
// its stream with certain codes, whether it has seen the request or not.
func watchWriting(req *http.Request, reads bool) (*http.Request, *writing) {
	ctx, stop := context.WithCancelCause(req.Context())
	w := &writing{reads: reads, stop: stop}
	return req.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:      func(string) { w.next(func() { w.asked = true }) },
		GotConn:      func(info httptrace.GotConnInfo) { w.next(func() { w.connected, w.atOnce = true, isHTTP1(info) }) },
		WroteHeaders: func() { w.mu.Lock(); defer w.mu.Unlock(); w.wrote = true },
	})), w
}

// isHTTP1 reports whether the connection surely speaks it. Without TLS it may be
// HTTP/2 all the same.
func isHTTP1(info httptrace.GotConnInfo) bool {
	conn, ok := info.Conn.(interface{ ConnectionState() tls.ConnectionState })
	return ok && conn.ConnectionState().NegotiatedProtocol != "h2"
}

// next notes a step towards writing the request, and stops it if it was written
// before.
func (w *writing) next(note func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.wrote && !w.atOnce {
		w.wrote = false
		if w.replays++; !w.reads || w.replays > maxReplays {
			w.stop(errReplay)
		}
	}
	note()
}

// unsent reports whether a request that failed was surely not written: a
// connection was asked for and none was had. Only net/http's own transport tells
// of all its connections.
func (w *writing) unsent(doer any) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked && !w.connected && tracesAll(doer)
}

// tracesAll reports whether nothing but a transport of net/http is behind doer.
func tracesAll(doer any) bool {
	client, ok := doer.(*http.Client)
	if !ok {
		return false
	}
	confined, ok := client.Transport.(locationless)
	if !ok {
		return false
	}
	_, ok = confined.transport().(*http.Transport)
	return ok
}

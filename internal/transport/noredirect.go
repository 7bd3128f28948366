package transport

import (
	"crypto/tls"
	"errors"
	"net/http"
	"sync/atomic"
	"time"
)

// maxIdleConns is the number of idle connections that a client keeps.
const maxIdleConns = 1000

// NoRedirect sends requests through the transport of an [http.Client]. It does
// what the client does, except for what sends data elsewhere: redirects, which
// take most credentials and the body to any host, and cookies, which take the
// session of one user into the requests of another.
type NoRedirect struct {
	Next    http.RoundTripper // nil is http.DefaultTransport
	Timeout time.Duration     // of the client; 0 is unbounded
	// own holds the transport instead of Next, if it is the client's own: nobody else
	// can have changed it, and a stuck one is replaced.
	own *atomic.Pointer[http.Transport]
}

// NewNoRedirect returns a NoRedirect with a copy of the default transport.
// Otherwise closing the idle connections of the default transport, as tests do,
// could break its requests.
func NewNoRedirect() NoRedirect {
	if transport, ok := http.DefaultTransport.(*http.Transport); ok {
		transport = transport.Clone()
		transport.MaxResponseHeaderBytes = 256 << 10
		// All requests go to one host, so that the default of 2 for each host is too low.
		transport.MaxIdleConns, transport.MaxIdleConnsPerHost = maxIdleConns, maxIdleConns
		own := new(atomic.Pointer[http.Transport])
		own.Store(transport)
		return NoRedirect{own: own}
	}
	return NoRedirect{}
}

// Do sends a request.
func (d NoRedirect) Do(req *http.Request) (*http.Response, error) {
	if req.Header == nil { // removed by an editor
		req.Header = http.Header{}
	}
	if user := req.URL.User; user != nil && req.Header.Get("Authorization") == "" {
		password, _ := user.Password()
		req.SetBasicAuth(user.Username(), password)
	}
	resp, err := d.transport().RoundTrip(req)
	if err != nil {
		var record tls.RecordHeaderError
		if errors.As(err, &record) && string(record.RecordHeader[:]) == "HTTP/" {
			err = http.ErrSchemeMismatch
		}
		return nil, err
	}
	if resp != nil && resp.Body == nil && resp.ContentLength <= 0 {
		resp.Body = http.NoBody
	}
	return resp, nil
}

// CloseIdleConnections calls the method of the transport, if it has one.
func (d NoRedirect) CloseIdleConnections() {
	if closer, ok := d.transport().(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

func (d NoRedirect) transport() http.RoundTripper {
	switch {
	case d.Next != nil:
		return d.Next
	case d.own != nil:
		return d.own.Load()
	}
	return http.DefaultTransport
}

// pinned returns a doer that keeps the present transport, even if it is replaced.
func pinned(doer Doer) Doer {
	if d, ok := doer.(NoRedirect); ok && d.own != nil {
		d.Next = d.transport()
		return d
	}
	return doer
}

// replace gives the later requests of a pinned doer a new transport, if it is the
// client's own. A request or CloseIdleConnections was stuck in it: a single frame of
// HTTP/2 can lock all of net/http's transport, up to Go 1.26.8.
func replace(doer Doer) {
	d, ok := doer.(NoRedirect)
	if !ok || d.own == nil {
		return
	}
	if stuck := d.Next.(*http.Transport); d.own.CompareAndSwap(stuck, stuck.Clone()) {
		go stuck.CloseIdleConnections()
	}
}

// CloseIdleConnections closes the idle connections of doer, if it has the method. It
// does not wait for one that is stuck.
func CloseIdleConnections(doer Doer) {
	doer = pinned(doer)
	closer, ok := doer.(interface{ CloseIdleConnections() })
	if !ok {
		return
	}
	var closing task
	closing.start(closer.CloseIdleConnections)
	finished := closing.finished()
	closing.propagate()
	if !finished {
		replace(doer)
	}
}

package transport

import (
	"crypto/tls"
	"errors"
	"net/http"
	"time"
)

// maxIdleConns is the number of connections that a client keeps open.
const maxIdleConns = 1000

// NewNoRedirect returns a NoRedirect whose transport is like the default one with
// connections of its own: whoever closes those of the default transport cannot
// break a request.
func NewNoRedirect() NoRedirect {
	if transport, ok := http.DefaultTransport.(*http.Transport); ok {
		transport = transport.Clone()
		transport.MaxResponseHeaderBytes = 256 << 10
		// There is one host: as many connections as calls can have been in flight.
		transport.MaxIdleConns, transport.MaxIdleConnsPerHost = maxIdleConns, maxIdleConns
		return NoRedirect{Next: transport, own: true}
	}
	return NoRedirect{}
}

// NoRedirect sends requests by the transport of an [http.Client] and does for it what
// that does, but for what would carry what is sent elsewhere: redirects, which
// take most credentials, and the body, to any host, and cookies, which take the
// session of one user into the requests of another one.
type NoRedirect struct {
	Next    http.RoundTripper // nil is http.DefaultTransport
	Timeout time.Duration     // of the client; 0 is unbounded
	own     bool              // whether nobody else can have changed the transport
}

// Do sends a request.
func (d NoRedirect) Do(req *http.Request) (*http.Response, error) {
	if req.Header == nil { // by an editor
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

// CloseIdleConnections is that of the transport, if it has one.
func (d NoRedirect) CloseIdleConnections() {
	if closer, ok := d.transport().(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

func (d NoRedirect) transport() http.RoundTripper {
	if d.Next == nil {
		return http.DefaultTransport
	}
	return d.Next
}

// isNetHTTP reports whether nothing but a transport of net/http is behind doer.
func isNetHTTP(doer any) bool {
	d, ok := doer.(NoRedirect)
	if !ok {
		return false
	}
	_, ok = d.transport().(*http.Transport)
	return ok
}

package transport

import (
	"crypto/tls"
	"errors"
	"net/http"
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
	own     bool              // whether nobody else can have changed the transport
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
		return NoRedirect{Next: transport, own: true}
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
	if d.Next == nil {
		return http.DefaultTransport
	}
	return d.Next
}

// isNetHTTP reports whether doer is a transport of net/http and nothing else.
func isNetHTTP(doer Doer) bool {
	d, ok := doer.(NoRedirect)
	if !ok {
		return false
	}
	_, ok = d.transport().(*http.Transport)
	return ok
}

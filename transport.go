package passwords

import (
	"crypto/tls"
	"errors"
	"net/http"
	"time"
)

// maxIdleConns is the number of connections that a client keeps open.
const maxIdleConns = 1000

// newTransport returns a transport like the default one with connections of its
// own: whoever closes those of the default transport cannot break a request.
func newTransport() http.RoundTripper {
	if transport, ok := http.DefaultTransport.(*http.Transport); ok {
		transport = transport.Clone()
		transport.MaxResponseHeaderBytes = 256 << 10
		// There is one host: as many connections as calls can have been in flight.
		transport.MaxIdleConns, transport.MaxIdleConnsPerHost = maxIdleConns, maxIdleConns
		return transport
	}
	return http.DefaultTransport
}

// direct sends requests by the transport of an [http.Client] and does for it what
// that does, but for what would carry what is sent elsewhere: redirects, which
// take most credentials, and the body, to any host, and cookies, which take the
// session of one user into the requests of another one.
type direct struct {
	next    http.RoundTripper // nil is http.DefaultTransport
	timeout time.Duration     // of the client; 0 is unbounded
}

func (d direct) Do(req *http.Request) (*http.Response, error) {
	if user := req.URL.User; user != nil && req.Header.Get(headerAuthorization) == "" {
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
func (d direct) CloseIdleConnections() {
	if closer, ok := d.transport().(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

func (d direct) transport() http.RoundTripper {
	if d.next == nil {
		return http.DefaultTransport
	}
	return d.next
}

// isNetHTTP reports whether nothing but a transport of net/http is behind doer.
// The bodies of its answers end with the context of the request.
func isNetHTTP(doer any) bool {
	d, ok := doer.(direct)
	if !ok {
		return false
	}
	_, ok = d.transport().(*http.Transport)
	return ok
}

package passwords

import (
	"net/url"
	"time"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/transport"
	"github.com/cyclos-go/passwords/internal/validate"
)

// Client calls the password operations of one Cyclos server. It is safe for
// concurrent use by multiple goroutines, and does not change once made. Make it
// with [New].
type Client struct {
	server   *url.URL
	timeout  time.Duration // of an attempt; 0 is unbounded
	retries  int
	headers  []header // of each request, authentication included
	settings settings // for With, and for the caller's editors
}

// New returns a client for the server at baseURL, which is an absolute http or
// https URL and usually ends in /api; http only where the host is this machine, or
// with [WithInsecureHTTP]. A base URL with user information, a query or a
// fragment, and every bad option, is an error which matches [ErrInvalidArgument]
// and shows no value. Without an authentication a client serves to derive others
// by [Client.With]; its calls are [ErrUnauthorized].
func New(baseURL string, opts ...Option) (*Client, error) {
	s, err := newSettings(opts)
	if err != nil {
		return nil, configuring(err)
	}
	server, err := validate.BaseURL(baseURL, s.insecureHTTP)
	if err != nil {
		return nil, configuring(err)
	}
	own := transport.NewNoRedirect()
	return newClient(server, s.over(settings{doer: func() gen.HttpRequestDoer { return own }}))
}

// With returns a client for the same server with opts on top of the options of
// c, which does not change. It shares the transport of c, and its connections,
// unless opts name another one. Another authentication replaces that of c along
// with its principal type or prefix; request editors add to those of c.
func (c *Client) With(opts ...Option) (*Client, error) {
	if !c.made() {
		return nil, configuring(errNotMade)
	}
	s, err := newSettings(opts)
	if err != nil {
		return nil, configuring(err)
	}
	return newClient(c.server, s.over(c.settings))
}

// CloseIdleConnections closes the connections of c, and of those clients that
// share its transport, which are not in use. A client works as before after it.
func (c *Client) CloseIdleConnections() {
	if !c.made() {
		return
	}
	if closer, ok := c.settings.doer().(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

var errNotMade = validate.Invalid("the client was not made by New")

func (c *Client) made() bool { return c != nil && c.settings.doer != nil }

func newClient(server *url.URL, s settings) (*Client, error) {
	headers, err := s.headers()
	if err != nil {
		return nil, configuring(err)
	}
	c := &Client{server: server, timeout: defaultTimeout, retries: defaultRetries, headers: headers, settings: s}
	if s.timeout != nil {
		c.timeout = *s.timeout
	}
	if d, ok := s.doer().(transport.NoRedirect); ok && d.Timeout > 0 && (c.timeout == 0 || d.Timeout < c.timeout) {
		c.timeout = d.Timeout
	}
	if s.retries != nil {
		c.retries = *s.retries
	}
	return c, nil
}

package passwords

import (
	"net/http"
	"time"

	"github.com/cyclos-go/passwords/gen"
)

// Client calls the password operations of one Cyclos server. It is safe for
// concurrent use by multiple goroutines, and does not change once made. Make it
// with [New].
type Client struct {
	server   string // base URL with a slash at its end
	doer     gen.HttpRequestDoer
	timeout  time.Duration         // of an attempt; 0 is unbounded
	editors  []gen.RequestEditorFn // of this package, authentication included
	settings settings              // for With, and for the caller's editors
}

// New returns a client for the server at baseURL, which is an absolute http or
// https URL and usually ends in /api. A base URL with user information, a query
// or a fragment, and every bad option, is an error which matches
// [ErrInvalidArgument] and shows no value. Without an authentication a client
// serves to derive others by [Client.With]; its calls are [ErrUnauthorized].
func New(baseURL string, opts ...Option) (*Client, error) {
	server, err := checkBaseURL(baseURL)
	if err != nil {
		return nil, configuring(err)
	}
	base := settings{httpClient: confined(http.Client{Transport: newTransport()})}
	return newClient(server, base, opts)
}

// With returns a client for the same server with opts on top of the options of
// c, which does not change. It shares the transport of c, and its connections,
// unless opts name another one. Another authentication replaces that of c along
// with its principal type or prefix; request editors add to those of c.
func (c *Client) With(opts ...Option) (*Client, error) {
	if !c.made() {
		return nil, configuring(errNotMade)
	}
	return newClient(c.server, c.settings, opts)
}

// CloseIdleConnections closes the connections of c, and of those clients that
// share its transport, which are not in use. A client works as before after it.
func (c *Client) CloseIdleConnections() {
	if !c.made() {
		return
	}
	if closer, ok := c.doer.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

var errNotMade = invalidArgument("the client was not made by New")

func (c *Client) made() bool { return c != nil && c.doer != nil }

func newClient(server string, base settings, opts []Option) (*Client, error) {
	s, err := newSettings(opts)
	if err != nil {
		return nil, configuring(err)
	}
	s = s.over(base)
	editors, err := s.requestEditors()
	if err != nil {
		return nil, configuring(err)
	}
	c := &Client{server: server, doer: s.doer, timeout: defaultTimeout, editors: editors, settings: s}
	if s.httpClient != nil {
		c.doer = s.httpClient
	}
	if s.timeout != nil {
		c.timeout = *s.timeout
	}
	return c, nil
}

package passwords

import (
	"cmp"
	"net/url"
	"time"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/transport"
	"github.com/cyclos-go/passwords/internal/validate"
)

// Client calls the password operations of one Cyclos server. It is safe for
// concurrent use by multiple goroutines, and is immutable, except for the session of
// [WithLogin]. Create it with [New].
//
// Its operations take a password type by id or internal name. Their errors are
// [*Error]. For a user or password type that cannot be sent safely, and for a nil
// context, the error matches [ErrInvalidArgument]; for an unknown user or password type
// [ErrNotFound]. If the caller lacks a permission, its code is [CodePermissionDenied].
// If the status of the password does not permit the operation, its code is
// [CodeIllegalAction], as far as the documentation of Cyclos tells.
type Client struct {
	server   *url.URL
	timeout  time.Duration // of an attempt; 0 means none
	retries  int
	maxBytes int64    // of a response body
	headers  []header // of each request, authentication included
	settings settings // for With; has the doer, the editors, the token source and the logger
}

// New returns a client for the server at baseURL, an absolute https URL that usually
// ends in /api. An http URL is accepted if its host is this machine, or with
// [WithInsecureHTTP]. For a base URL with user information, a query or a fragment,
// and for an invalid option, New returns an error that matches
// [ErrInvalidArgument] and shows no value. A client without authentication is only
// useful as a base for [Client.With]; the server rejects its calls with
// [ErrUnauthorized].
func New(baseURL string, opts ...Option) (*Client, error) {
	s, err := newSettings(opts)
	if err != nil {
		return nil, configError(err)
	}
	server, err := validate.BaseURL(baseURL, s.insecureHTTP)
	if err != nil {
		return nil, configError(err)
	}
	own := transport.NewNoRedirect()
	return newClient(server, s.over(settings{doer: func() gen.HttpRequestDoer { return own }}))
}

// With returns a client for the same server with the options of c and, on top of
// them, opts. It does not change c. The clients share the transport and its
// connections unless opts set another one. A new authentication replaces that of c,
// including its principal type or prefix. Request editors run after those of c. For
// an invalid option, With returns an error that matches [ErrInvalidArgument].
func (c *Client) With(opts ...Option) (*Client, error) {
	if !c.made() {
		return nil, configError(errNotMade)
	}
	s, err := newSettings(opts)
	if err != nil {
		return nil, configError(err)
	}
	return newClient(c.server, s.over(c.settings))
}

// CloseIdleConnections closes the idle connections of c and of all clients that
// share its transport. The clients remain usable. It returns within a second.
func (c *Client) CloseIdleConnections() {
	if c.made() {
		transport.CloseIdleConnections(c.settings.doer())
	}
}

var errNotMade = validate.Invalid("the client was not created by New")

func (c *Client) made() bool { return c != nil && c.settings.doer != nil }

func newClient(server *url.URL, s settings) (*Client, error) {
	headers, err := s.headers()
	if err != nil {
		return nil, configError(err)
	}
	c := &Client{
		server: server, timeout: defaultTimeout, retries: defaultRetries,
		maxBytes: cmp.Or(s.maxResponseBytes, defaultMaxResponseBytes), headers: headers, settings: s,
	}
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

package passwords

import (
	"net/http"
	"net/url"
)

// newTransport returns a transport like the default one with connections of its
// own: whoever closes those of the default transport cannot break a request.
func newTransport() http.RoundTripper {
	if transport, ok := http.DefaultTransport.(*http.Transport); ok {
		transport = transport.Clone()
		transport.MaxResponseHeaderBytes = 256 << 10
		transport.MaxIdleConnsPerHost = transport.MaxIdleConns // there is one host
		return transport
	}
	return http.DefaultTransport
}

// confined returns a copy of client that keeps what is sent with the server and
// the user it is meant for. It hands redirects over instead of following them:
// net/http would send most credentials, and the body, to any host. It keeps no
// cookies, which would carry the session of one user into the requests of
// another one.
func confined(client http.Client) *http.Client {
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client.Jar = nil
	client.Transport = locationless{client.Transport}
	return &client
}

// locationless reduces the Location of a redirect to its origin. [http.Client]
// quotes one that it cannot parse in its error, and loses the status.
type locationless struct{ next http.RoundTripper }

func (l locationless) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := l.transport().RoundTrip(req)
	if err != nil || resp == nil || resp.Header.Get("Location") == "" {
		return resp, err
	}
	if origin := resolvedOrigin(req.URL, resp.Header.Get("Location")); origin != "" {
		resp.Header.Set("Location", origin)
	} else {
		resp.Header.Del("Location")
	}
	return resp, nil
}

// resolvedOrigin returns the origin of a Location, as seen from base; "" if it has
// none that [http.Client] could parse, to which net/url is stricter with a scheme
// than without.
func resolvedOrigin(base *url.URL, location string) string {
	u, err := base.Parse(location)
	if err != nil || u.Host == "" {
		return ""
	}
	origin := originOf(u)
	if _, err := url.Parse(origin); err != nil {
		return ""
	}
	return origin
}

// originOf returns the scheme and host of a URL, nothing else of which is shown.
func originOf(u *url.URL) string { return (&url.URL{Scheme: u.Scheme, Host: u.Host}).String() }

// CloseIdleConnections is looked for by [http.Client.CloseIdleConnections].
func (l locationless) CloseIdleConnections() {
	if closer, ok := l.transport().(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

func (l locationless) transport() http.RoundTripper {
	if l.next == nil {
		return http.DefaultTransport
	}
	return l.next
}

package passwords_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cyclos-go/passwords"
)

// forwardProxy passes requests on, or refuses them with the bytes of refusal.
// The names that end in .example are those of the server at address.
type forwardProxy struct {
	*httptest.Server
	refusal string
	address string
	onward  *http.Transport

	mu  sync.Mutex
	got []exchange
}

func newForwardProxy() *forwardProxy { return (&forwardProxy{}).start() }

func (p *forwardProxy) start() *forwardProxy {
	p.onward = &http.Transport{}
	p.Server = httptest.NewServer(p)
	return p
}

func (p *forwardProxy) Close() {
	p.Server.Close()
	p.onward.CloseIdleConnections()
}

func (p *forwardProxy) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.got)
}

func (p *forwardProxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.got = append(p.got, exchange{method: r.Method, uri: r.RequestURI, header: r.Header.Clone()})
	p.mu.Unlock()
	switch {
	case p.refusal != "":
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		_, _ = io.WriteString(conn, p.refusal)
		_ = conn.Close()
	case r.Method == http.MethodConnect:
		p.tunnel(w)
	default:
		p.pass(w, r)
	}
}

func (p *forwardProxy) pass(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Hostname(), ".example") {
		r.URL.Host = p.address
	}
	r.Header.Del("Proxy-Authorization")
	resp, err := p.onward.RoundTrip(r)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer func() { _ = resp.Body.Close() }()
	w.Header().Set("Content-Type", resp.Header.Get("Content-Type"))
	w.WriteHeader(resp.StatusCode)
	_, _ = io.Copy(w, resp.Body)
}

func (p *forwardProxy) tunnel(w http.ResponseWriter) {
	server, err := net.Dial("tcp", p.address)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		_ = server.Close()
		return
	}
	_, _ = io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n")
	for _, pair := range [][2]net.Conn{{conn, server}, {server, conn}} {
		go func() {
			_, _ = io.Copy(pair[0], pair[1])
			_, _ = pair[0].Close(), pair[1].Close()
		}()
	}
}

// through returns a transport that uses the proxy, with a password.
func (p *forwardProxy) through(t *testing.T, roots *x509.CertPool) *http.Transport {
	t.Helper()
	proxy, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy.User = url.UserPassword("leak-me", testPassword)
	transport := &http.Transport{Proxy: http.ProxyURL(proxy), TLSClientConfig: &tls.Config{RootCAs: roots}}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

func testProxy(t *testing.T, p *forwardProxy) *forwardProxy {
	t.Helper()
	t.Cleanup(p.start().Close)
	return p
}

// TestTransportProxyOverHTTPS: the proxy learns the host, and the server nothing
// of the password of the proxy.
func TestTransportProxyOverHTTPS(t *testing.T) {
	t.Parallel()
	ca := newAuthority()
	header := make(chan http.Header, 1)
	server := serveTLS(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header <- r.Header
		w.WriteHeader(http.StatusNoContent)
	}), &tls.Config{Certificates: []tls.Certificate{ca.issue("cyclos.example")}})
	t.Cleanup(server.Close)
	proxy := testProxy(t, &forwardProxy{address: server.Listener.Addr().String()})
	client := newClient(t, "https://cyclos.example/api", passwords.WithSessionToken(testToken),
		passwords.WithHTTPClient(&http.Client{Transport: proxy.through(t, ca.pool())}))
	if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
		t.Fatal(err)
	}
	if got := <-header; got.Get("Session-Token") != testToken || len(got["Proxy-Authorization"]) != 0 {
		t.Error("the server got no token, or the password of the proxy")
	}
	if len(proxy.got) != 1 || proxy.got[0].method != "CONNECT" || proxy.got[0].uri != "cyclos.example:443" {
		t.Fatalf("the proxy got %d requests, or another one than CONNECT to the server", len(proxy.got))
	}
	if got := proxy.got[0].header; len(got["Proxy-Authorization"]) != 1 || len(got["Session-Token"]) != 0 {
		t.Error("the proxy got no password, or the token of the server")
	}
}

// TestTransportProxyOverHTTP: such a proxy sees all, which is why it takes
// WithInsecureHTTP.
func TestTransportProxyOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWire(t, noContent)
	proxy := testProxy(t, &forwardProxy{address: strings.TrimSuffix(strings.TrimPrefix(w.url, "http://"), "/api")})
	client := newClient(t, "http://cyclos.example/api", passwords.WithSessionToken(testToken), passwords.WithInsecureHTTP(),
		passwords.WithHTTPClient(&http.Client{Transport: proxy.through(t, nil)}))
	if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
		t.Fatal(err)
	}
	if got := w.one(t).header; got.Get("Session-Token") != testToken {
		t.Error("the token did not arrive")
	}
	if proxy.count() != 1 {
		t.Errorf("the proxy got %d requests, want 1", proxy.count())
	}
}

// TestTransportProxyFailuresShowNothing has proxies fail in ways whose errors
// quote what they sent, or their URL with its password.
func TestTransportProxyFailuresShowNothing(t *testing.T) {
	t.Parallel()
	refusing := func(text string) func(*testing.T) http.RoundTripper {
		return func(t *testing.T) http.RoundTripper {
			return testProxy(t, &forwardProxy{refusal: text}).through(t, nil)
		}
	}
	with := func(proxy string) func(*testing.T) http.RoundTripper {
		return func(t *testing.T) http.RoundTripper {
			transport := newTransport(t)
			transport.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy) }
			return transport
		}
	}
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := closed.Addr().String()
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	untrusted := serveTLS(http.NotFoundHandler(), &tls.Config{Certificates: []tls.Certificate{newAuthority().issue("127.0.0.1")}})
	t.Cleanup(untrusted.Close)
	user := "leak-me:" + testPassword + "@"
	for name, transport := range map[string]func(*testing.T) http.RoundTripper{
		"CONNECT refused":        refusing("HTTP/1.1 407 leak-me at " + user + "proxy\r\nProxy-Authenticate: Basic realm=leak-me\r\n\r\nleak-me"),
		"CONNECT forbidden":      refusing("HTTP/1.1 403 leak-me\r\nContent-Length: 7\r\n\r\nleak-me"),
		"CONNECT redirected":     refusing("HTTP/1.1 302 leak-me\r\nLocation: https://leak-me/\r\n\r\n"),
		"CONNECT without reason": refusing("HTTP/1.1 502\r\n\r\nleak-me"),
		"no HTTP":                refusing("leak-me leak-me\r\n\r\n"),
		"malformed header":       refusing("HTTP/1.1 200 OK\r\nleak-me\r\n\r\n"),
		"no answer":              refusing("\r\n"),
		"connected to no TLS":    refusing("HTTP/1.1 200 OK\r\n\r\nleak-me leak-me leak-me"),
		"nobody listens":         with("http://" + user + nobody),
		"SOCKS that is none":     with("socks5://" + user + nobody),
		"untrusted certificate":  with("https://" + user + untrusted.Listener.Addr().String()),
		"scheme that is none":    with("leak-me://" + user + nobody),
		"URL that is none":       with("http://" + user + "proxy:leak-me"),
		"no port":                with("http://" + user + "[::1]:99999"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, "https://cyclos.example/api", passwords.WithSessionToken(testToken),
				passwords.WithHTTPClient(&http.Client{Transport: transport(t)}))
			err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
			var e *passwords.Error
			if !errors.As(err, &e) || e.StatusCode != 0 {
				t.Fatalf("got %T, or a status", err)
			}
			for _, text := range []string{"leak-me", testPassword, testToken, "ana"} {
				if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), text) {
					t.Error("the error shows what the proxy sent, or a credential")
				}
			}
			// Where net/http does not get as far as asking for a connection, the
			// client cannot tell.
			if errors.Is(err, passwords.ErrOutcomeUnknown) && name != "URL that is none" {
				t.Error("the outcome is said to be unknown of a request that was never sent")
			}
		})
	}
}

// TestTransportProxyOfTheEnvironment: the default client does as net/http, which
// takes HTTP_PROXY for http, HTTPS_PROXY for https and NO_PROXY (or the same in
// lower case) from the environment, once a process, and never uses them for
// localhost and loopback addresses. The test runs itself as another process.
func TestTransportProxyOfTheEnvironment(t *testing.T) {
	t.Parallel()
	const child = "PASSWORDS_TEST_PROXIED"
	call := func(url string) error {
		client := newClient(t, url, passwords.WithSessionToken(testToken), passwords.WithInsecureHTTP())
		return client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
	}
	if os.Getenv(child) != "" {
		fmt.Printf("http: %v\nhttps: %v\n", call("http://cyclos.example/api"), call("https://cyclos.example/api"))
		return
	}
	w := newWire(t, noContent)
	plain := testProxy(t, &forwardProxy{address: strings.TrimSuffix(strings.TrimPrefix(w.url, "http://"), "/api")})
	secure := testProxy(t, &forwardProxy{refusal: "HTTP/1.1 407 leak-me\r\n\r\n"})
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1")
	proxy := func(p *forwardProxy) string { return strings.Replace(p.URL, "://", "://leak-me:"+testPassword+"@", 1) }
	cmd.Env = append(os.Environ(), child+"=1", "HTTP_PROXY="+proxy(plain), "HTTPS_PROXY="+proxy(secure), "NO_PROXY=", "no_proxy=")
	out, err := cmd.CombinedOutput()
	if bytes.Contains(out, []byte("leak-me")) || bytes.Contains(out, []byte(testPassword)) {
		t.Fatal("the output shows the proxy, or what it sent")
	}
	want := "http: <nil>\nhttps: passwords: enablePassword: the request failed\n"
	if err != nil || !strings.HasPrefix(string(out), want) {
		t.Errorf("got %v and %s, want %s", err, out, want)
	}
	if w.one(t).header.Get("Session-Token") != testToken || plain.count() != 1 || secure.count() != 1 {
		t.Errorf("the proxies got %d and %d requests, want 1 each, or the token did not arrive", plain.count(), secure.count())
	}
}

// TestTransportVerifiesCertificates shows that nothing is sent to a server which
// cannot prove its name, unless the caller chose so.
func TestTransportVerifiesCertificates(t *testing.T) {
	t.Parallel()
	ca, ip := newAuthority(), net.IPv4(127, 0, 0, 1)
	for name, certificate := range map[string]tls.Certificate{
		"self-signed":           certificate(&x509.Certificate{IPAddresses: []net.IP{ip}}, nil),
		"of another authority":  newAuthority().issue("127.0.0.1"),
		"of another name":       ca.issue("cyclos.example"),
		"expired":               certificate(&x509.Certificate{IPAddresses: []net.IP{ip}, NotAfter: time.Now().Add(-time.Minute)}, &ca.own),
		"of a client":           certificate(&x509.Certificate{IPAddresses: []net.IP{ip}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}, &ca.own),
		"of a common name only": ca.issue("server"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &wire{}
			server := serveTLS(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				w.mu.Lock()
				w.got = append(w.got, exchange{header: r.Header.Clone()})
				w.mu.Unlock()
				rw.WriteHeader(http.StatusNoContent)
			}), &tls.Config{Certificates: []tls.Certificate{certificate}})
			t.Cleanup(server.Close)
			transport := newTransport(t)
			transport.TLSClientConfig = &tls.Config{RootCAs: ca.pool()}
			for _, opts := range [][]passwords.Option{nil, {passwords.WithHTTPClient(&http.Client{Transport: transport})}} {
				client := newClient(t, server.URL+"/api", append(opts, passwords.WithSessionToken(testToken), passwords.WithRetries(2))...)
				err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
				var e *passwords.Error
				var untrusted *tls.CertificateVerificationError
				if !errors.As(err, &e) || e.StatusCode != 0 || !errors.As(err, &untrusted) || errors.Is(err, passwords.ErrOutcomeUnknown) {
					t.Errorf("got %v", err)
				}
				if err == nil || !strings.HasSuffix(err.Error(), ": the certificate of the server is not trusted") {
					t.Errorf("got %v", err)
				}
			}
			if w.count() != 0 {
				t.Fatal("a request was sent")
			}
			careless := newTransport(t)
			careless.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
			client := newClient(t, server.URL+"/api", passwords.WithSessionToken(testToken), passwords.WithHTTPClient(&http.Client{Transport: careless}))
			if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
				t.Errorf("InsecureSkipVerify: got %v", err)
			}
			if w.count() != 1 {
				t.Errorf("InsecureSkipVerify: %d requests arrived, want 1", w.count())
			}
		})
	}
}

// TestTransportClientCertificates: a server that asks for a certificate executes
// nothing without the right one.
func TestTransportClientCertificates(t *testing.T) {
	t.Parallel()
	ca, other := newAuthority(), newAuthority()
	var mu sync.Mutex
	var names []string
	server := serveTLS(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		names = append(names, r.TLS.PeerCertificates[0].Subject.CommonName)
		mu.Unlock()
		w.WriteHeader(http.StatusNoContent)
	}), &tls.Config{
		Certificates: []tls.Certificate{ca.issue("127.0.0.1")},
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ClientCAs:    ca.pool(),
	})
	t.Cleanup(server.Close)
	for name, tc := range map[string]struct {
		own []tls.Certificate
		ok  bool
	}{
		"right":   {[]tls.Certificate{ca.issue("onboarding")}, true},
		"foreign": {[]tls.Certificate{other.issue("intruder")}, false},
		"none":    {nil, false},
	} {
		transport := newTransport(t)
		transport.TLSClientConfig = &tls.Config{RootCAs: ca.pool(), Certificates: tc.own}
		client := newClient(t, server.URL+"/api", passwords.WithSessionToken(testToken), passwords.WithHTTPClient(&http.Client{Transport: transport}))
		err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
		var e *passwords.Error
		if (err == nil) != tc.ok || err != nil && (!errors.As(err, &e) || e.StatusCode != 0) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if fmt.Sprint(names) != "[onboarding]" {
		t.Errorf("requests arrived from %v", names)
	}
}

// closingTransport counts how often its connections are closed.
type closingTransport struct {
	http.RoundTripper
	closed int
}

func (c *closingTransport) CloseIdleConnections() { c.closed++ }

// TestTransportIdleConnectionsAreClosed reaches the caller's transport through
// what is wrapped around it.
func TestTransportIdleConnectionsAreClosed(t *testing.T) {
	t.Parallel()
	transport := &closingTransport{}
	client := newClient(t, "https://cyclos.example/api", passwords.WithHTTPClient(&http.Client{Transport: transport}))
	if client.CloseIdleConnections(); transport.closed != 1 {
		t.Errorf("closed %d times, want 1", transport.closed)
	}
	bare := struct{ http.RoundTripper }{transport}
	newClient(t, "https://cyclos.example/api", passwords.WithHTTPClient(&http.Client{Transport: bare})).CloseIdleConnections()
	if transport.closed != 1 {
		t.Errorf("closed %d times, want 1", transport.closed)
	}
}

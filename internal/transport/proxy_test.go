package transport_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// through returns a transport that authenticates at the proxy.
func through(t *testing.T, p *testkit.ForwardProxy, roots *x509.CertPool) *http.Transport {
	t.Helper()
	proxy, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy.User = url.UserPassword("leak-me", testkit.Password)
	transport := &http.Transport{Proxy: http.ProxyURL(proxy), TLSClientConfig: &tls.Config{RootCAs: roots}}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

func testProxy(t *testing.T, p *testkit.ForwardProxy) *testkit.ForwardProxy {
	t.Helper()
	t.Cleanup(p.Start().Close)
	return p
}

// TestTransportProxyOverHTTPS checks that the proxy sees only the host, and the server
// not the proxy's password.
func TestTransportProxyOverHTTPS(t *testing.T) {
	t.Parallel()
	ca := testkit.NewAuthority()
	header := make(chan http.Header, 1)
	server := testkit.ServeTLS(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header <- r.Header
		w.WriteHeader(http.StatusNoContent)
	}), &tls.Config{Certificates: []tls.Certificate{ca.Issue("cyclos.example")}})
	t.Cleanup(server.Close)
	proxy := testProxy(t, &testkit.ForwardProxy{Address: server.Listener.Addr().String()})
	client := testkit.NewClient(t, "https://cyclos.example/api", passwords.WithSessionToken(passwords.NewSecret(testkit.Token)),
		passwords.WithHTTPClient(&http.Client{Transport: through(t, proxy, ca.Pool())}))
	if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
		t.Fatal(err)
	}
	if got := <-header; got.Get("Session-Token") != testkit.Token || len(got["Proxy-Authorization"]) != 0 {
		t.Error("the server got no token, or the proxy's password")
	}
	connect := proxy.One(t)
	if connect.Method != "CONNECT" || connect.URI != "cyclos.example:443" {
		t.Fatal("the proxy did not get a CONNECT to the server")
	}
	if got := connect.Header; len(got["Proxy-Authorization"]) != 1 || len(got["Session-Token"]) != 0 {
		t.Error("the proxy got no password, or the session token")
	}
}

// TestTransportProxyOverHTTP needs WithInsecureHTTP because such a proxy sees the whole
// request.
func TestTransportProxyOverHTTP(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.NoContent)
	proxy := testProxy(t, &testkit.ForwardProxy{Address: strings.TrimSuffix(strings.TrimPrefix(w.URL, "http://"), "/api")})
	client := testkit.NewClient(t, "http://cyclos.example/api", passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithInsecureHTTP(),
		passwords.WithHTTPClient(&http.Client{Transport: through(t, proxy, nil)}))
	if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
		t.Fatal(err)
	}
	if got := w.One(t).Header; got.Get("Session-Token") != testkit.Token {
		t.Error("the token did not arrive")
	}
	if proxy.Count() != 1 {
		t.Errorf("the proxy got %d requests, want 1", proxy.Count())
	}
}

// TestTransportProxyFailuresShowNothing covers failures whose errors quote the proxy's
// response, or its URL with the password.
func TestTransportProxyFailuresShowNothing(t *testing.T) {
	t.Parallel()
	refusing := func(text string) func(*testing.T) http.RoundTripper {
		return func(t *testing.T) http.RoundTripper {
			return through(t, testProxy(t, &testkit.ForwardProxy{Refusal: text}), nil)
		}
	}
	with := func(proxy string) func(*testing.T) http.RoundTripper {
		return func(t *testing.T) http.RoundTripper {
			transport := testkit.NewTransport(t)
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
	untrusted := testkit.ServeTLS(http.NotFoundHandler(), &tls.Config{Certificates: []tls.Certificate{testkit.NewAuthority().Issue("127.0.0.1")}})
	t.Cleanup(untrusted.Close)
	user := "leak-me:" + testkit.Password + "@"
	for name, transport := range map[string]func(*testing.T) http.RoundTripper{
		"CONNECT refused":        refusing("HTTP/1.1 407 leak-me at " + user + "proxy\r\nProxy-Authenticate: Basic realm=leak-me\r\n\r\nleak-me"),
		"CONNECT forbidden":      refusing("HTTP/1.1 403 leak-me\r\nContent-Length: 7\r\n\r\nleak-me"),
		"CONNECT redirected":     refusing("HTTP/1.1 302 leak-me\r\nLocation: https://leak-me/\r\n\r\n"),
		"CONNECT without reason": refusing("HTTP/1.1 502\r\n\r\nleak-me"),
		"not HTTP":               refusing("leak-me leak-me\r\n\r\n"),
		"malformed header":       refusing("HTTP/1.1 200 OK\r\nleak-me\r\n\r\n"),
		"empty response":         refusing("\r\n"),
		"tunnel without TLS":     refusing("HTTP/1.1 200 OK\r\n\r\nleak-me leak-me leak-me"),
		"nobody listens":         with("http://" + user + nobody),
		"not SOCKS":              with("socks5://" + user + nobody),
		"untrusted certificate":  with("https://" + user + untrusted.Listener.Addr().String()),
		"unknown scheme":         with("leak-me://" + user + nobody),
		"malformed URL":          with("http://" + user + "proxy:leak-me"),
		"port out of range":      with("http://" + user + "[::1]:99999"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := testkit.NewClient(t, "https://cyclos.example/api", passwords.WithSessionToken(passwords.NewSecret(testkit.Token)),
				passwords.WithHTTPClient(&http.Client{Transport: transport(t)}))
			err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
			var e *passwords.Error
			if !errors.As(err, &e) || e.StatusCode != 0 {
				t.Fatalf("got %T, or a status", err)
			}
			for _, text := range []string{"leak-me", testkit.Password, testkit.Token, "ana"} {
				if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), text) {
					t.Error("the error quotes the proxy's response, or a credential")
				}
			}
			// net/http rejects a malformed URL before it requests a connection, so the
			// client cannot tell that nothing was sent.
			if errors.Is(err, passwords.ErrOutcomeUnknown) && name != "malformed URL" {
				t.Error("the outcome of an unsent request is reported as unknown")
			}
		})
	}
}

// TestTransportProxyRefusalsAreNotRepeated: a repeated password may block the account at
// the proxy. Its temporary failures are retried, because nothing was sent.
func TestTransportProxyRefusalsAreNotRepeated(t *testing.T) {
	t.Parallel()
	for refusal, want := range map[string]int{
		"407 Proxy Authentication Required": 1, "407 another phrase": 1, "407": 1, "403 Forbidden": 1, "503 Service Unavailable": 2,
	} {
		for _, op := range testkit.Operations() {
			t.Run(refusal+op.ID, func(t *testing.T) {
				t.Parallel()
				proxy := testProxy(t, &testkit.ForwardProxy{Refusal: "HTTP/1.1 " + refusal + "\r\n\r\n"})
				client := testkit.NewClient(t, "https://cyclos.example/api", passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithRetries(1),
					passwords.WithHTTPClient(&http.Client{Transport: through(t, proxy, nil)}))
				if _, err := op.Do(t.Context(), client); err == nil || errors.Is(err, passwords.ErrOutcomeUnknown) || proxy.Count() != want {
					t.Errorf("the proxy was asked %d times, want %d: %v", proxy.Count(), want, err)
				}
			})
		}
	}
}

// TestTransportProxyOfTheEnvironment: the default client uses the proxies of the
// environment, as net/http does. net/http reads the environment once per process, so
// the test runs itself as another process.
func TestTransportProxyOfTheEnvironment(t *testing.T) {
	t.Parallel()
	const child = "PASSWORDS_TEST_PROXIED"
	call := func(url string) error {
		client := testkit.NewClient(t, url, passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithInsecureHTTP())
		return client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
	}
	if os.Getenv(child) != "" {
		fmt.Printf("http: %v\nhttps: %v\n", call("http://cyclos.example/api"), call("https://cyclos.example/api"))
		return
	}
	w := testkit.NewWire(t, testkit.NoContent)
	plain := testProxy(t, &testkit.ForwardProxy{Address: strings.TrimSuffix(strings.TrimPrefix(w.URL, "http://"), "/api")})
	secure := testProxy(t, &testkit.ForwardProxy{Refusal: "HTTP/1.1 407 leak-me\r\n\r\n"})
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1")
	proxy := func(p *testkit.ForwardProxy) string {
		return strings.Replace(p.URL, "://", "://leak-me:"+testkit.Password+"@", 1)
	}
	cmd.Env = append(os.Environ(), child+"=1", "HTTP_PROXY="+proxy(plain), "HTTPS_PROXY="+proxy(secure), "NO_PROXY=", "no_proxy=")
	out, err := cmd.CombinedOutput()
	if bytes.Contains(out, []byte("leak-me")) || bytes.Contains(out, []byte(testkit.Password)) {
		t.Fatal("the output quotes the proxy's URL or response")
	}
	want := "http: <nil>\nhttps: passwords: enablePassword: the request failed\n"
	if err != nil || !strings.HasPrefix(string(out), want) {
		t.Errorf("got %v and %s, want %s", err, out, want)
	}
	if w.One(t).Header.Get("Session-Token") != testkit.Token || plain.Count() != 1 || secure.Count() != 1 {
		t.Errorf("the proxies got %d and %d requests, want 1 each, or the token did not arrive", plain.Count(), secure.Count())
	}
}

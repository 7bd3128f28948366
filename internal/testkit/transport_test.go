package testkit_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

func TestCertificatesVerify(t *testing.T) {
	t.Parallel()
	ca := testkit.NewAuthority()
	cert := ca.Issue("127.0.0.1", "cyclos.example.org")
	for name, tc := range map[string]struct {
		cert  tls.Certificate
		roots *x509.CertPool
		host  string
		ok    bool
	}{
		"address":           {cert, ca.Pool(), "127.0.0.1", true},
		"name":              {cert, ca.Pool(), "cyclos.example.org", true},
		"another name":      {cert, ca.Pool(), "cyclos.example.com", false},
		"another authority": {cert, testkit.NewAuthority().Pool(), "127.0.0.1", false},
		"self-signed": {testkit.SelfSigned(&x509.Certificate{Subject: pkix.Name{CommonName: "a"}, DNSNames: []string{"a.example"}}),
			ca.Pool(), "a.example", false},
		"without name": {ca.Sign(&x509.Certificate{Subject: pkix.Name{CommonName: "a"}}), ca.Pool(), "a.example", false},
	} {
		_, err := tc.cert.Leaf.Verify(x509.VerifyOptions{Roots: tc.roots, DNSName: tc.host})
		if (err == nil) != tc.ok {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestTLSServersAreTrustedByTheirClientsOnly(t *testing.T) {
	t.Parallel()
	serverTLS, clientTLS := testkit.LoopbackTLS()
	server := testkit.ServeTLS(&testkit.BodyCounter{}, serverTLS)
	t.Cleanup(server.Close)
	_, strangers := testkit.LoopbackTLS()
	for config, trusted := range map[*tls.Config]bool{clientTLS: true, strangers: false} {
		transport := testkit.NewTransport(t)
		transport.TLSClientConfig = config
		if _, err := testkit.Post(t, transport, server.URL); (err == nil) != trusted {
			t.Errorf("trusted: %t, got %v", trusted, err)
		}
	}
}

func TestForwardProxyForwardsAndRecords(t *testing.T) {
	t.Parallel()
	serverTLS, clientTLS := testkit.LoopbackTLS()
	secure := testkit.ServeTLS(&testkit.BodyCounter{}, serverTLS)
	t.Cleanup(secure.Close)
	plain, err := url.Parse(testkit.Serve(t, &testkit.BodyCounter{}))
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		proxy  *testkit.ForwardProxy
		target string
		method string
		ok     bool
	}{
		"plain":              {&testkit.ForwardProxy{Address: plain.Host}, "http://cyclos.example/", "POST", true},
		"tunnel":             {&testkit.ForwardProxy{Address: secure.Listener.Addr().String()}, secure.URL, "CONNECT", true},
		"refusal":            {&testkit.ForwardProxy{Refusal: "HTTP/1.1 403 Forbidden\r\n\r\n"}, secure.URL, "CONNECT", false},
		"unreachable tunnel": {&testkit.ForwardProxy{Address: testkit.UnusedAddress(t)}, secure.URL, "CONNECT", false},
	} {
		proxy := tc.proxy.Start()
		t.Cleanup(proxy.Close)
		via, err := url.Parse(proxy.URL)
		if err != nil {
			t.Fatal(err)
		}
		transport := testkit.NewTransport(t)
		transport.Proxy, transport.TLSClientConfig = http.ProxyURL(via), clientTLS
		if got, err := testkit.Post(t, transport, tc.target); (err == nil && got == "a response body") != tc.ok {
			t.Errorf("%s: got %q and %v", name, got, err)
		}
		if got := proxy.One(t); got.Method != tc.method {
			t.Errorf("%s: recorded %s, want %s", name, got.Method, tc.method)
		}
	}
	unreachable := (&testkit.ForwardProxy{Address: testkit.UnusedAddress(t)}).Start()
	t.Cleanup(unreachable.Close)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, unreachable.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host, req.URL.Opaque = "cyclos.example", "http://cyclos.example/"
	resp, err := testkit.NewTransport(t).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	if _ = resp.Body.Close(); resp.StatusCode != http.StatusBadGateway {
		t.Errorf("got status %d, want 502", resp.StatusCode)
	}
}

// TestSessionsAcceptOneToken and record the others.
func TestSessionsAcceptOneToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &testkit.Sessions{Valid: "b", Tokens: []string{"a", "b"}, Hold: make(chan struct{}), Refuse: testkit.LoggedOut}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.Source(ctx, passwords.Secret{}); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v while the source waits", err)
		}
		close(s.Hold)
		s.Asked = 0
		client := testkit.NewSessionClient(t, s.Transport(t, testkit.NoContent), s.Source)
		var failed atomic.Int32
		for range 2 {
			testkit.Concurrently(func() {
				if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
					failed.Add(1)
				}
			})()
		}
		if accepted := len(s.Sent) - strings.Count(strings.Join(s.Sent, ""), "a"); failed.Load() != 0 || accepted != 2*testkit.Callers || s.Asked < 2 {
			t.Errorf("%d calls failed, %d of %d requests were accepted, the source was asked %d times", failed.Load(), accepted, len(s.Sent), s.Asked)
		}
	})
}

func TestInMemoryNoticesMoreThanOneRequest(t *testing.T) {
	t.Parallel()
	if !strings.Contains(testkit.Plant("ab", 7), testkit.Marker) {
		t.Error("no marker was inserted")
	}
	handler := &testkit.BodyCounter{}
	transport := &testkit.InMemory{Handler: handler}
	if got, err := testkit.Post(t, transport, "http://cyclos.example/"); err != nil || got != "a response body" || len(transport.Arrived) != 1 {
		t.Errorf("got %q, %v", got, err)
	}
	for name, req := range map[string]*http.Request{
		"two requests": {Method: "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET", URL: &url.URL{Host: "a", Path: "/"}},
		"malformed":    {Method: "GET\r\n", URL: &url.URL{Host: "a", Path: "/"}},
	} {
		resp, err := transport.RoundTrip(req)
		if err == nil {
			_ = resp.Body.Close()
			t.Errorf("%s: was accepted", name)
		}
	}
	if got := handler.Requests.Load(); got != 1 || len(transport.Sent) != 3 {
		t.Errorf("%d of %d requests arrived, want 1 of 3", got, len(transport.Sent))
	}
}

func TestFunctionsServeAsTransports(t *testing.T) {
	t.Parallel()
	respond := func(*http.Request) (*http.Response, error) {
		return testkit.TextResponse(io.NopCloser(strings.NewReader("value"))), nil
	}
	for name, client := range map[string]*passwords.Client{
		"round tripper": testkit.NewClientOver(t, respond),
		"doer":          testkit.NewClient(t, "https://cyclos.example.org/api", passwords.WithDoer(testkit.DoerFunc(respond))),
	} {
		if value, err := client.GeneratePassword(t.Context(), "pin"); err != nil || !value.Equal(passwords.NewSecret("value")) {
			t.Errorf("%s: the value differs, or: %v", name, err)
		}
	}
}

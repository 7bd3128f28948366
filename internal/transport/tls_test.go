package transport_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestTransportVerifiesCertificates checks that nothing is sent to a server that cannot
// prove its name, unless the caller set InsecureSkipVerify.
func TestTransportVerifiesCertificates(t *testing.T) {
	t.Parallel()
	ca, ip := testkit.NewAuthority(), net.IPv4(127, 0, 0, 1)
	for name, certificate := range map[string]tls.Certificate{
		"self-signed":           testkit.SelfSigned(&x509.Certificate{IPAddresses: []net.IP{ip}}),
		"of another authority":  testkit.NewAuthority().Issue("127.0.0.1"),
		"of another name":       ca.Issue("cyclos.example"),
		"expired":               ca.Sign(&x509.Certificate{IPAddresses: []net.IP{ip}, NotAfter: time.Now().Add(-time.Minute)}),
		"of a client":           ca.Sign(&x509.Certificate{IPAddresses: []net.IP{ip}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}),
		"of a common name only": ca.Issue("server"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &testkit.Wire{}
			server := testkit.ServeTLS(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if err := w.Record(r); err != nil {
					t.Errorf("reading the request: %T", err)
				}
				rw.WriteHeader(http.StatusNoContent)
			}), &tls.Config{Certificates: []tls.Certificate{certificate}})
			t.Cleanup(server.Close)
			transport := testkit.NewTransport(t)
			transport.TLSClientConfig = &tls.Config{RootCAs: ca.Pool()}
			for _, opts := range [][]passwords.Option{nil, {passwords.WithHTTPClient(&http.Client{Transport: transport})}} {
				client := testkit.NewClient(t, server.URL+"/api", append(opts, passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithRetries(2))...)
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
			if w.Count() != 0 {
				t.Fatal("a request was sent")
			}
			careless := testkit.NewTransport(t)
			careless.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
			client := testkit.NewClient(t, server.URL+"/api", passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithHTTPClient(&http.Client{Transport: careless}))
			if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
				t.Errorf("InsecureSkipVerify: got %v", err)
			}
			if w.Count() != 1 {
				t.Errorf("InsecureSkipVerify: %d requests arrived, want 1", w.Count())
			}
		})
	}
}

// TestTransportClientCertificates covers a server that requires a client certificate.
func TestTransportClientCertificates(t *testing.T) {
	t.Parallel()
	ca, other := testkit.NewAuthority(), testkit.NewAuthority()
	var mu sync.Mutex
	var names []string
	server := testkit.ServeTLS(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		names = append(names, r.TLS.PeerCertificates[0].Subject.CommonName)
		mu.Unlock()
		w.WriteHeader(http.StatusNoContent)
	}), &tls.Config{
		Certificates: []tls.Certificate{ca.Issue("127.0.0.1")},
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ClientCAs:    ca.Pool(),
	})
	t.Cleanup(server.Close)
	for name, tc := range map[string]struct {
		own []tls.Certificate
		ok  bool
	}{
		"right":   {[]tls.Certificate{ca.Issue("onboarding")}, true},
		"foreign": {[]tls.Certificate{other.Issue("intruder")}, false},
		"none":    {nil, false},
	} {
		transport := testkit.NewTransport(t)
		transport.TLSClientConfig = &tls.Config{RootCAs: ca.Pool(), Certificates: tc.own}
		client := testkit.NewClient(t, server.URL+"/api", passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithHTTPClient(&http.Client{Transport: transport}))
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

// TestOtherProtocolsBehindHTTPS: only a server of plain HTTP is a scheme mismatch.
func TestOtherProtocolsBehindHTTPS(t *testing.T) {
	t.Parallel()
	for greeting, mismatch := range map[string]bool{"HTTP/1.1 400 Bad Request\r\n\r\n": true, "SSH-2.0-leak-me\r\n": false} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = listener.Close() })
		go func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				_, _ = io.ReadFull(conn, make([]byte, 1)) // closing before the ClientHello is read resets the connection
				_, _ = io.WriteString(conn, greeting)
				_, _ = io.Copy(io.Discard, conn)
				_ = conn.Close()
			}
		}()
		client := testkit.NewClient(t, "https://"+listener.Addr().String()+"/api")
		err = client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
		if err == nil || errors.Is(err, http.ErrSchemeMismatch) != mismatch || strings.Contains(err.Error(), "leak") {
			t.Errorf("%q: got %v", greeting[:4], err)
		}
	}
}

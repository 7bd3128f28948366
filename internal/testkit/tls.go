package testkit

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"time"
)

// Authority issues certificates for one test run, so that the repository holds
// none that can expire or be trusted by mistake.
type Authority struct{ own tls.Certificate }

// NewAuthority returns an authority with a certificate of its own.
func NewAuthority() *Authority {
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: "test authority"},
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
	return &Authority{own: SelfSigned(template)}
}

// Issue returns a certificate for the names: IP addresses, hosts, or the name of
// a client.
func (a *Authority) Issue(names ...string) tls.Certificate {
	template := &x509.Certificate{
		Subject:     pkix.Name{CommonName: names[0]},
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	return a.Sign(template)
}

// Sign returns a certificate made from the template.
func (a *Authority) Sign(template *x509.Certificate) tls.Certificate {
	return certificate(template, &a.own)
}

// SelfSigned returns a certificate made from the template that no authority
// signed.
func SelfSigned(template *x509.Certificate) tls.Certificate { return certificate(template, nil) }

// Certificate returns the certificate of the authority.
func (a *Authority) Certificate() *x509.Certificate { return a.own.Leaf }

// Pool returns a pool that trusts only the authority.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.Certificate())
	return pool
}

// certificate signs the template with the key of the issuer, or with its own if
// issuer is nil. It panics because examples have no test to fail.
func certificate(template *x509.Certificate, issuer *tls.Certificate) tls.Certificate {
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	template.SerialNumber, err = rand.Int(rand.Reader, big.NewInt(1<<62))
	must(err)
	if template.NotAfter.IsZero() {
		template.NotAfter = time.Now().Add(time.Hour)
	}
	template.NotBefore = template.NotAfter.Add(-2 * time.Hour)
	parent, signer := template, any(key)
	if issuer != nil {
		parent, signer = issuer.Leaf, issuer.PrivateKey
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	must(err)
	leaf, err := x509.ParseCertificate(der)
	must(err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// ServeTLS serves h on loopback with config. It does not log failed handshakes,
// which tests cause on purpose.
func ServeTLS(h http.Handler, config *tls.Config) *httptest.Server {
	server := httptest.NewUnstartedServer(h)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = config
	server.EnableHTTP2 = true
	server.StartTLS()
	return server
}

// LoopbackTLS returns the configurations of a TLS server on loopback and of its
// clients.
func LoopbackTLS() (server, client *tls.Config) {
	ca := NewAuthority()
	return &tls.Config{Certificates: []tls.Certificate{ca.Issue("127.0.0.1")}}, &tls.Config{RootCAs: ca.Pool()}
}

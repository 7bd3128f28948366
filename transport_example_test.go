package passwords_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/url"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// How does a program reach its server through a proxy?
func ExampleWithHTTPClient_proxy() {
	server := cyclostest.NewServer() // stands for https://cyclos.example.org
	defer server.Close()
	forward := new(testkit.ForwardProxy).Start() // stands for the proxy of the company
	defer forward.Close()

	proxy, err := url.Parse(forward.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	proxy.User = url.UserPassword("onboarding", "secret of the proxy")

	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = http.ProxyURL(proxy)
	client, err := passwords.New(server.URL,
		passwords.WithSessionToken(cyclostest.AnaSession),
		passwords.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.CloseIdleConnections()

	pin, err := client.GetUserPasswordsData(context.Background(), passwords.Self(), "pin")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(pin.Status, "by way of the proxy:", forward.Count() == 1)
	// Output:
	// active by way of the proxy: true
}

// How does a program trust the authority of its own company?
func ExampleWithHTTPClient_customCA() {
	company := testkit.NewAuthority()
	server := testkit.ServeTLS(cyclostest.New().Handler(), &tls.Config{
		Certificates: []tls.Certificate{company.Issue("127.0.0.1")},
	})
	defer server.Close()

	roots, err := x509.SystemCertPool() // or an empty pool, to trust nobody else
	if err != nil {
		fmt.Println(err)
		return
	}
	roots.AddCert(company.Certificate()) // or roots.AppendCertsFromPEM, with a file

	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	client, err := passwords.New(server.URL+"/api",
		passwords.WithSessionToken(cyclostest.AnaSession),
		passwords.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.CloseIdleConnections()

	pin, err := client.GetUserPasswordsData(context.Background(), passwords.Self(), "pin")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(pin.Status)
	// Output:
	// active
}

// How does a program show a certificate of its own to a server that asks for it?
func ExampleWithHTTPClient_clientCertificate() {
	company := testkit.NewAuthority()
	server := testkit.ServeTLS(cyclostest.New().Handler(), &tls.Config{
		Certificates: []tls.Certificate{company.Issue("127.0.0.1")},
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ClientCAs:    company.Pool(),
	})
	defer server.Close()

	mine := company.Issue("onboarding") // or tls.LoadX509KeyPair, with two files

	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{
		RootCAs:      company.Pool(),
		Certificates: []tls.Certificate{mine},
	}
	client, err := passwords.New(server.URL+"/api",
		passwords.WithSessionToken(cyclostest.AnaSession),
		passwords.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.CloseIdleConnections()

	pin, err := client.GetUserPasswordsData(context.Background(), passwords.Self(), "pin")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(pin.Status)
	// Output:
	// active
}

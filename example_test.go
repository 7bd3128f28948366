package passwords_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// Which passwords does a user have, and in which state are they?
func Example() {
	server := cyclostest.NewServer() // stands for https://cyclos.example.org
	defer server.Close()

	client, err := passwords.New(server.URL, passwords.WithBasicAuth(cyclostest.Admin, passwords.NewSecret(cyclostest.AdminPassword)))
	if err != nil {
		fmt.Println(err)
		return
	}
	all, err := client.ListUserPasswords(context.Background(), passwords.Principal("ana"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range all {
		fmt.Println(p.Type.InternalName, p.Status)
	}
	// Output:
	// login active
	// pin active
	// cardPin neverCreated
	// otp active
	// tradePin active
}

// How does a user change a password, and what is wrong with the new one?
func ExampleClient_ChangePassword() {
	server := cyclostest.NewServer()
	defer server.Close()

	client, err := passwords.New(server.URL, passwords.WithSessionToken(passwords.NewSecret(server.NewSession("ana"))))
	if err != nil {
		fmt.Println(err)
		return
	}
	change := passwords.ChangePassword{
		OldPassword: passwords.NewSecret(cyclostest.AnaPassword),
		NewPassword: passwords.NewSecret("short"),
	}
	err = client.ChangePassword(context.Background(), passwords.Self(), "login", change)
	var failure *passwords.Error
	if errors.As(err, &failure) {
		fmt.Println(err)
		for _, message := range failure.PropertyErrors()["newPassword"] {
			fmt.Println("-", message)
		}
	}
	change.NewPassword = passwords.NewSecret("longer-than-before-1")
	fmt.Println(client.ChangePassword(context.Background(), passwords.Self(), "login", change))
	// Output:
	// passwords: changePassword: 422 Unprocessable Entity: validation
	// - must have at least 8 characters
	// - must contain numbers
	// <nil>
}

// How does a user get a PIN, which the server shows only once?
func ExampleClient_GeneratePassword() {
	server := cyclostest.NewServer()
	defer server.Close()

	client, err := passwords.New(server.URL, passwords.WithSessionToken(passwords.NewSecret(server.NewSession("ben"))))
	if err != nil {
		fmt.Println(err)
		return
	}
	pin, err := client.GeneratePassword(context.Background(), "pin")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("in a log:", pin)
	fmt.Println("for the screen of its owner:", len(pin.Reveal()), "digits")
	// Output:
	// in a log: [REDACTED]
	// for the screen of its owner: 4 digits
}

// What went wrong, and what can be done about it?
func ExampleError() {
	server := cyclostest.NewServer()
	defer server.Close()

	// Somebody tries passwords until ana's is blocked.
	attacker, err := passwords.New(server.URL, passwords.WithBasicAuth("ana", passwords.NewSecret("wrong")))
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 3 {
		_, err = attacker.ListUserPasswords(context.Background(), passwords.Self())
	}
	var failure *passwords.Error
	if errors.As(err, &failure) && failure.PasswordStatus() == passwords.StatusTemporarilyBlocked {
		fmt.Println("blocked:", err)
	}

	admin, err := passwords.New(server.URL, passwords.WithBasicAuth(cyclostest.Admin, passwords.NewSecret(cyclostest.AdminPassword)))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("unblocked:", admin.UnblockPassword(context.Background(), passwords.Principal("ana"), "login"))

	err = admin.EnablePassword(context.Background(), passwords.Principal("nobody"), "login")
	fmt.Println(errors.Is(err, passwords.ErrNotFound), err)
	err = admin.EnablePassword(context.Background(), passwords.Principal("ana"), "login")
	fmt.Println(passwords.IsCode(err, passwords.CodeIllegalAction), err)
	// Output:
	// blocked: passwords: listUserPasswords: 401 Unauthorized: login
	// unblocked: <nil>
	// true passwords: enablePassword: 404 Not Found: no such user
	// true passwords: enablePassword: 403 Forbidden: illegalAction
}

// Did a change take place whose response was lost?
func Example_outcomeUnknown() {
	var hours atomic.Int64 // on the clock of the server
	server := cyclostest.NewServer(cyclostest.WithClock(func() time.Time { return time.Unix(3600*hours.Load(), 0) }))
	defer server.Close()

	ctx, ana := context.Background(), passwords.Principal("ana")
	client, err := passwords.New(server.URL, passwords.WithBasicAuth(cyclostest.Admin, passwords.NewSecret(cyclostest.AdminPassword)))
	if err != nil {
		fmt.Println(err)
		return
	}
	before, err := client.GetUserPasswordsData(ctx, ana, "login", "status", "date", "history")
	if err != nil {
		fmt.Println(err)
		return
	}
	// An hour later, the connection breaks off after the server changed the password.
	hours.Add(1)
	server.Inject(cyclostest.Fault{Operation: gen.OperationChangePassword, Cut: true, AfterExecution: true})
	chosen := passwords.NewSecret("longer-than-before-1")
	err = client.ChangePassword(ctx, ana, "login", passwords.ChangePassword{NewPassword: chosen})
	fmt.Println(errors.Is(err, passwords.ErrOutcomeUnknown), err)

	// Wait here until the server cannot be at work on the request any more.
	after, err := client.GetUserPasswordsData(ctx, ana, "login", "status", "date", "history")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("the status tells nothing:", before.Status, "and", after.Status)
	newest := func(p *passwords.PasswordStatusAndActions) (event passwords.PasswordLog) {
		if len(p.History) > 0 { // since Cyclos 4.15
			event = p.History[0]
		}
		return event
	}
	fmt.Println("the history tells:", newest(after).Action, newest(after).Date.After(newest(before).Date))
	fmt.Println("the date tells:", after.Date.After(before.Date))

	// Or, once, since a failed attempt counts:
	user, err := client.With(passwords.WithBasicAuth("ana", chosen))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = user.ListUserPasswords(ctx, passwords.Self(), "status")
	fmt.Println("a login tells:", err)
	// Output:
	// true passwords: changePassword: the connection broke off (the outcome is unknown)
	// the status tells nothing: active and active
	// the history tells: change true
	// the date tells: true
	// a login tells: <nil>
}

// How does one program act for many users?
func ExampleClient_With() {
	server := cyclostest.NewServer()
	defer server.Close()

	base, err := passwords.New(server.URL, passwords.WithChannel("main"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []string{"ana", "ben"} {
		client, err := base.With(passwords.WithSessionToken(passwords.NewSecret(server.NewSession(name))))
		if err != nil {
			fmt.Println(err)
			return
		}
		pin, err := client.GetUserPasswordsData(context.Background(), passwords.Self(), "pin", "status")
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(name, pin.Status)
	}
	// Output:
	// ana active
	// ben neverCreated
}

// How does a program log in with a password that is sent only once?
func ExampleWithLogin() {
	server := cyclostest.NewServer()
	defer server.Close()

	ctx := context.Background()
	client, err := passwords.New(server.URL, passwords.WithLogin("ana", passwords.NewSecret(cyclostest.AnaPassword)))
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 3 {
		if _, err := client.ListUserPasswords(ctx, passwords.Self()); err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Println("logins:", server.Calls(gen.OperationLogin), "logout:", client.Logout(ctx))

	// A wrong password is tried once, however many calls follow.
	wrong, err := client.With(passwords.WithLogin("ana", passwords.NewSecret("wrong")))
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 5 {
		_, err = wrong.ListUserPasswords(ctx, passwords.Self())
	}
	fmt.Println(err)
	fmt.Println(server.Status("ana", "login"))
	// Output:
	// logins: 1 logout: <nil>
	// passwords: login: 401 Unauthorized: login
	// active
}

// What happens when a session ends? The next call logs in again.
func ExampleWithLogin_renewal() {
	var hours atomic.Int64 // of the clock of the server
	server := cyclostest.NewServer(cyclostest.WithClock(func() time.Time { return time.Unix(hours.Load()*3600, 0) }))
	defer server.Close()

	client, err := passwords.New(server.URL,
		passwords.WithLogin("ana", passwords.NewSecret(cyclostest.AnaPassword)),
		passwords.WithSessionTimeout(30*time.Minute))
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 3 {
		if _, err := client.ListUserPasswords(context.Background(), passwords.Self()); err != nil {
			fmt.Println(err)
			return
		}
		hours.Add(1)
	}
	fmt.Println("logins:", server.Calls(gen.OperationLogin))
	// Output:
	// logins: 3
}

// How does a program open its sessions itself?
func ExampleWithSessionTokenSource() {
	server := cyclostest.NewServer()
	defer server.Close()

	var (
		mu     sync.Mutex
		opened int
		token  passwords.Secret
	)
	source := func(_ context.Context, expired passwords.Secret) (passwords.Secret, error) {
		mu.Lock()
		defer mu.Unlock()
		if token.IsZero() || token.Equal(expired) { // else another call has renewed it
			token = passwords.NewSecret(server.NewSession("ana")) // stands for a login of yours
			opened++
		}
		return token, nil
	}
	client, err := passwords.New(server.URL, passwords.WithSessionTokenSource(source))
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 4 {
		if _, err := client.ListUserPasswords(context.Background(), passwords.Self()); err != nil {
			fmt.Println(err)
			return
		}
	}
	server.EndSession(token.Reveal())
	for range 4 {
		if _, err := client.ListUserPasswords(context.Background(), passwords.Self()); err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Println("sessions:", opened)
	// Output:
	// sessions: 2
}

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
		passwords.WithSessionToken(passwords.NewSecret(cyclostest.AnaSession)),
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
		passwords.WithSessionToken(passwords.NewSecret(cyclostest.AnaSession)),
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
		passwords.WithSessionToken(passwords.NewSecret(cyclostest.AnaSession)),
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

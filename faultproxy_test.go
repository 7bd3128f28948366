package passwords_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// has reports whether an operation has that stage.
func has(d testkit.EmulatorCall, s testkit.Stage, secure bool) bool {
	switch s {
	case testkit.AtHandshake:
		return secure
	case testkit.InRequestBody:
		return d.ID == "changePassword"
	case testkit.InResponseBody:
		return d.HasBody
	}
	return true
}

// TestFaultsNeverExecuteAPostTwice breaks the connection of each operation at
// each stage, and counts on the server.
func TestFaultsNeverExecuteAPostTwice(t *testing.T) {
	t.Parallel()
	serverTLS, clientTLS := testkit.LoopbackTLS()
	var running sync.WaitGroup
	defer running.Wait() // before the cleanups
	for _, secure := range []bool{false, true} {
		for _, d := range testkit.EmulatorCalls() {
			for _, at := range testkit.Stages {
				if !has(d, at, secure) {
					continue
				}
				for _, n := range []struct{ faults, retries int }{{1, 0}, {1, 2}, {2, 2}, {3, 2}} {
					server := cyclostest.NewServer(cyclostest.WithWorld(testkit.FaultWorld()))
					t.Cleanup(server.Close)
					scheme, config := "http", (*tls.Config)(nil)
					if secure {
						scheme, config = "https", serverTLS
					}
					proxy := testkit.NewFaultProxy(t, at, n.faults, config, hostOf(t, server.URL))
					transport := testkit.NewTransport(t)
					transport.DialContext, transport.TLSClientConfig = proxy.Dial, clientTLS
					client := testkit.NewClient(t, scheme+"://"+proxy.Address+"/api", passwords.WithSessionToken(d.Session),
						passwords.WithHTTPClient(&http.Client{Transport: transport}), passwords.WithRetries(n.retries))
					name := fmt.Sprintf("%s: %s %s, %d faults, %d retries", d.ID, scheme, at, n.faults, n.retries)
					ctx := t.Context()
					running.Go(func() {
						err := d.Do(ctx, client)
						repeated := d.Safe || !at.Written()
						attempts, executed := 1, 0
						if repeated {
							attempts += min(n.faults, n.retries)
						}
						if at.Executed() {
							executed = min(n.faults, attempts)
						}
						succeeds := attempts > n.faults
						if succeeds {
							executed++
						}
						if (err == nil) != succeeds {
							t.Errorf("%s: got %v", name, err)
						}
						if got := int(proxy.Dials.Load()); got != attempts {
							t.Errorf("%s: %d attempts, want %d", name, got, attempts)
						}
						if got := server.Calls(d.ID); got != executed {
							t.Errorf("%s: executed %d times, want %d", name, got, executed)
						}
						if d.Done != nil && d.Done(server) != (executed == 1) {
							t.Errorf("%s: the server is not in the state that follows", name)
						}
						unknown := !d.Safe && at.Written()
						if errors.Is(err, passwords.ErrOutcomeUnknown) != unknown {
							t.Errorf("%s: outcome unknown is not %t: %v", name, unknown, err)
						}
					})
				}
			}
		}
	}
}

func hostOf(t *testing.T, rawURL string) string {
	t.Helper()
	u, err := url.Parse(rawURL)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

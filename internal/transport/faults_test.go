package transport_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestFaultsNeverExecuteAPostTwice breaks the connection of each operation at each
// stage, and counts the executions.
func TestFaultsNeverExecuteAPostTwice(t *testing.T) {
	t.Parallel()
	serverTLS, clientTLS := testkit.LoopbackTLS()
	var running sync.WaitGroup
	defer running.Wait() // before the cleanups
	for _, secure := range []bool{false, true} {
		for _, d := range testkit.EmulatorCalls() {
			for _, at := range stages {
				if !has(d, at, secure) {
					continue
				}
				for _, n := range []struct{ faults, retries int }{{1, 0}, {1, 2}, {2, 2}, {3, 2}} {
					server := cyclostest.Start(t, cyclostest.WithWorld(testkit.FaultWorld()))
					scheme, config := "http", (*tls.Config)(nil)
					if secure {
						scheme, config = "https", serverTLS
					}
					proxy := newFaultProxy(t, at, n.faults, config, hostOf(t, server.URL))
					transport := testkit.NewTransport(t)
					transport.DialContext, transport.TLSClientConfig = proxy.dial, clientTLS
					client := testkit.NewClient(t, scheme+"://"+proxy.address+"/api", passwords.WithSessionToken(passwords.NewSecret(d.Session)),
						passwords.WithHTTPClient(&http.Client{Transport: transport}), passwords.WithRetries(n.retries))
					name := fmt.Sprintf("%s: %s %s, %d faults, %d retries", d.ID, scheme, at, n.faults, n.retries)
					ctx := t.Context()
					running.Go(func() {
						err := d.Do(ctx, client)
						retried := d.Safe || !at.written()
						attempts, executed := 1, 0
						if retried {
							attempts += min(n.faults, n.retries)
						}
						if at.executed() {
							executed = min(n.faults, attempts)
						}
						succeeds := attempts > n.faults
						if succeeds {
							executed++
						}
						if (err == nil) != succeeds {
							t.Errorf("%s: got %v", name, err)
						}
						if got := int(proxy.dials.Load()); got != attempts {
							t.Errorf("%s: %d attempts, want %d", name, got, attempts)
						}
						if got := server.Calls(d.ID); got != executed {
							t.Errorf("%s: executed %d times, want %d", name, got, executed)
						}
						if d.Done != nil && d.Done(server) != (executed == 1) {
							t.Errorf("%s: %d executions, but the state of the server differs", name, executed)
						}
						unknown := !d.Safe && at.written()
						if errors.Is(err, passwords.ErrOutcomeUnknown) != unknown {
							t.Errorf("%s: want ErrOutcomeUnknown: %t, got %v", name, unknown, err)
						}
					})
				}
			}
		}
	}
}

// has reports whether a call of the operation passes the stage.
func has(d testkit.EmulatorCall, s stage, secure bool) bool {
	switch s {
	case atHandshake:
		return secure
	case inRequestBody:
		return d.ID == "changePassword"
	case inResponseBody:
		return d.HasBody
	}
	return true
}

func hostOf(t *testing.T, rawURL string) string {
	t.Helper()
	u, err := url.Parse(rawURL)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

type requestsKey struct{}

// secondBreaks closes a connection at its second request, before or after that is
// executed.
func secondBreaks(next http.Handler, executed bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Context().Value(requestsKey{}).(*atomic.Int32).Add(1) != 2 {
			next.ServeHTTP(w, r)
			return
		}
		if executed {
			next.ServeHTTP(httptest.NewRecorder(), r)
		}
		panic(http.ErrAbortHandler)
	})
}

func newReusing(t *testing.T, h http.Handler, http2 bool, configure func(*http.Server)) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Config.ConnContext = func(ctx context.Context, _ net.Conn) context.Context {
		return context.WithValue(ctx, requestsKey{}, new(atomic.Int32))
	}
	if configure != nil {
		configure(s.Config)
	}
	if s.EnableHTTP2 = http2; http2 {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s
}

// TestFaultsOfReusedConnections breaks a connection that has served a request. net/http
// itself retries idempotent requests there.
func TestFaultsOfReusedConnections(t *testing.T) {
	t.Parallel()
	var running sync.WaitGroup
	defer running.Wait()
	for name, http2 := range map[string]bool{"HTTP/1": false, "HTTP/2": true} {
		for _, d := range testkit.EmulatorCalls() {
			for _, executed := range []bool{false, true} {
				cyclos := cyclostest.New(cyclostest.WithWorld(testkit.FaultWorld()))
				s := newReusing(t, secondBreaks(cyclos.Handler(), executed), http2, nil)
				client := testkit.NewClient(t, s.URL+"/api", passwords.WithSessionToken(passwords.NewSecret(d.Session)),
					passwords.WithHTTPClient(&http.Client{Transport: s.Client().Transport}), passwords.WithRetries(1))
				ctx := t.Context()
				running.Go(func() {
					if _, err := client.ListUserPasswords(ctx, passwords.Self()); err != nil {
						t.Errorf("%s: %s: the first call: %v", name, d.ID, err)
					}
					before := cyclos.Calls(d.ID)
					err := d.Do(ctx, client)
					want := 0
					if executed {
						want++
					}
					if d.Safe {
						want++
					}
					if got := cyclos.Calls(d.ID) - before; got != want {
						t.Errorf("%s: %s: executed %d times, want %d", name, d.ID, got, want)
					}
					if (err == nil) != d.Safe || errors.Is(err, passwords.ErrOutcomeUnknown) == d.Safe {
						t.Errorf("%s: %s: got %v", name, d.ID, err)
					}
				})
			}
		}
	}
}

// TestFaultsOfIdleConnections has the server close its connections before each call.
// Whether the client notices in time varies, so calls may fail.
func TestFaultsOfIdleConnections(t *testing.T) {
	t.Parallel()
	for name, http2 := range map[string]bool{"HTTP/1": false, "HTTP/2": true} {
		cyclos := cyclostest.New()
		s := newReusing(t, cyclos.Handler(), http2, nil)
		client := testkit.NewClient(t, s.URL+"/api", passwords.WithSessionToken(passwords.NewSecret(cyclostest.AdminSession)),
			passwords.WithHTTPClient(&http.Client{Transport: s.Client().Transport}), passwords.WithRetries(2))
		succeeded := 0
		for range 10 {
			s.CloseClientConnections()
			err := client.ResetAndSendPassword(t.Context(), passwords.Principal(cyclostest.Ana), cyclostest.TypeLogin, passwords.SendMediumSMS)
			if err == nil {
				succeeded++
			} else if !errors.Is(err, passwords.ErrOutcomeUnknown) {
				t.Errorf("%s: got %v", name, err)
			}
		}
		if got := len(cyclos.Messages()); got != succeeded {
			t.Errorf("%s: %d messages were sent by %d successful calls", name, got, succeeded)
		}
	}
}

// TestFaultsOfHTTP2Streams has the server refuse requests by GOAWAY, and by
// REFUSED_STREAM if there are more streams than it allows. Whether the client can tell
// that a request was not executed varies, so calls may fail.
func TestFaultsOfHTTP2Streams(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		header    string
		configure func(*http.Server)
	}{
		"GOAWAY":         {"close", nil},
		"REFUSED_STREAM": {"", func(s *http.Server) { s.HTTP2 = &http.HTTP2Config{MaxConcurrentStreams: 2} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cyclos := cyclostest.New()
			inner := cyclos.Handler()
			s := newReusing(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.ProtoMajor != 2 {
					t.Errorf("got %s", r.Proto)
				}
				if tc.header != "" {
					w.Header().Set("Connection", tc.header)
				}
				inner.ServeHTTP(w, r)
			}), true, tc.configure)
			client := testkit.NewClient(t, s.URL+"/api", passwords.WithSessionToken(passwords.NewSecret(cyclostest.AdminSession)),
				passwords.WithHTTPClient(&http.Client{Transport: s.Client().Transport}))
			const calls = 5
			var running sync.WaitGroup
			var succeeded atomic.Int32
			for range calls {
				running.Go(func() {
					err := client.ResetAndSendPassword(t.Context(), passwords.Principal(cyclostest.Ana), cyclostest.TypeLogin, passwords.SendMediumSMS)
					if err == nil {
						succeeded.Add(1)
					} else if !errors.Is(err, passwords.ErrOutcomeUnknown) {
						t.Errorf("got %v", err)
					}
				})
			}
			running.Wait()
			if got := len(cyclos.Messages()); got < int(succeeded.Load()) || got > calls {
				t.Errorf("%d messages were sent by %d calls, of which %d succeeded", got, calls, succeeded.Load())
			}
		})
	}
}

package passwords_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
)

// stage is where a connection breaks.
type stage string

const (
	atDial          stage = "dial"
	atHandshake     stage = "TLS handshake"
	afterConnect    stage = "after connecting"
	inRequestHeader stage = "in the request header"
	inRequestBody   stage = "in the request body"
	afterExecution  stage = "after execution"
	inAnswerHeader  stage = "in the answer header"
	inAnswerBody    stage = "in the answer body"
)

var stages = []stage{atDial, atHandshake, afterConnect, inRequestHeader, inRequestBody, afterExecution, inAnswerHeader, inAnswerBody}

func (s stage) written() bool { return s != atDial && s != atHandshake }

func (s stage) executed() bool {
	return s == afterExecution || s == inAnswerHeader || s == inAnswerBody
}

// faultProxy takes one request a connection to a server, and breaks the first
// few connections.
type faultProxy struct {
	stage   stage
	left    atomic.Int32 // faults to come
	dials   atomic.Int32
	tls     *tls.Config // nil for plain HTTP
	backend string      // host and port
	address string
	refused string // where nobody listens
}

func newFaultProxy(t *testing.T, at stage, faults int, config *tls.Config, backend string) *faultProxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &faultProxy{stage: at, tls: config, backend: backend, address: listener.Addr().String(), refused: newUnlistened(t)}
	p.left.Store(int32(faults))
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			running.Go(func() {
				defer func() { _ = conn.Close() }()
				// An error ends the connection, which is all that a proxy can do.
				_ = p.serve(conn)
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		running.Wait()
	})
	return p
}

// dial is for the transport of the client.
func (p *faultProxy) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	p.dials.Add(1)
	address := p.address
	if p.stage == atDial && p.left.Add(-1) >= 0 {
		address = p.refused
	}
	return new(net.Dialer).DialContext(ctx, network, address)
}

func (p *faultProxy) serve(conn net.Conn) error {
	var at stage
	if p.stage != atDial && p.left.Add(-1) >= 0 {
		at = p.stage
	}
	if at == atHandshake {
		_, err := io.ReadFull(conn, make([]byte, 5))
		return err
	}
	if p.tls != nil {
		secure := tls.Server(conn, p.tls)
		if err := secure.Handshake(); err != nil {
			return err
		}
		conn = secure
	}
	reader := bufio.NewReaderSize(conn, 16)
	switch at {
	case afterConnect:
		return nil
	case inRequestHeader:
		_, err := io.ReadFull(conn, make([]byte, 10))
		return err
	}
	req, err := http.ReadRequest(reader)
	if err != nil {
		return err
	}
	if at == inRequestBody {
		_, err := io.ReadFull(req.Body, make([]byte, 10))
		return err
	}
	head, body, err := p.forward(req)
	if err != nil || at == afterExecution {
		return err
	}
	switch at {
	case inAnswerHeader:
		head, body = head[:12], nil
	case inAnswerBody:
		body = body[:len(body)/2]
	}
	_, err = conn.Write(append(head, body...))
	return err
}

// forward returns the answer of the server in two halves.
func (p *faultProxy) forward(req *http.Request) (head, body []byte, err error) {
	conn, err := net.Dial("tcp", p.backend)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = conn.Close() }()
	if err := req.Write(conn); err != nil {
		return nil, nil, err
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), req)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	resp.Close = true
	answer, err := httputil.DumpResponse(resp, true)
	if err != nil {
		return nil, nil, err
	}
	end := bytes.Index(answer, []byte("\r\n\r\n")) + 4
	return answer[:end], answer[end:], nil
}

// faultWorld has a password in the right status for each operation.
func faultWorld() cyclostest.World {
	w := cyclostest.DefaultWorld()
	for i := range w.Users {
		switch u := &w.Users[i]; u.LoginName {
		case cyclostest.Ben:
			u.Passwords[0].Status = passwords.StatusDisabled
		case cyclostest.NamedSelf:
			u.Passwords[0].Status = passwords.StatusIndefinitelyBlocked
		}
	}
	return w
}

// deed is one of the twelve operations on that world.
type deed struct {
	id, session string
	reads       bool
	hasBody     bool // of the answer
	call        func(context.Context, *passwords.Client) error
	done        func(*cyclostest.Server) bool // nil if it reads
}

func deeds() []deed {
	self, ana := passwords.Self(), passwords.Principal(cyclostest.Ana)
	is := func(user, passwordType string, status passwords.Status) func(*cyclostest.Server) bool {
		return func(s *cyclostest.Server) bool { return s.Status(user, passwordType) == status }
	}
	const login, pin = cyclostest.TypeLogin, cyclostest.TypePIN
	return []deed{
		{"listUserPasswords", cyclostest.AdminSession, true, true, func(ctx context.Context, c *passwords.Client) error {
			_, err := c.ListUserPasswords(ctx, ana)
			return err
		}, nil},
		{"getUserPasswordsListData", cyclostest.AdminSession, true, true, func(ctx context.Context, c *passwords.Client) error {
			_, err := c.GetUserPasswordsListData(ctx, ana)
			return err
		}, nil},
		{"getUserPasswordsData", cyclostest.AdminSession, true, true, func(ctx context.Context, c *passwords.Client) error {
			_, err := c.GetUserPasswordsData(ctx, ana, login)
			return err
		}, nil},
		{"changePassword", cyclostest.AnaSession, false, false, func(ctx context.Context, c *passwords.Client) error {
			return c.ChangePassword(ctx, self, login, passwords.ChangePassword{
				OldPassword: passwords.NewSecret(cyclostest.AnaPassword), NewPassword: passwords.NewSecret(testNew),
			})
		}, func(s *cyclostest.Server) bool { return s.Check(cyclostest.Ana, login, testNew) }},
		{"disablePassword", cyclostest.AdminSession, false, false, func(ctx context.Context, c *passwords.Client) error {
			return c.DisablePassword(ctx, ana, login)
		}, is(cyclostest.Ana, login, passwords.StatusDisabled)},
		{"enablePassword", cyclostest.AdminSession, false, false, func(ctx context.Context, c *passwords.Client) error {
			return c.EnablePassword(ctx, passwords.Principal(cyclostest.Ben), login)
		}, is(cyclostest.Ben, login, passwords.StatusActive)},
		{"unblockPassword", cyclostest.AdminSession, false, false, func(ctx context.Context, c *passwords.Client) error {
			return c.UnblockPassword(ctx, passwords.Principal(cyclostest.NamedSelf), login)
		}, is(cyclostest.NamedSelf, login, passwords.StatusActive)},
		{"allowGeneration", cyclostest.AdminSession, false, false, func(ctx context.Context, c *passwords.Client) error {
			return c.AllowGeneration(ctx, ana, cyclostest.TypeCardPIN)
		}, is(cyclostest.Ana, cyclostest.TypeCardPIN, passwords.StatusPending)},
		{"resetGeneratedPassword", cyclostest.AdminSession, false, false, func(ctx context.Context, c *passwords.Client) error {
			return c.ResetGeneratedPassword(ctx, ana, pin)
		}, is(cyclostest.Ana, pin, passwords.StatusPending)},
		{"resetAndSendPassword", cyclostest.AdminSession, false, false, func(ctx context.Context, c *passwords.Client) error {
			return c.ResetAndSendPassword(ctx, ana, login, passwords.SendMediumEmail)
		}, func(s *cyclostest.Server) bool { return len(s.Messages()) == 1 }},
		{"generatePassword", cyclostest.BenSession, false, true, func(ctx context.Context, c *passwords.Client) error {
			_, err := c.GeneratePassword(ctx, pin)
			return err
		}, is(cyclostest.Ben, pin, passwords.StatusActive)},
		{"changeGenerated", cyclostest.AnaSession, false, true, func(ctx context.Context, c *passwords.Client) error {
			_, err := c.ChangeGenerated(ctx, pin, passwords.Secret{})
			return err
		}, func(s *cyclostest.Server) bool { return !s.Check(cyclostest.Ana, pin, cyclostest.AnaPIN) }},
	}
}

// has reports whether an operation has that stage.
func (d deed) has(s stage, secure bool) bool {
	switch s {
	case atHandshake:
		return secure
	case inRequestBody:
		return d.id == "changePassword"
	case inAnswerBody:
		return d.hasBody
	}
	return true
}

// newFaultTLS returns the configurations of a TLS server and of its clients.
func newFaultTLS(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	s := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(s.Close)
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return &tls.Config{Certificates: s.TLS.Certificates}, &tls.Config{RootCAs: pool}
}

// TestFaultsNeverExecuteAPostTwice breaks the connection of each operation at
// each stage, and counts on the server.
func TestFaultsNeverExecuteAPostTwice(t *testing.T) {
	t.Parallel()
	serverTLS, clientTLS := newFaultTLS(t)
	var running sync.WaitGroup
	defer running.Wait() // before the cleanups
	for _, secure := range []bool{false, true} {
		for _, d := range deeds() {
			for _, at := range stages {
				if !d.has(at, secure) {
					continue
				}
				for _, n := range []struct{ faults, retries int }{{1, 0}, {1, 2}, {2, 2}, {3, 2}} {
					server := cyclostest.NewServer(cyclostest.WithWorld(faultWorld()))
					t.Cleanup(server.Close)
					scheme, config := "http", (*tls.Config)(nil)
					if secure {
						scheme, config = "https", serverTLS
					}
					proxy := newFaultProxy(t, at, n.faults, config, hostOf(t, server.URL))
					transport := newTransport(t)
					transport.DialContext, transport.TLSClientConfig = proxy.dial, clientTLS
					client := newClient(t, scheme+"://"+proxy.address+"/api", passwords.WithSessionToken(d.session),
						passwords.WithHTTPClient(&http.Client{Transport: transport}), passwords.WithRetries(n.retries))
					name := fmt.Sprintf("%s: %s %s, %d faults, %d retries", d.id, scheme, at, n.faults, n.retries)
					ctx := t.Context()
					running.Go(func() {
						err := d.call(ctx, client)
						repeated := d.reads || !at.written()
						attempts, executed := 1, 0
						if repeated {
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
						if got := server.Calls(d.id); got != executed {
							t.Errorf("%s: executed %d times, want %d", name, got, executed)
						}
						if d.done != nil && d.done(server) != (executed == 1) {
							t.Errorf("%s: the server is not in the state that follows", name)
						}
						unknown := !d.reads && at.written()
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

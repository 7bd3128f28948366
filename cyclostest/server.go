package cyclostest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/cyclos-go/passwords/gen"
)

// basePath is the path of the API.
const basePath = "/api"

// Server is an in-memory Cyclos server. Its methods are safe for concurrent use.
type Server struct {
	// URL is the base URL of the API. It ends in /api. It is empty if New created
	// the server.
	URL string

	now    func() time.Time
	minor  int
	router *router

	activeLoginOnly bool

	closing context.Context // canceled by Close
	cancel  context.CancelFunc
	http    *http.Server // nil if New created the server
	serving sync.WaitGroup
	conns   sync.WaitGroup

	mu     sync.Mutex // guards world and faults, never held during a Delay
	world  *state
	faults []queuedFault
}

// New creates a server that does not listen. Use its Handler to send requests. New
// panics if an option or the world is invalid.
func New(opts ...Option) *Server {
	c := config{world: DefaultWorld(), now: time.Now, minor: lastMinor, records: 100_000}
	for _, opt := range opts {
		if err := opt(&c); err != nil {
			panic(fmt.Errorf("cyclostest: %w", err))
		}
	}
	world, err := build(c.world, c.now())
	if err != nil {
		panic(fmt.Errorf("cyclostest: invalid world: %w", err))
	}
	world.requests.limit, world.messages.limit = c.records, c.records
	s := &Server{now: c.now, minor: c.minor, activeLoginOnly: c.activeLoginOnly, world: world}
	s.closing, s.cancel = context.WithCancel(context.Background())
	s.router = newRouter(s.serveOperation)
	return s
}

// NewServer creates a server and starts it on a free port of the loopback
// interface. It refuses requests to other hosts, see LoopbackOnly. The caller must
// Close it. NewServer panics like New, and if it cannot listen.
func NewServer(opts ...Option) *Server {
	s := New(opts...)
	listener, err := listen("127.0.0.1:0", "[::1]:0")
	if err != nil {
		panic(fmt.Errorf("cyclostest: %w", err))
	}
	s.URL = "http://" + listener.Addr().String() + basePath
	s.http = &http.Server{
		Handler:     LoopbackOnly(s.Handler()),
		BaseContext: func(net.Listener) context.Context { return s.closing },
		ConnState:   s.countConn,
	}
	s.serving.Go(func() {
		// Serve always returns an error, ErrServerClosed after Close.
		_ = s.http.Serve(listener)
	})
	return s
}

// Start calls NewServer, and closes the server when the test and its subtests have
// ended. t is a *testing.T or *testing.B. Start panics like NewServer.
func Start(t interface{ Cleanup(func()) }, opts ...Option) *Server {
	s := NewServer(opts...)
	t.Cleanup(s.Close)
	return s
}

// listen listens on the first available address.
func listen(addresses ...string) (listener net.Listener, err error) {
	for _, address := range addresses {
		if listener, err = net.Listen("tcp", address); err == nil {
			return listener, nil
		}
	}
	return nil, err
}

// countConn lets Close wait for the goroutine of each connection.
func (s *Server) countConn(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.conns.Add(1)
	case http.StateClosed:
		s.conns.Done()
	}
}

// Handler returns a handler that serves the API below /api. It panics with
// http.ErrAbortHandler on a Fault with Cut, and if the request is canceled or the
// server is closed during the Delay of a Fault.
//
// The handler serves every Host, since it may be used without a network, in a
// container, or under a name of the caller's choice. Wrap it in LoopbackOnly if it
// listens on this machine.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.serve) }

// Close closes all connections and waits until all goroutines of the server have
// ended. It may be called more than once.
func (s *Server) Close() {
	s.cancel()
	if s.http == nil {
		return
	}
	// Fails only if the listener was closed before.
	_ = s.http.Close()
	s.serving.Wait()
	s.conns.Wait()
}

// Option configures a server. New and NewServer panic if an option is invalid.
type Option func(*config) error

type config struct {
	world   World
	now     func() time.Time
	minor   int
	records int

	activeLoginOnly bool
}

// WithWorld replaces the default world. An inconsistent world is invalid, for
// example a world with a duplicate login name.
func WithWorld(w World) Option {
	return func(c *config) error {
		c.world = w
		return nil
	}
}

// WithClock replaces time.Now as the source of dates, expiry and the end of
// blocks. The server calls now from several goroutines, but never concurrently. A
// nil clock is invalid. Fault.Delay does not use the clock.
func WithClock(now func() time.Time) Option {
	return func(c *config) error {
		if now == nil {
			return errors.New("the clock is nil")
		}
		c.now = now
		return nil
	}
}

// WithVersion sets the emulated Cyclos version, "4.9" to "4.16". Other versions are
// invalid. The default is 4.16.
func WithVersion(v string) Option {
	return func(c *config) (err error) {
		c.minor, err = parseVersion(v)
		return err
	}
}

// WithRecordLimit sets how many requests, and how many messages, the server keeps for
// Requests and Messages. It drops the oldest ones. Limits below 1 are invalid. The
// default is 100,000.
func WithRecordLimit(n int) Option {
	return func(c *config) error {
		if n < 1 {
			return fmt.Errorf("record limit %d: must be at least 1", n)
		}
		c.records = n
		return nil
	}
}

// Messages returns the messages that reset-and-send sent, oldest first, except for the
// oldest ones beyond the limit of WithRecordLimit.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world.messages.list()
}

// NewSession opens a session for a user without a password, and returns the
// session token. Unlike that of a login it does not expire. It panics if the login
// name is unknown.
func (s *Server) NewSession(loginName string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.mustUser(loginName)
	return s.world.openSession(u)
}

// EndSession ends a session. It ignores unknown tokens.
func (s *Server) EndSession(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.world.endSession(token)
}

// Status returns the current status of a password. It panics if the login name or
// the internal name of the password type is unknown.
func (s *Server) Status(loginName, passwordType string) gen.PasswordStatusEnum {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mustPassword(loginName, passwordType).status
}

// Check reports whether value is the current value of a password, whatever its
// status. A mismatch is not a failed attempt. A password without a value matches
// nothing. Check panics if a name is unknown, as Status does.
func (s *Server) Check(loginName, passwordType, value string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mustPassword(loginName, passwordType).matches(value)
}

// Calls returns the number of authenticated requests that reached an operation,
// including requests that the operation rejected. Requests that a fault replaced
// do not count unless AfterExecution is set. Unlike Requests, Calls has no limit. Calls panics if the API has no such
// operation.
func (s *Server) Calls(id gen.OperationID) int {
	if !knownOperation(id) {
		panic(fmt.Errorf("cyclostest: calls: unknown operation %q", id))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world.calls[id]
}

func (s *Server) mustUser(loginName string) *user {
	u := s.world.userByLogin(loginName)
	if u == nil {
		panic(fmt.Errorf("cyclostest: unknown login name %q", loginName))
	}
	return u
}

func (s *Server) mustPassword(loginName, passwordType string) *password {
	u := s.mustUser(loginName)
	return u.password(s.mustType(passwordType), s.now())
}

func (s *Server) mustType(internalName string) *PasswordType {
	t := s.world.typeByName(internalName)
	if t == nil {
		panic(fmt.Errorf("cyclostest: unknown password type %q", internalName))
	}
	return t
}

package cyclostest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
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

	closing context.Context // canceled by Close
	cancel  context.CancelFunc
	http    *http.Server // nil if New created the server
	serving sync.WaitGroup
	conns   sync.WaitGroup

	mu     sync.Mutex // guards world and faults, never held during a Delay
	world  *state
	faults []Fault
}

// New creates a server that does not listen. Use its Handler to send requests. New
// panics if an option or the world is invalid.
func New(opts ...Option) *Server {
	c, err := newConfig(opts)
	if err != nil {
		panic(fmt.Errorf("cyclostest: %w", err))
	}
	world, err := build(c.world, c.now())
	if err != nil {
		panic(fmt.Errorf("cyclostest: invalid world: %w", err))
	}
	s := &Server{now: c.now, minor: c.minor, world: world}
	s.closing, s.cancel = context.WithCancel(context.Background())
	s.router = newRouter(s.serveOperation)
	return s
}

// NewServer creates a server and starts it on a free port of the loopback
// interface. The caller must Close it. NewServer panics like New, and if it cannot
// listen.
func NewServer(opts ...Option) *Server {
	s := New(opts...)
	listener, err := listen("127.0.0.1:0", "[::1]:0")
	if err != nil {
		panic(fmt.Errorf("cyclostest: %w", err))
	}
	s.URL = "http://" + listener.Addr().String() + basePath
	s.http = &http.Server{
		Handler:     s.Handler(),
		BaseContext: func(net.Listener) context.Context { return s.closing },
		ConnState:   s.countConn,
	}
	s.serving.Go(func() {
		// Serve always returns an error, ErrServerClosed after Close.
		_ = s.http.Serve(listener)
	})
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

package cyclostest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// basePath is where the API is served.
const basePath = "/api"

// Server is a Cyclos server in memory. All methods may be called at any time
// from any goroutine.
type Server struct {
	// URL is the base URL of the API and ends in /api. It is empty if the
	// server was made by New.
	URL string

	now    func() time.Time
	minor  int
	router *router

	closing context.Context // done from Close on
	cancel  context.CancelFunc
	http    *http.Server // nil if made by New
	serving sync.WaitGroup
	conns   sync.WaitGroup

	mu     sync.Mutex // guards the world and the faults, never held while waiting
	world  *state
	faults []Fault
}

// New makes a server which does not listen: it is reached by its Handler. It
// panics if an option or the world is not valid.
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

// NewServer makes a server and starts it on a free port of the loopback
// interface. The caller has to Close it. It panics where New does, and if there
// is no port.
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
		// Serve always fails, with ErrServerClosed after Close.
		_ = s.http.Serve(listener)
	})
	return s
}

// listen opens the first address that can be opened.
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

// Handler serves the API below /api. A Fault with Cut, or whose Delay outlasts
// the request, makes it panic with http.ErrAbortHandler, as net/http wants it.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.serve) }

// Close ends all requests and connections and returns when nothing of the
// server runs any more. It may be called more than once.
func (s *Server) Close() {
	s.cancel()
	if s.http == nil {
		return
	}
	// An error means that the listener was closed before.
	_ = s.http.Close()
	s.serving.Wait()
	s.conns.Wait()
}

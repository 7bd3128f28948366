package hardening

import (
	"bufio"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cyclos-go/passwords"
)

// rawServer is a TCP server on loopback which reads requests and has write
// answer them with whatever bytes it likes.
type rawServer struct {
	url      string
	accepted atomic.Int64
	requests atomic.Int64
}

// rawConn is what an answer is written to.
type rawConn struct {
	net.Conn
	// done ends with the test, for answers that wait.
	done <-chan struct{}
}

func (c *rawConn) send(parts ...string) {
	for _, part := range parts {
		if _, err := c.Write([]byte(part)); err != nil {
			return
		}
	}
}

// hold keeps the connection open until the client closes it or the test ends.
func (c *rawConn) hold() {
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_, _ = c.Read(make([]byte, 1))
	}()
	select {
	case <-gone:
	case <-c.done:
		_ = c.Close()
		<-gone
	}
}

// newRawServer answers the n-th request of the server, from 0, by write, which
// reports whether the connection stays open for another one. Its cleanup waits
// for every goroutine.
func newRawServer(t *testing.T, write func(c *rawConn, n int64) (keep bool)) *rawServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &rawServer{url: "http://" + listener.Addr().String() + "/api"}
	done := make(chan struct{})
	var (
		running sync.WaitGroup
		mu      sync.Mutex
		open    = map[net.Conn]bool{}
	)
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.accepted.Add(1)
			mu.Lock()
			open[conn] = true
			mu.Unlock()
			running.Go(func() {
				defer func() {
					mu.Lock()
					delete(open, conn)
					mu.Unlock()
					_ = conn.Close()
				}()
				reader := bufio.NewReader(conn)
				for {
					if _, err := http.ReadRequest(reader); err != nil {
						return
					}
					if !write(&rawConn{conn, done}, s.requests.Add(1)-1) {
						return
					}
				}
			})
		}
	})
	t.Cleanup(func() {
		close(done)
		_ = listener.Close()
		mu.Lock()
		for conn := range open {
			_ = conn.Close()
		}
		mu.Unlock()
		running.Wait()
	})
	return s
}

// answerWith answers every request with the same bytes and closes the connection.
func answerWith(t *testing.T, answer string) *rawServer {
	t.Helper()
	return newRawServer(t, func(c *rawConn, _ int64) bool {
		c.send(answer)
		return false
	})
}

// answerClient returns a client with connections of its own and without retries.
func answerClient(t *testing.T, url string, opts ...passwords.Option) *passwords.Client {
	t.Helper()
	opts = append([]passwords.Option{passwords.WithSessionToken(sessionValue), passwords.WithRetries(0)}, opts...)
	client, err := passwords.New(url, opts...)
	if err != nil {
		t.Fatal("New failed")
	}
	t.Cleanup(client.CloseIdleConnections)
	return client
}

package responses

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cyclos-go/passwords"
)

// sessionValue and basicValue are the credentials in these tests. The special
// characters need escaping in most formats.
const (
	sessionValue = `ses~1q"Hc<4&Vm_g8'Xy+Bn`
	basicValue   = `bas~5k"Wd<9&Lr_e7'Jt+Pz`
)

// rawServer is a TCP server on loopback that sends arbitrary bytes as responses.
type rawServer struct {
	url      string
	accepted atomic.Int64
	requests atomic.Int64
}

// rawConn is the connection of one request.
type rawConn struct {
	net.Conn
	// done is closed when the test ends.
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

// newRawServer starts a server that calls write for the n-th request, starting with
// 0. If write returns true, the connection stays open for another request. The
// cleanup waits for all goroutines.
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

// serve sends the same response to every request and closes the connection.
func serve(t *testing.T, response string) *rawServer {
	t.Helper()
	return newRawServer(t, func(c *rawConn, _ int64) bool {
		c.send(response)
		return false
	})
}

// newClient returns a client with its own connections and without retries.
func newClient(t *testing.T, url string, opts ...passwords.Option) *passwords.Client {
	t.Helper()
	opts = append([]passwords.Option{passwords.WithSessionToken(sessionValue), passwords.WithRetries(0)}, opts...)
	client, err := passwords.New(url, opts...)
	if err != nil {
		t.Fatal("New failed")
	}
	t.Cleanup(client.CloseIdleConnections)
	return client
}

// framed returns a response with the length of its body.
func framed(status int, mediaType, body string) string {
	return framedAs(status, mediaType, body, len(body))
}

// framedAs returns a response that claims to have a body of length bytes.
func framedAs(status int, mediaType, body string, length int, headers ...string) string {
	return head(status, mediaType, append(headers, fmt.Sprintf("Content-Length: %d", length))...) + body
}

// head returns the head of a response, without Content-Type if mediaType is "".
func head(status int, mediaType string, headers ...string) string {
	text := fmt.Sprintf("HTTP/1.1 %03d X\r\n", status)
	if mediaType != "" {
		text += "Content-Type: " + mediaType + "\r\n"
	}
	for _, header := range headers {
		text += header + "\r\n"
	}
	return text + "\r\n"
}

// chunks returns the body in chunks of size bytes, including the last chunk.
func chunks(body string, size int) string {
	var text strings.Builder
	for len(body) > 0 {
		n := min(size, len(body))
		fmt.Fprintf(&text, "%x\r\n%s\r\n", n, body[:n])
		body = body[n:]
	}
	return text.String() + "0\r\n\r\n"
}

// framings returns a response with each way to mark the end of its body.
func framings(status int, mediaType, body string) map[string]string {
	packed := gzipped(body)
	return map[string]string{
		"length":         framed(status, mediaType, body),
		"chunks":         head(status, mediaType, "Transfer-Encoding: chunked") + chunks(body, max(1, len(body)/3)),
		"end":            head(status, mediaType, "Connection: close") + body,
		"gzip":           framedAs(status, mediaType, packed, len(packed), "Content-Encoding: gzip"),
		"gzip in chunks": head(status, mediaType, "Content-Encoding: gzip", "Transfer-Encoding: chunked") + chunks(packed, max(1, len(packed)/3)),
		"gzip in members": func() string {
			two := gzipped(body[:len(body)/2]) + gzipped(body[len(body)/2:])
			return framedAs(status, mediaType, two, len(two), "Content-Encoding: gzip")
		}(),
	}
}

func gzipped(text string) string {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write([]byte(text))
	_ = w.Close() // a bytes.Buffer accepts every write
	return packed.String()
}

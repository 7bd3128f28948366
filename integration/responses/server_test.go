package responses

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// rawServer is a TCP server on loopback that sends arbitrary bytes as responses.
type rawServer struct {
	url                   string
	connections, requests atomic.Int64
}

// newRawServer starts a server that calls write for the n-th request, starting with
// 0. If write returns true, the connection stays open for another request. All
// connections are closed when the test ends, and the cleanup waits for all
// goroutines.
func newRawServer(t *testing.T, write func(conn net.Conn, n int64) (keep bool)) *rawServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &rawServer{url: "http://" + listener.Addr().String() + "/api"}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.connections.Add(1)
			running.Go(func() {
				defer func() { _ = conn.Close() }()
				defer context.AfterFunc(t.Context(), func() { _ = conn.Close() })()
				reader := bufio.NewReader(conn)
				for keep := true; keep; {
					if _, err := http.ReadRequest(reader); err != nil {
						return
					}
					keep = write(conn, s.requests.Add(1)-1)
				}
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		running.Wait()
	})
	return s
}

// send ignores errors, which mean that the client closed the connection.
func send(conn net.Conn, response string) { _, _ = io.WriteString(conn, response) }

// hold keeps the connection open until the client closes it or the test ends.
func hold(conn net.Conn) { _, _ = conn.Read(make([]byte, 1)) }

// serve sends the n-th response to the n-th request, repeats the last one, and closes
// the connection after each.
func serve(t *testing.T, responses ...string) *rawServer {
	t.Helper()
	return newRawServer(t, func(conn net.Conn, n int64) bool {
		send(conn, responses[min(n, int64(len(responses)-1))])
		return false
	})
}

// serveKept is serve with connections that stay open.
func serveKept(t *testing.T, responses ...string) *rawServer {
	t.Helper()
	return newRawServer(t, func(conn net.Conn, n int64) bool {
		send(conn, responses[min(n, int64(len(responses)-1))])
		return true
	})
}

// newClient returns a client with its own connections and without retries.
func newClient(t *testing.T, url string, opts ...passwords.Option) *passwords.Client {
	t.Helper()
	return testkit.NewClient(t, url, append(opts, passwords.WithSessionToken(passwords.NewSecret(testkit.Token)))...)
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
	members := gzipped(body[:len(body)/2]) + gzipped(body[len(body)/2:])
	return map[string]string{
		"length":          framed(status, mediaType, body),
		"chunks":          head(status, mediaType, "Transfer-Encoding: chunked") + chunks(body, max(1, len(body)/3)),
		"end":             head(status, mediaType, "Connection: close") + body,
		"gzip":            framedAs(status, mediaType, packed, len(packed), "Content-Encoding: gzip"),
		"gzip in chunks":  head(status, mediaType, "Content-Encoding: gzip", "Transfer-Encoding: chunked") + chunks(packed, max(1, len(packed)/3)),
		"gzip in members": framedAs(status, mediaType, members, len(members), "Content-Encoding: gzip"),
	}
}

func gzipped(text string) string {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write([]byte(text))
	_ = w.Close() // a bytes.Buffer accepts every write
	return packed.String()
}

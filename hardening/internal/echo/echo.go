// Package echo is a server which does what no server should: it answers with
// all that it was sent.
package echo

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
)

// Generated is what the server answers as a generated value.
const Generated = `gen~Kp7"x<4&Wq9'vZ_t2`

// Answer is how the server answers, apart from what it echoes.
type Answer struct {
	Status    int
	MediaType string
	// Body makes the body of what is echoed, each of which is a member of the
	// list.
	Body func(echoed []string) string
	// Cut ends the connection before the body is whole.
	Cut bool
}

// Serve starts a server on loopback. The caller has to close it.
func Serve(answer Answer) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		echoed := received(r)
		// net/http writes no reason phrase of one's own.
		conn, stream, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		defer func() { _ = conn.Close() }()
		answer.write(stream, echoed)
		// An error means that the client has gone.
		_ = stream.Flush()
		halfClose(conn)
	}))
}

// halfClose lets the client read what was sent.
func halfClose(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
	_, _ = io.Copy(io.Discard, conn)
}

// received returns the credentials and values of a request.
func received(r *http.Request) []string {
	all := []string{Generated}
	for _, name := range []string{"Authorization", "Session-Token", "Access-Client-Token", "Confirmationpassword"} {
		if value := r.Header.Get(name); value != "" {
			all = append(all, value)
		}
	}
	if _, password, ok := r.BasicAuth(); ok {
		all = append(all, password)
	}
	var body map[string]any
	if json.NewDecoder(r.Body).Decode(&body) == nil {
		for _, value := range body {
			if text, ok := value.(string); ok {
				all = append(all, text)
			}
		}
	}
	return all
}

func (a Answer) write(w io.Writer, echoed []string) {
	all := strings.Join(echoed, " ")
	body := a.Body(echoed)
	length := len(body)
	if a.Cut {
		length++
	}
	fmt.Fprintf(w, "HTTP/1.1 %d %s\r\n", a.Status, all)
	for name, value := range map[string]string{
		"Content-Type":     a.MediaType,
		"Content-Length":   fmt.Sprint(length),
		"Location":         "http://user:" + url.QueryEscape(echoed[0]) + "@127.0.0.1/" + url.PathEscape(all) + "?q=" + url.QueryEscape(all) + "#" + url.PathEscape(all),
		"Www-Authenticate": "Basic realm=" + all,
		"X-Echo":           all,
		"Connection":       "close",
	} {
		fmt.Fprintf(w, "%s: %s\r\n", name, value)
	}
	fmt.Fprintf(w, "\r\n%s", body)
}

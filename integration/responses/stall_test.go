package responses

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/cyclos-go/passwords"
)

// TestResponsesThatStall has servers stop within a response. The calls run
// concurrently, because each of them takes as long as its timeout.
func TestResponsesThatStall(t *testing.T) {
	t.Parallel()
	const (
		timeout = 2 * time.Second
		late    = 10 * time.Second // on a busy machine
	)
	running := sync.WaitGroup{}
	for name, tc := range map[string]struct {
		before string
		status int
	}{
		"nothing":                        {"", 0},
		"half a status line":             {"HTTP/1.1 20", 0},
		"half a head":                    {"HTTP/1.1 200 OK\r\nContent-Type: text/pl", 0},
		"one informational response":     {"HTTP/1.1 100 Continue\r\n\r\n", 0},
		"body that never starts":         {head(200, "text/plain", "Content-Length: 100"), 200},
		"body of one byte":               {framedAs(200, "text/plain", "a", 100), 200},
		"body of JSON without its end":   {framedAs(200, jsonType, `[{"status":"`+responseMark, 100), 200},
		"body all but a byte":            {framedAs(200, "text/plain", responseMark, len(responseMark)+1), 200},
		"body until the connection ends": {head(200, "text/plain") + responseMark, 200},
		"chunk that never starts":        {head(200, "text/plain", "Transfer-Encoding: chunked"), 200},
		"chunk of one byte":              {head(200, "text/plain", "Transfer-Encoding: chunked") + "1\r\na\r\n", 200},
		"chunks without the last line":   {head(200, "text/plain", "Transfer-Encoding: chunked") + "1\r\na\r\n0\r\n", 200},
		"gzip head":                      {head(200, "text/plain", "Content-Encoding: gzip", "Content-Length: 100") + gzipped(responseMark)[:10], 200},
		"gzip without its checksum":      {head(200, "text/plain", "Content-Encoding: gzip", "Transfer-Encoding: chunked") + "a\r\n" + gzipped(responseMark)[:10] + "\r\n", 200},
	} {
		server := newRawServer(t, func(c net.Conn, _ int64) bool {
			send(c, tc.before)
			hold(c)
			return false
		})
		for _, k := range kinds {
			client := newClient(t, server.url, passwords.WithTimeout(timeout))
			running.Go(func() {
				w := want{status: tc.status, is: []error{context.DeadlineExceeded}}
				if tc.status == 200 && k.OK.Status == http.StatusNoContent {
					w.is = nil // fails because of the status
				}
				if tc.status != 0 {
					w.is = append(w.is, passwords.ErrUnexpectedResponse)
				}
				began := time.Now()
				k.must(t, name, client, w)
				if took := time.Since(began); took < timeout || took > late {
					t.Errorf("%s, %s: ended after %v", name, k.ID, took)
				}
			})
		}
	}
	running.Wait()
}

// TestResponsesThatTrickle has a server send a byte at a time, so that no single
// read is slow.
func TestResponsesThatTrickle(t *testing.T) {
	t.Parallel()
	server := newRawServer(t, func(c net.Conn, _ int64) bool {
		send(c, head(200, "text/plain"))
		ticker := time.NewTicker(20 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-t.Context().Done():
				return false
			case <-ticker.C:
				if _, err := c.Write([]byte("a")); err != nil {
					return false
				}
			}
		}
	})
	client := newClient(t, server.url, passwords.WithTimeout(2*time.Second))
	secretKind.must(t, "trickle", client, want{status: 200, is: []error{context.DeadlineExceeded, passwords.ErrUnexpectedResponse}})
}

package passwords_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestFailureTextsSayWhatTheSystemSays, and nothing that others worded.
func TestFailureTextsSayWhatTheSystemSays(t *testing.T) {
	t.Parallel()
	addr := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 443}
	refused := os.NewSyscallError("connect", syscall.ECONNREFUSED)
	for want, err := range map[string]error{
		"dial tcp 192.0.2.1:443: connection refused":          &net.OpError{Op: "dial", Net: "tcp", Addr: addr, Err: refused},
		"read tcp 192.0.2.1:443: connection reset by peer":    &net.OpError{Op: "read", Net: "tcp", Addr: addr, Err: syscall.ECONNRESET},
		"write tcp 192.0.2.1:443: broken pipe":                &net.OpError{Op: "write", Net: "tcp", Addr: addr, Err: syscall.EPIPE},
		"proxyconnect: connection refused":                    &net.OpError{Op: "proxyconnect", Net: "tcp", Err: refused},
		"network error tcp 192.0.2.1:443: connection refused": &net.OpError{Op: "leak-me", Net: "tcp", Addr: addr, Err: refused},
		"network error":            &net.OpError{Op: "leak-me", Addr: &net.UnixAddr{Name: "leak-me"}, Err: errors.New("leak-me")},
		"timeout":                  &net.OpError{Op: "read", Addr: addr, Err: os.ErrDeadlineExceeded},
		"no such host":             &net.DNSError{Name: "leak-me", Err: "leak-me", IsNotFound: true},
		"the connection broke off": io.EOF,
		"the request failed":       errors.New("leak-me"),
	} {
		client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) { return nil, err })
		got := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
		if text := "passwords: enablePassword: " + want + " (the outcome is unknown)"; got == nil || got.Error() != text || !errors.Is(got, err) {
			t.Errorf("got %v, want %s", got, text)
		}
	}
}

// TestOtherProtocolsBehindHTTPS are told apart: only a server of plain HTTP is a
// matter of the scheme.
func TestOtherProtocolsBehindHTTPS(t *testing.T) {
	t.Parallel()
	for greeting, mismatch := range map[string]bool{"HTTP/1.1 400 Bad Request\r\n\r\n": true, "SSH-2.0-leak-me\r\n": false} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = listener.Close() })
		go func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				_, _ = io.ReadFull(conn, make([]byte, 1)) // else the rest of the greeting of TLS meets a reset
				_, _ = io.WriteString(conn, greeting)
				_, _ = io.Copy(io.Discard, conn)
				_ = conn.Close()
			}
		}()
		client := testkit.NewClient(t, "https://"+listener.Addr().String()+"/api")
		err = client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
		if err == nil || errors.Is(err, http.ErrSchemeMismatch) != mismatch || strings.Contains(err.Error(), "leak") {
			t.Errorf("%q: got %v", greeting[:4], err)
		}
	}
}

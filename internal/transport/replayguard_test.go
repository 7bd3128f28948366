package transport_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
	"github.com/cyclos-go/passwords/internal/transport"
)

// sentPerAttempt is how often a safe request may be sent: once, and three replays.
const sentPerAttempt = 4

// newResettingServer speaks just enough HTTP/2 to read complete requests and to reset
// their streams with PROTOCOL_ERROR, after which net/http replays them.
func newResettingServer(t *testing.T) (url string, client *http.Client, arrived *atomic.Int32) {
	t.Helper()
	serverTLS, clientTLS := testkit.LoopbackTLS()
	serverTLS.NextProtos = []string{"h2"}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", serverTLS)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	arrived = new(atomic.Int32)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				resetStreams(conn, arrived)
			}()
		}
	}()
	own := &http.Transport{TLSClientConfig: clientTLS, ForceAttemptHTTP2: true}
	t.Cleanup(own.CloseIdleConnections)
	return "https://" + listener.Addr().String() + "/api", &http.Client{Transport: own}, arrived
}

func resetStreams(conn io.ReadWriter, arrived *atomic.Int32) {
	const (
		preface                               = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
		data, headers, rstStream, settings    = 0, 1, 3, 4
		endStream, ack                        = 1, 1
		frameHeader, errorCode, protocolError = 9, 4, 1
	)
	r := bufio.NewReader(conn)
	if _, err := io.CopyN(io.Discard, r, int64(len(preface))); err != nil {
		return
	}
	_, _ = conn.Write([]byte{0, 0, 0, settings, 0, 0, 0, 0, 0})
	for {
		var h [frameHeader]byte
		if _, err := io.ReadFull(r, h[:]); err != nil {
			return
		}
		length := int64(h[0])<<16 | int64(h[1])<<8 | int64(h[2])
		if _, err := io.CopyN(io.Discard, r, length); err != nil {
			return
		}
		switch kind, flags := h[3], h[4]; {
		case kind == settings && flags&ack == 0:
			_, _ = conn.Write([]byte{0, 0, 0, settings, ack, 0, 0, 0, 0})
		case (kind == headers || kind == data) && flags&endStream != 0:
			arrived.Add(1)
			reset := append([]byte{0, 0, errorCode, rstStream, 0}, h[5:9]...)
			_, _ = conn.Write(append(reset, 0, 0, 0, protocolError))
		}
	}
}

// TestFaultsOfResetStreamsAreNotRepeated has net/http try to replay requests that the
// server has read to their end.
func TestFaultsOfResetStreamsAreNotRepeated(t *testing.T) {
	t.Parallel()
	const attempts = 3
	for _, op := range testkit.Operations() {
		t.Run(op.ID, func(t *testing.T) {
			t.Parallel()
			url, own, arrived := newResettingServer(t)
			client := testkit.NewClient(t, url, passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithHTTPClient(own), passwords.WithRetries(attempts-1))
			_, err := op.Do(t.Context(), client)
			safe := op.Method == http.MethodGet
			if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, passwords.ErrOutcomeUnknown) == safe {
				t.Errorf("got %v", err)
			}
			if got := arrived.Load(); !safe && got != 1 || got > attempts*sentPerAttempt {
				t.Errorf("the request arrived %d times", got)
			}
		})
	}
}

// TestReadsAreReplayedThreeTimes by net/http, which has no limit of its own up to
// Go 1.26 and does not replay them from Go 1.27 on.
func TestReadsAreReplayedThreeTimes(t *testing.T) {
	t.Parallel()
	for _, op := range testkit.Operations() {
		if op.Method != http.MethodGet {
			continue
		}
		url, own, arrived := newResettingServer(t)
		client := testkit.NewClient(t, url, passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithHTTPClient(own), passwords.WithRetries(0))
		_, err := op.Do(t.Context(), client)
		replayed := err != nil && strings.HasSuffix(err.Error(), ": the server broke off the request") && arrived.Load() == sentPerAttempt
		if !replayed && (err == nil || arrived.Load() != 1) {
			t.Errorf("%s: the request arrived %d times, got %v", op.ID, arrived.Load(), err)
		}
	}
}

// TestUnsentIsKnownOnlyOfNetHTTP has no server. A transport other than that of net/http
// may have written the request in a way that it does not report.
func TestUnsentIsKnownOnlyOfNetHTTP(t *testing.T) {
	t.Parallel()
	next := testkit.NewTransport(t)
	for name, tc := range map[string]struct {
		doer transport.Doer
		want bool
	}{
		"net/http":  {transport.NoRedirect{Next: next}, true},
		"a wrapper": {transport.NoRedirect{Next: testkit.RoundTripper(next.RoundTrip)}, false},
		"a doer":    {testkit.DoerFunc(next.RoundTrip), false},
	} {
		attempt := transport.Config{Doer: tc.doer}.Start(t.Context(), false)
		defer attempt.End()
		req, err := http.NewRequestWithContext(attempt.Context(), http.MethodPost, "http://"+testkit.UnusedAddress(t), nil)
		if err != nil {
			t.Fatal(err)
		}
		if out := attempt.Send(req, new(transport.Body)); out.Err == nil || out.Refused || out.Unsent != tc.want {
			t.Errorf("%s: unsent: %t, want %t: %v", name, out.Unsent, tc.want, out.Err)
		}
	}
}

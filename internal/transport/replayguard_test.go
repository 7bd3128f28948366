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
)

// newResettingServer speaks just enough HTTP/2 to take whole requests and to
// reset their streams with PROTOCOL_ERROR, for which net/http repeats them.
func newResettingServer(t *testing.T) (url string, client *http.Client, arrived *atomic.Int32) {
	t.Helper()
	serverTLS, clientTLS := loopbackTLS()
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
	transport := &http.Transport{TLSClientConfig: clientTLS, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	return "https://" + listener.Addr().String() + "/api", &http.Client{Transport: transport}, arrived
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

// TestFaultsOfResetStreamsAreNotRepeated has net/http try to repeat requests
// which the server has seen whole.
func TestFaultsOfResetStreamsAreNotRepeated(t *testing.T) {
	t.Parallel()
	for _, op := range testkit.Operations() {
		t.Run(op.ID, func(t *testing.T) {
			t.Parallel()
			url, own, arrived := newResettingServer(t)
			client := testkit.NewClient(t, url, passwords.WithSessionToken(testkit.Token), passwords.WithHTTPClient(own), passwords.WithRetries(2))
			_, err := op.Do(t.Context(), client)
			changes := op.Method != http.MethodGet
			if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, passwords.ErrOutcomeUnknown) != changes {
				t.Errorf("got %v", err)
			}
			if got := arrived.Load(); changes && got != 1 || got > 12 {
				t.Errorf("the request arrived %d times", got)
			}
		})
	}
}

// TestReadsAreReplayedThreeTimes by net/http, where that knows no end of it: from
// Go 1.27 on it does not begin.
func TestReadsAreReplayedThreeTimes(t *testing.T) {
	t.Parallel()
	for _, op := range testkit.Operations() {
		if op.Method != http.MethodGet {
			continue
		}
		url, own, arrived := newResettingServer(t)
		client := testkit.NewClient(t, url, passwords.WithSessionToken(testkit.Token), passwords.WithHTTPClient(own), passwords.WithRetries(0))
		_, err := op.Do(t.Context(), client)
		replayed := err != nil && strings.HasSuffix(err.Error(), ": the server broke off the request") && arrived.Load() == 4
		if !replayed && (err == nil || arrived.Load() != 1) {
			t.Errorf("%s: the request arrived %d times, got %v", op.ID, arrived.Load(), err)
		}
	}
}

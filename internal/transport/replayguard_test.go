package transport_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/internal/testkit"
	"github.com/cyclos-go/passwords/internal/transport"
)

// The kinds and codes of HTTP/2 frames, and a response with the status 204.
const (
	frameData, frameHeaders, frameReset, frameSettings, frameGoAway, frameWindowUpdate = 0, 1, 3, 4, 7, 8
	endStream, endHeaders, ack                                                         = 1, 4, 1
	protocolError, refusedStream                                                       = 1, 7
	status204                                                                          = 0x89
)

// frame returns a frame of HTTP/2 with a short payload.
func frame(kind, flags byte, stream []byte, payload ...byte) []byte {
	return slices.Concat([]byte{0, 0, byte(len(payload)), kind, flags}, stream, payload)
}

// reset ends the stream of a request with a code after which net/http repeats it.
func reset(code byte) func(stream []byte) []byte {
	return func(stream []byte) []byte { return frame(frameReset, 0, stream, 0, 0, 0, code) }
}

// goAway denies that a request was seen.
func goAway([]byte) []byte { return frame(frameGoAway, 0, make([]byte, 4), 0, 0, 0, 0, 0, 0, 0, 0) }

// interim sends 103 before the reset.
func interim(stream []byte) []byte {
	return append(frame(frameHeaders, endHeaders, stream, 8, 3, '1', '0', '3'), reset(refusedStream)(stream)...)
}

// newFrameServer speaks just enough HTTP/2 to read complete requests and to answer
// each by frames.
func newFrameServer(t *testing.T, secure bool, answer func(stream []byte) []byte) (url string, own *http.Transport, arrived *atomic.Int32) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url = "://" + listener.Addr().String() + "/api"
	if secure {
		serverTLS, clientTLS := testkit.LoopbackTLS()
		serverTLS.NextProtos = []string{"h2"}
		url, listener = "https"+url, tls.NewListener(listener, serverTLS)
		own = &http.Transport{TLSClientConfig: clientTLS, ForceAttemptHTTP2: true}
	} else {
		url, own = "http"+url, &http.Transport{Protocols: new(http.Protocols)}
		own.Protocols.SetUnencryptedHTTP2(true)
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
				answerFrames(conn, arrived, answer)
			}()
		}
	}()
	return url, own, arrived
}

func answerFrames(conn io.ReadWriter, arrived *atomic.Int32, answer func(stream []byte) []byte) {
	const (
		preface     = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
		frameHeader = 9
	)
	r := bufio.NewReader(conn)
	if _, err := io.CopyN(io.Discard, r, int64(len(preface))); err != nil {
		return
	}
	_, _ = conn.Write(frame(frameSettings, 0, make([]byte, 4)))
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
		case kind == frameSettings && flags&ack == 0:
			_, _ = conn.Write(frame(frameSettings, ack, make([]byte, 4)))
		case (kind == frameHeaders || kind == frameData) && flags&endStream != 0:
			arrived.Add(1)
			_, _ = conn.Write(answer(h[5:9]))
		}
	}
}

// TestFaultsOfResetStreamsAreNotRepeated has net/http try to replay requests that the
// server has read to their end. What arrives is counted and logged as an attempt.
func TestFaultsOfResetStreamsAreNotRepeated(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer          func([]byte) []byte
		wrapped, secure bool
	}{
		"PROTOCOL_ERROR":         {answer: reset(protocolError), secure: true},
		"REFUSED_STREAM":         {answer: reset(refusedStream), secure: true},
		"GOAWAY":                 {answer: goAway, secure: true},
		"after 103":              {answer: interim, secure: true},
		"after 103, a wrapper":   {answer: interim, secure: true, wrapped: true},
		"without TLS":            {answer: reset(refusedStream)},
		"without TLS, a wrapper": {answer: reset(refusedStream), wrapped: true},
	} {
		for _, op := range testkit.Operations() {
			for _, retries := range []int{0, 1} {
				t.Run(fmt.Sprint(name, op.ID, retries), func(t *testing.T) {
					t.Parallel()
					url, transport, arrived := newFrameServer(t, tc.secure, tc.answer)
					t.Cleanup(transport.CloseIdleConnections)
					own := http.RoundTripper(transport)
					if tc.wrapped {
						own = testkit.RoundTripper(transport.RoundTrip)
					}
					var log logLines
					client := testkit.NewClient(t, url, passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithRetries(retries),
						passwords.WithHTTPClient(&http.Client{Transport: own}), passwords.WithLogger(log.logger()))
					_, err := op.Do(t.Context(), client)
					safe := op.Method == http.MethodGet
					if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, passwords.ErrOutcomeUnknown) == safe {
						t.Errorf("got %v", err)
					}
					want := int32(1)
					if safe {
						want += int32(retries)
					}
					if got := arrived.Load(); got != want || log.Load() != want {
						t.Errorf("the request arrived %d times in %d logged attempts, want %d", got, log.Load(), want)
					}
				})
			}
		}
	}
}

// logLines counts the lines of a log.
type logLines struct{ atomic.Int32 }

func (l *logLines) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

func (l *logLines) Write(p []byte) (int, error) { l.Add(1); return len(p), nil }

// staleConnections gives the first request of each connection a response, once enough
// of them arrived, and then breaks the connections at their second request.
func staleConnections(t *testing.T, connections int, first, second http.Handler) (url string) {
	t.Helper()
	var waiting sync.WaitGroup
	waiting.Add(connections)
	var left atomic.Int32
	left.Store(int32(connections))
	return newReusing(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Context().Value(requestsKey{}).(*atomic.Int32).Add(1) == 2 {
			second.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		if left.Add(-1) >= 0 {
			waiting.Done()
			waiting.Wait()
		}
		first.ServeHTTP(w, r)
	}), false, nil).URL + "/api"
}

// fill has the client open connections and leave them idle.
func fill(t *testing.T, client *passwords.Client, connections int) {
	t.Helper()
	var calls sync.WaitGroup
	for range connections {
		calls.Go(func() {
			if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); err != nil {
				t.Error(err)
			}
		})
	}
	calls.Wait()
}

// TestReadsArriveAsOftenAsTheRetriesSay over HTTP/1, where net/http would repeat them
// on each idle connection. It can take such a connection for a replay that is already
// stopped, and then has to find it closed.
func TestReadsArriveAsOftenAsTheRetriesSay(t *testing.T) {
	t.Parallel()
	const connections = 500
	given := func(t *testing.T) passwords.Option { // the client's own transport would drop its idle connections
		transport := testkit.NewTransport(t)
		transport.MaxIdleConnsPerHost = connections
		return passwords.WithHTTPClient(&http.Client{Transport: transport})
	}
	for name, tc := range map[string]struct {
		opts  []passwords.Option
		calls int32
		want  int32 // for each
	}{"none": {[]passwords.Option{passwords.WithRetries(0)}, 20, 1}, "default": {nil, 3, 3}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var arrived, usable atomic.Int32
			var log logLines
			url := staleConnections(t, connections, testkit.JSON(200, "[]"), http.HandlerFunc(func(http.ResponseWriter, *http.Request) { arrived.Add(1) }))
			client, err := passwords.New(url, append(tc.opts, given(t), passwords.WithSessionToken(passwords.NewSecret(testkit.Token)))...)
			if err != nil {
				t.Fatal(err)
			}
			fill(t, client, connections)
			client, err = client.With(passwords.WithLogger(log.logger()))
			if err != nil {
				t.Fatal(err)
			}
			ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
				if info.Conn.SetDeadline(time.Time{}) == nil {
					usable.Add(1)
				}
			}})
			for range tc.calls {
				if _, err := client.ListUserPasswords(ctx, passwords.Self()); err == nil || !strings.HasSuffix(err.Error(), ": the server broke off the request") {
					t.Errorf("got %v", err)
				}
			}
			want := tc.calls * tc.want
			if got := arrived.Load(); got != want || log.Load() != want || usable.Load() != want {
				t.Errorf("the requests arrived %d times in %d logged attempts on %d connections, want %d", got, log.Load(), usable.Load(), want)
			}
		})
	}
}

// TestBrokenIdleConnectionsAreDropped by the client's own transport, so that a client
// that does not retry fails once and not once for each of them.
func TestBrokenIdleConnectionsAreDropped(t *testing.T) {
	t.Parallel()
	const connections = 10
	url := staleConnections(t, connections, testkit.JSON(200, "[]"), testkit.NoContent)
	client := testkit.NewClient(t, url)
	fill(t, client, connections)
	for _, want := range []bool{false, true} {
		if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); (err == nil) != want {
			t.Errorf("got %v, want success: %t", err, want)
		}
	}
}

// TestMistypedPasswordsArriveOnce breaks connections after the server has counted a
// failed attempt. Three of them would block the password.
func TestMistypedPasswordsArriveOnce(t *testing.T) {
	t.Parallel()
	const connections = 10
	cyclos := cyclostest.New()
	url := staleConnections(t, connections, cyclos.Handler(), cyclos.Handler())
	client := testkit.NewClient(t, url, passwords.WithSessionToken(passwords.NewSecret(cyclostest.AnaSession)))
	fill(t, client, connections)
	list := func(client *passwords.Client, password string) error {
		client, err := client.With(passwords.WithBasicAuth(cyclostest.Ana, passwords.NewSecret(password)))
		if err != nil {
			return err
		}
		_, err = client.ListUserPasswords(t.Context(), passwords.Self())
		return err
	}
	if err := list(client, "mistyped"); err == nil {
		t.Error("the connection did not break")
	}
	if err := list(testkit.NewClient(t, url), cyclostest.AnaPassword); err != nil {
		t.Errorf("the right password after one mistyped: %v", err)
	}
}

// TestRetriesOfBrokenIdleConnectionsDoNotWait, but those of a new one do.
func TestRetriesOfBrokenIdleConnectionsDoNotWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var at []time.Time
		client := testkit.NewClient(t, "http://localhost/api", passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithRetries(2),
			passwords.WithHTTPClient(&http.Client{Transport: testkit.ServePipes(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if at = append(at, time.Now()); len(at) == 2 || len(at) == 3 {
					panic(http.ErrAbortHandler)
				}
				testkit.JSON(200, "[]").ServeHTTP(w, r)
			}))}))
		for range 2 {
			if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); err != nil {
				t.Fatal(err)
			}
		}
		if len(at) != 4 || at[2].Sub(at[1]) != 0 || at[3].Sub(at[2]) < 100*time.Millisecond {
			t.Errorf("the requests arrived at %v", at)
		}
	})
}

// TestChallengesOfATransportAreNoReplays: a transport of the caller may send requests of
// its own with the context of a read.
func TestChallengesOfATransportAreNoReplays(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.JSON(200, "[]"))
	next := testkit.NewTransport(t)
	client := testkit.NewClient(t, w.URL, passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithHTTPClient(&http.Client{
		Transport: testkit.RoundTripper(func(r *http.Request) (*http.Response, error) {
			for range 5 {
				resp, err := next.RoundTrip(r)
				if err != nil {
					return nil, err
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
			}
			return next.RoundTrip(r)
		})}))
	if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); err != nil || w.Count() != 6 {
		t.Errorf("%d requests, want 6: %v", w.Count(), err)
	}
}

// TestTransportsThatRepeatChangesAreStopped: a transport of the caller may repeat what
// the server has executed, on a new connection or a reused one.
func TestTransportsThatRepeatChangesAreStopped(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(http.Handler) *httptest.Server{"http": httptest.NewServer, "https": httptest.NewTLSServer} {
		for _, reused := range []bool{false, true} {
			var changes atomic.Int32
			server := start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet {
					testkit.JSON(200, "[]").ServeHTTP(w, r)
					return
				}
				changes.Add(1)
				panic(http.ErrAbortHandler)
			}))
			t.Cleanup(server.Close)
			next := server.Client().Transport
			client := testkit.NewClient(t, server.URL+"/api", passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithHTTPClient(&http.Client{
				Transport: testkit.RoundTripper(func(r *http.Request) (resp *http.Response, err error) {
					for range 5 {
						if resp, err = next.RoundTrip(r); err == nil {
							break
						}
					}
					return resp, err
				})}))
			if reused {
				fill(t, client, 1)
			}
			err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
			if !errors.Is(err, passwords.ErrOutcomeUnknown) || changes.Load() != 1 {
				t.Errorf("%s, reused: %t: %d changes, want 1: %v", name, reused, changes.Load(), err)
			}
		}
	}
}

// TestStoppedReplaysLeaveOtherRequestsAlone: a connection without TLS may be HTTP/2,
// which a wrapper around the transport does not tell.
func TestStoppedReplaysLeaveOtherRequestsAlone(t *testing.T) {
	t.Parallel()
	waits := make(chan []byte, 1) // the stream of a change without a response
	arrived := make(chan struct{})
	done := func(stream []byte) []byte { return frame(frameHeaders, endStream|endHeaders, stream, status204) }
	requests := 0
	url, own, _ := newFrameServer(t, false, func(stream []byte) []byte {
		switch requests++; requests {
		case 1:
			waits <- slices.Clone(stream)
			close(arrived)
			return nil
		case 2:
			return reset(refusedStream)(stream)
		}
		return append(done(stream), done(<-waits)...)
	})
	t.Cleanup(own.CloseIdleConnections)
	client := testkit.NewClient(t, url, passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithHTTPClient(&http.Client{Transport: testkit.RoundTripper(own.RoundTrip)}))
	enable := func() error { return client.EnablePassword(t.Context(), passwords.Principal("ana"), "login") }
	change := make(chan error)
	go func() { change <- enable() }()
	<-arrived
	if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); err == nil {
		t.Error("the list was not refused")
	}
	if err := errors.Join(enable(), <-change); err != nil {
		t.Errorf("got %v", err)
	}
}

// TestChangesOnStaleConnectionsArrive over HTTP/1, where net/http repeats what it did
// not write.
func TestChangesOnStaleConnectionsArrive(t *testing.T) {
	t.Parallel()
	serverTLS, clientTLS := testkit.LoopbackTLS()
	for name, secure := range map[string]bool{"http": false, "https": true} {
		w := &testkit.Wire{}
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			_ = w.Record(r)
			testkit.NoContent.ServeHTTP(rw, r)
		}))
		transport := testkit.NewTransport(t)
		var conns []*staleConn
		transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			conns = append(conns, &staleConn{Conn: conn})
			return conns[len(conns)-1], nil
		}
		if transport.TLSClientConfig = clientTLS; secure {
			server.TLS = serverTLS
			server.StartTLS()
		} else {
			server.Start()
		}
		t.Cleanup(server.Close)
		client := testkit.NewClient(t, server.URL+"/api", passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithHTTPClient(&http.Client{Transport: transport}))
		const calls = 20
		for range calls {
			if err := client.ChangePassword(t.Context(), passwords.Principal("ana"), "login", passwords.ChangePassword{NewPassword: passwords.NewSecret(testkit.NewPassword)}); err != nil {
				t.Fatalf("%s: got %v", name, err)
			}
			for _, conn := range conns {
				conn.stale.Store(true)
			}
		}
		if w.Count() != calls || len(conns) != calls {
			t.Errorf("%s: %d requests arrived on %d connections, want %d", name, w.Count(), len(conns), calls)
		}
	}
}

// staleConn is a connection that takes no more bytes once it is stale.
type staleConn struct {
	net.Conn
	stale atomic.Bool
}

func (c *staleConn) Write(p []byte) (int, error) {
	if c.stale.Load() {
		return 0, syscall.EPIPE
	}
	return c.Conn.Write(p)
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

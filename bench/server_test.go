package bench

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/bench/internal/workloads"
)

// serving has the test binary act as the server of the loopback benchmarks. Its
// value is the protocol.
const serving = "BENCH_SERVE"

const (
	http1 = "http1"
	http2 = "http2"
)

// serverAddress is what the process that serves says first.
type serverAddress struct {
	URL         string
	Certificate []byte // nil without TLS
}

// serve responds to lines until the end of in, to a line with a number when
// so many more requests are held.
func serve(protocol string, in io.Reader, out io.Writer) error {
	held := make(holding)
	api := workloads.Handler()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		switch {
		case (req.ProtoMajor == 2) != (protocol == http2):
			rw.WriteHeader(http.StatusHTTPVersionNotSupported)
		case strings.HasPrefix(req.URL.Path, heldPath):
			held.hold(req.Context())
		default:
			api.ServeHTTP(rw, req)
		}
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that a client gave up
	var address serverAddress
	if protocol == http2 {
		server.EnableHTTP2 = true
		server.StartTLS()
		address.Certificate = server.Certificate().Raw
	} else {
		server.Start()
	}
	defer server.Close()
	address.URL = server.URL
	if err := json.NewEncoder(out).Encode(address); err != nil {
		return err
	}
	for {
		var requests int
		if _, err := fmt.Fscanln(in, &requests); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		held.await(requests)
		if _, err := fmt.Fprintln(out); err != nil {
			return err
		}
	}
}

// server is a server in a process of its own, so that its allocations and its
// locks do not count.
type server struct {
	serverAddress
	in  io.WriteCloser
	out *bufio.Reader
}

func startServer(tb testing.TB, protocol string) *server {
	tb.Helper()
	program, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	process := exec.Command(program)
	process.Env = append(os.Environ(), serving+"="+protocol)
	process.Stderr = os.Stderr
	s := &server{}
	if s.in, err = process.StdinPipe(); err != nil {
		tb.Fatal(err)
	}
	output, err := process.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	s.out = bufio.NewReader(output)
	if err := process.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		// The end of its input is the end of the process.
		if err := s.in.Close(); err != nil {
			tb.Error(err)
		}
		if err := process.Wait(); err != nil {
			tb.Error(err)
		}
	})
	line, err := s.out.ReadBytes('\n')
	if err != nil {
		tb.Fatal(err)
	}
	if err := json.Unmarshal(line, &s.serverAddress); err != nil {
		tb.Fatal(err)
	}
	return s
}

func (s *server) base() string { return s.URL + "/api" }

// heldBase is where requests are answered only when they are given up.
func (s *server) heldBase() string { return s.URL + heldPath }

// await returns when so many more requests are held.
func (s *server) await(tb testing.TB, requests int) {
	tb.Helper()
	if _, err := fmt.Fprintln(s.in, requests); err != nil {
		tb.Fatal(err)
	}
	if _, err := s.out.ReadString('\n'); err != nil {
		tb.Fatal(err)
	}
}

// trust returns the configuration of a client that trusts this server and no
// other, nil without TLS.
func (s *server) trust(tb testing.TB) *tls.Config {
	tb.Helper()
	if s.Certificate == nil {
		return nil
	}
	certificate, err := x509.ParseCertificate(s.Certificate)
	if err != nil {
		tb.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(certificate)
	return &tls.Config{RootCAs: pool}
}

// newTransport returns a transport that keeps its connections to the server.
func (s *server) newTransport(tb testing.TB) *http.Transport {
	transport := &http.Transport{DisableCompression: true, TLSClientConfig: s.trust(tb), ForceAttemptHTTP2: true}
	tb.Cleanup(transport.CloseIdleConnections)
	return transport
}

// heldPath is the base path of the requests which a server holds.
const heldPath = "/held"

// holding keeps requests in flight until they are given up. As a transport it
// does so without a network.
type holding chan struct{}

func (h holding) hold(ctx context.Context) {
	select {
	case h <- struct{}{}:
		<-ctx.Done()
	case <-ctx.Done():
	}
}

// await returns when so many more requests are held.
func (h holding) await(requests int) {
	for range requests {
		<-h
	}
}

// RoundTrip implements [http.RoundTripper].
func (h holding) RoundTrip(req *http.Request) (*http.Response, error) {
	h.hold(req.Context())
	return nil, req.Context().Err()
}

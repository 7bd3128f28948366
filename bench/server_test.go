package bench

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/bench/internal/work"
)

// serving has the test binary act as the server of the loopback benchmarks.
const serving = "BENCH_SERVE"

var order = flag.Uint64("order", 0, "seed of the order in which the clients take turns")

func TestMain(m *testing.M) {
	if os.Getenv(serving) == "" {
		os.Exit(m.Run())
	}
	server := httptest.NewServer(work.Handler())
	fmt.Println(server.URL)
	// The end of the input is the end of the benchmarks.
	_, _ = io.Copy(io.Discard, os.Stdin)
	server.Close()
}

// startServer starts a server in a process of its own, so that its allocations
// do not count, and returns its base URL.
func startServer(b *testing.B) string {
	b.Helper()
	program, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	server := exec.Command(program)
	server.Env = append(os.Environ(), serving+"=1")
	server.Stderr = os.Stderr
	input, err := server.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	output, err := server.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := input.Close(); err != nil {
			b.Error(err)
		}
		if err := server.Wait(); err != nil {
			b.Error(err)
		}
	})
	address, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(address) + "/api"
}

// newTransport returns a transport that keeps its connection.
func newTransport(b *testing.B) http.RoundTripper {
	transport := &http.Transport{DisableCompression: true}
	b.Cleanup(transport.CloseIdleConnections)
	return transport
}

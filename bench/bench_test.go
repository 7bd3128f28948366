package bench

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"testing"

	"github.com/cyclos-go/passwords/bench/internal/peers"
	"github.com/cyclos-go/passwords/bench/internal/workloads"
)

// BenchmarkMemory is the client alone.
func BenchmarkMemory(b *testing.B) {
	memory := workloads.NewMemory()
	compete(b, workloads.MemoryURL, func(*testing.B) http.RoundTripper { return memory })
}

// BenchmarkLoopback is the client with a connection that is kept, and a server
// in another process.
func BenchmarkLoopback(b *testing.B) {
	server := startServer(b, http1)
	compete(b, server.base(), func(b *testing.B) http.RoundTripper { return server.newTransport(b) })
}

// compete lets the clients take turns in an order that depends on the flag, so
// that what the machine does meanwhile does not always hit the same one.
func compete(b *testing.B, base string, transport func(*testing.B) http.RoundTripper) {
	turns := slices.Clone(peers.All)
	if *order != 0 {
		random := rand.New(rand.NewPCG(*order, 0))
		random.Shuffle(len(turns), func(i, j int) { turns[i], turns[j] = turns[j], turns[i] })
	}
	for _, w := range workloads.All {
		for _, p := range turns {
			b.Run(w.Name+"/"+p.Name, func(b *testing.B) {
				client, err := p.New(base, transport(b))
				if err != nil {
					b.Fatal(err)
				}
				ctx := context.Background()
				if err := w.Call(ctx, client, nil); err != nil { // connects
					b.Fatal(err)
				}
				b.ReportAllocs()
				before := cpuTime(b)
				for b.Loop() {
					if err := w.Call(ctx, client, nil); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64((cpuTime(b)-before).Nanoseconds())/1e3/float64(b.N), "cpu-µs/op")
			})
		}
	}
}

var order = flag.Uint64("order", 0, "seed of the order in which the clients take turns")

func TestMain(m *testing.M) {
	protocol := os.Getenv(serving)
	if protocol == "" {
		os.Exit(m.Run())
	}
	if err := serve(protocol, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

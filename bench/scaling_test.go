package bench

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/bench/internal/peers/ours"
	"github.com/cyclos-go/passwords/bench/internal/work"
	"github.com/cyclos-go/passwords/bench/internal/workloads"
)

// crews are how many goroutines share a client.
var crews = []int{1, 10, 100, 1000}

// cores are the values of GOMAXPROCS. The process that serves has its own.
var cores = []int{1, 2}

// BenchmarkScaling is one client of package passwords that many goroutines use.
func BenchmarkScaling(b *testing.B) {
	// What the cores of the machine give at best: no memory, no lock.
	b.Run("none/sha256", func(b *testing.B) {
		scale(b, "", []int{slices.Max(cores)}, func(*testing.B, *dials) func() error {
			return func() error { sha256.Sum256(make([]byte, 8<<10)); return nil }
		})
	})
	for _, w := range []workloads.Workload{workloads.ListData, workloads.List} {
		b.Run("memory/"+w.Name, func(b *testing.B) {
			scale(b, "", crews, func(b *testing.B, _ *dials) func() error { return caller(w, newMemoryClient(b)) })
		})
	}
	// The garbage collector is shared by all that a program does. Without it, what
	// keeps goroutines from each other is in the client.
	b.Run("memory-nogc/"+workloads.List.Name, func(b *testing.B) {
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(1 << 30)) // collects all the same before memory runs out
		defer debug.SetGCPercent(debug.SetGCPercent(-1))
		scale(b, "", crews, func(b *testing.B, _ *dials) func() error { return caller(workloads.List, newMemoryClient(b)) })
	})
	for _, protocol := range []string{http1, http2} {
		s := startServer(b, protocol)
		b.Run(protocol+"/"+workloads.List.Name, func(b *testing.B) {
			scale(b, protocol, crews, func(b *testing.B, d *dials) func() error { return caller(workloads.List, d.newDefaultClient(b, s)) })
		})
	}
}

// caller returns what makes one call.
func caller(w workloads.Workload, client *passwords.Client) func() error {
	driven := ours.Drive(client)
	return func() error { return w.Call(context.Background(), driven, nil) }
}

func newMemoryClient(tb testing.TB) *passwords.Client {
	tb.Helper()
	client, err := passwords.New(workloads.MemoryURL, passwords.WithSessionToken(passwords.NewSecret(work.Token)),
		passwords.WithHTTPClient(&http.Client{Transport: workloads.NewMemory()}))
	if err != nil {
		tb.Fatal(err)
	}
	return client
}

// scale runs what start returns by crews and cores, the latter side by side and
// in turns, so that what the machine does meanwhile hits both.
func scale(b *testing.B, protocol string, crews []int, start func(*testing.B, *dials) func() error) {
	turns := slices.Clone(cores)
	if *order%2 == 1 {
		slices.Reverse(turns)
	}
	for _, size := range crews {
		for _, procs := range turns {
			b.Run(fmt.Sprintf("goroutines=%d/procs=%d", size, procs), func(b *testing.B) {
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
				d := &dials{}
				call := start(b, d)
				if err := warm(size, call); err != nil {
					b.Fatal(err)
				}
				first := d.restart()
				b.ResetTimer()
				if err := drain(size, b.N, call); err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				used := d.since(first)
				if err := used.check(protocol, size); err != nil {
					b.Error(err)
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
				b.ReportMetric(float64(used.first), "first-conns")
				b.ReportMetric(float64(used.most), "conns")
				b.ReportMetric(float64(used.opened)/float64(b.N), "conns/call")
			})
		}
	}
}

// drain has a number of goroutines make so many calls together. It returns when all
// are made, or all goroutines failed, with one of the errors.
func drain(goroutines, calls int, call func() error) error {
	var left atomic.Int64
	left.Store(int64(calls))
	var crew errgroup.Group
	for range goroutines {
		crew.Go(func() error {
			for left.Add(-1) >= 0 {
				if err := call(); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return crew.Wait()
}

// warm makes the first calls. One of them is alone: HTTP/2 can share a connection
// only once it has one.
func warm(goroutines int, call func() error) error {
	if err := call(); err != nil {
		return err
	}
	return drain(goroutines, 2*goroutines, call)
}

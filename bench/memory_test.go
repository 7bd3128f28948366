package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"runtime"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/bench/internal/peers"
	"github.com/cyclos-go/passwords/bench/internal/work"
	"github.com/cyclos-go/passwords/bench/internal/workloads"
)

// BenchmarkFootprint is what a client keeps, and a call that waits for its
// response, each beside net/http alone.
func BenchmarkFootprint(b *testing.B) {
	b.Run("client", func(b *testing.B) {
		shared := &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}
		base, err := passwords.New(workloads.MemoryURL, passwords.WithHTTPClient(shared))
		if err != nil {
			b.Fatal(err)
		}
		for _, object := range []struct {
			name string
			make func() (any, error)
		}{
			{"own/ours", func() (any, error) {
				return passwords.New(workloads.MemoryURL, passwords.WithSessionToken(passwords.NewSecret(work.Token)))
			}},
			{"own/floor", func() (any, error) {
				return &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}, nil
			}},
			{"shared/ours", func() (any, error) {
				return passwords.New(workloads.MemoryURL, passwords.WithSessionToken(passwords.NewSecret(work.Token)), passwords.WithHTTPClient(shared))
			}},
			{"shared/floor", func() (any, error) { return &http.Client{Transport: shared.Transport}, nil }},
			{"with/ours", func() (any, error) { return base.With(passwords.WithSessionToken(passwords.NewSecret(work.Token))) }},
		} {
			b.Run(object.name, func(b *testing.B) {
				report(b, func() (footprint, error) { return ofObjects(10_000, object.make) })
			})
		}
	})
	b.Run("call", func(b *testing.B) {
		for _, over := range []string{"memory", http1, http2} {
			for _, name := range []string{peers.Ours, peers.Floor} {
				b.Run(over+"/"+name, func(b *testing.B) {
					n, call, await := heldCalls(b, over, name)
					report(b, func() (footprint, error) { return ofCalls(n, call, await) })
				})
			}
		}
	})
}

// heldCalls returns how many calls of a client are to be held at once, a call,
// and what returns when so many are held.
func heldCalls(tb testing.TB, over, name string) (n int, call func(context.Context) error, await func(int)) {
	tb.Helper()
	if over == "memory" {
		held := make(holding)
		return 10_000, listing(tb, name, workloads.MemoryURL, held), held.await
	}
	n = 1000
	if over == http2 {
		n = 200 // share one connection
	}
	s := startServer(tb, over)
	transport := s.newTransport(tb)
	// HTTP/2 can share a connection only once it has one.
	if err := listing(tb, name, s.base(), transport)(context.Background()); err != nil {
		tb.Fatal(err)
	}
	return n, listing(tb, name, s.heldBase(), transport), func(n int) { s.await(tb, n) }
}

// listing returns what makes one call with the client of that name.
func listing(tb testing.TB, name, base string, transport http.RoundTripper) func(context.Context) error {
	tb.Helper()
	client, err := peers.Named(name).New(base, transport)
	if err != nil {
		tb.Fatal(err)
	}
	return func(ctx context.Context) error { return workloads.List.Call(ctx, client, nil) }
}

func TestFootprintOfObjects(t *testing.T) {
	const size = 4 << 10
	f, err := ofObjects(1000, func() (any, error) { return new([size]byte), nil })
	if err != nil || math.Abs(f.heap-size) > size/100 {
		t.Errorf("an object of %d bytes takes %.0f: %v", size, f.heap, err)
	}
}

// TestFootprintOfCalls compares calls with calls that keep nothing, in the same
// run: what a goroutine itself takes differs between versions of Go.
func TestFootprintOfCalls(t *testing.T) {
	const size = 4 << 10
	held := make(holding)
	keeping := func(size int) footprint {
		f, err := ofCalls(1000, func(ctx context.Context) error {
			kept := bytes.Repeat([]byte{1}, size) // not on the stack
			held.hold(ctx)
			runtime.KeepAlive(kept)
			return ctx.Err()
		}, held.await)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	none, some := keeping(0), keeping(size)
	if kept := some.heap - none.heap; math.Abs(kept-size) > size/20 || some.stack <= 0 || some.stack > 2*none.stack {
		t.Errorf("a call that keeps %d bytes takes %.0f more, and a stack of %.0f instead of %.0f", size, kept, some.stack, none.stack)
	}
	failed := errors.New("failed")
	if _, err := ofCalls(1, func(ctx context.Context) error { held.hold(ctx); return failed }, held.await); !errors.Is(err, failed) {
		t.Errorf("got %v, want the error of the call", err)
	}
}

func TestCallsAreHeld(t *testing.T) {
	for _, over := range []string{"memory", http1, http2} {
		for _, name := range []string{peers.Ours, peers.Floor} {
			t.Run(over+"/"+name, func(t *testing.T) {
				_, call, await := heldCalls(t, over, name)
				if _, err := ofCalls(10, call, await); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
}

// footprint is the memory that one of many things keeps, in bytes.
type footprint struct{ heap, stack float64 }

// usage returns the memory in use once what is not needed is gone. What is
// pooled goes with the second collection.
func usage() footprint {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return footprint{heap: float64(m.HeapAlloc), stack: float64(m.StackInuse)}
}

// since returns what was added to before for each of n.
func (f footprint) since(before footprint, n int) footprint {
	return footprint{heap: (f.heap - before.heap) / float64(n), stack: (f.stack - before.stack) / float64(n)}
}

// report reports the mean footprint instead of the time.
func report(b *testing.B, measure func() (footprint, error)) {
	var sum footprint
	for b.Loop() {
		f, err := measure()
		if err != nil {
			b.Fatal(err)
		}
		sum.heap += f.heap
		sum.stack += f.stack
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(sum.heap/float64(b.N), "heap-B")
	b.ReportMetric(sum.stack/float64(b.N), "stack-B")
}

// ofObjects returns the footprint of what newObject returns.
func ofObjects(n int, newObject func() (any, error)) (_ footprint, err error) {
	all := make([]any, n)
	before := usage()
	for i := range all {
		if all[i], err = newObject(); err != nil {
			return footprint{}, err
		}
	}
	after := usage()
	runtime.KeepAlive(all)
	return after.since(before, n), nil
}

// ofCalls returns the footprint of a call in flight, the goroutine that makes it
// included. The calls do not end before they are given up, and await returns when
// all are held.
func ofCalls(n int, call func(context.Context) error, await func(n int)) (f footprint, err error) {
	// The first time leaves behind what goroutines and connections use again.
	for range 2 {
		ctx, giveUp := context.WithCancel(context.Background())
		results := make(chan error, n)
		before := usage()
		for range n {
			go func() { results <- call(ctx) }()
		}
		await(n)
		f = usage().since(before, n)
		giveUp()
		for range n {
			if ended := <-results; !errors.Is(ended, context.Canceled) {
				err = fmt.Errorf("a call that was given up ended with %w", ended)
			}
		}
	}
	return f, err
}

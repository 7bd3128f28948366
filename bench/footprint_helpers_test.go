package bench

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
)

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

// footprints are those of the same thing, taken again and again.
type footprints []footprint

func (all *footprints) add(f footprint) { *all = append(*all, f) }

// report reports the mean instead of the time.
func (all footprints) report(b *testing.B) {
	var sum footprint
	for _, f := range all {
		sum.heap += f.heap
		sum.stack += f.stack
	}
	n := float64(len(all))
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(sum.heap/n, "heap-B")
	b.ReportMetric(sum.stack/n, "stack-B")
}

// ofObjects returns the footprint of what newObject returns.
func ofObjects(n int, newObject func() any) footprint {
	all := make([]any, n)
	before := usage()
	for i := range all {
		all[i] = newObject()
	}
	after := usage()
	runtime.KeepAlive(all)
	return after.since(before, n)
}

// ofCalls returns the footprint of a call in flight, the goroutine that makes it
// included. The calls do not end before they are given up, and await returns when
// all are held.
func ofCalls(n int, call func(context.Context) error, await func(n int)) (footprint, error) {
	// The first time leaves behind what goroutines and connections use again.
	if _, err := ofFirstCalls(n, call, await); err != nil {
		return footprint{}, err
	}
	return ofFirstCalls(n, call, await)
}

func ofFirstCalls(n int, call func(context.Context) error, await func(n int)) (footprint, error) {
	ctx, giveUp := context.WithCancel(context.Background())
	defer giveUp()
	results := make(chan error, n)
	var all sync.WaitGroup
	before := usage()
	for range n {
		all.Go(func() { results <- call(ctx) })
	}
	await(n)
	after := usage()
	giveUp()
	all.Wait()
	close(results)
	for err := range results {
		if !errors.Is(err, context.Canceled) {
			return footprint{}, fmt.Errorf("a call that was given up ended with %w", err)
		}
	}
	return after.since(before, n), nil
}

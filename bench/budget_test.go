//go:build !race

// The race detector allocates too.

package bench

import (
	"context"
	"runtime"
	"testing"

	"github.com/cyclos-go/passwords/bench/internal/peers"
	"github.com/cyclos-go/passwords/bench/internal/work"
)

// TestBudgets counts what a call of ours takes in memory. It does not run beside
// other tests, whose memory would count as well.
func TestBudgets(t *testing.T) {
	client, err := peers.All[0].New(work.MemoryURL, work.NewMemory())
	if err != nil {
		t.Fatal(err)
	}
	if peers.All[0].Name != peers.Ours {
		t.Fatalf("the first client is %s", peers.All[0].Name)
	}
	for _, w := range work.All {
		call, ctx := w.Call(client), context.Background()
		run := func() {
			if err := call(ctx, nil); err != nil {
				t.Fatal(err)
			}
		}
		if allocs := testing.AllocsPerRun(1000, run); allocs > w.MaxAllocs {
			t.Errorf("%s: %.0f allocations, at most %.0f are allowed", w.Name, allocs, w.MaxAllocs)
		}
		if bytes := bytesPerRun(1000, run); bytes > w.MaxBytes {
			t.Errorf("%s: %.0f bytes, at most %.0f are allowed", w.Name, bytes, w.MaxBytes)
		}
	}
}

// TestBudgetsWouldBeMissed: what is measured is what is allocated.
func TestBudgetsWouldBeMissed(t *testing.T) {
	var kept []byte
	run := func() { kept = make([]byte, 4096) }
	if allocs, bytes := testing.AllocsPerRun(1000, run), bytesPerRun(1000, run); allocs != 1 || bytes < 4096 || bytes > 4200 {
		t.Errorf("%.0f allocations of %.0f bytes, want 1 of %d", allocs, bytes, len(kept))
	}
}

// bytesPerRun is like [testing.AllocsPerRun] for bytes.
func bytesPerRun(runs int, run func()) float64 {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	run() // what is made once does not count
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range runs {
		run()
	}
	runtime.ReadMemStats(&after)
	return float64(after.TotalAlloc-before.TotalAlloc) / float64(runs)
}

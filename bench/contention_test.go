package bench

import (
	"bytes"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cyclos-go/passwords/bench/internal/workloads"
)

const (
	root = "github.com/cyclos-go/passwords"
	here = root + "/bench"
)

// isOurs reports whether a function is one that those who import the client run.
func isOurs(function string) bool {
	return strings.HasPrefix(function, root) && !strings.HasPrefix(function, here)
}

// TestNoContention has many goroutines share a client: they may wait for each
// other within net/http, but for no lock of ours. It finds a lock that is held for
// a microsecond of each call; one that is held for less is rarely met.
func TestNoContention(t *testing.T) {
	const size = 100
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(max(4, runtime.NumCPU())))
	check := func(t *testing.T, calls int, call func() error) {
		c := newCrew(size, call)
		defer c.dismiss()
		if err := warm(c); err != nil {
			t.Fatal(err)
		}
		for _, w := range contention(func() {
			if err := c.drain(calls); err != nil {
				t.Error(err)
			}
		}) {
			if isOurs(w.locker) {
				t.Errorf("goroutines wait for each other in %s", w.locker)
			} else if w.caller != "" {
				t.Logf("goroutines wait for each other in %s, which %s calls", w.locker, w.caller)
			}
		}
	}
	for _, w := range []workloads.Workload{workloads.List, workloads.Change, workloads.Generate} { // list-data costs much and is like list
		t.Run("memory/"+w.Name, func(t *testing.T) { check(t, 2000, caller(w, newMemoryClient(t))) })
	}
	for _, protocol := range []string{http1, http2} {
		t.Run(protocol, func(t *testing.T) {
			check(t, 1000, caller(workloads.List, new(dials).newDefaultClient(t, startServer(t, protocol))))
		})
	}
}

func TestContentionIsFound(t *testing.T) {
	var mu sync.Mutex
	var rw sync.RWMutex
	for _, test := range []struct {
		name         string
		held, wanted sync.Locker
	}{
		{"mutex", &mu, &mu},
		{"writer behind writer", &rw, &rw},
		{"writer behind reader", rw.RLocker(), &rw},
		{"reader behind writer", &rw, rw.RLocker()},
	} {
		t.Run(test.name, func(t *testing.T) {
			found := contention(func() { holdAgainst(test.held, func() { take(test.wanted) }) })
			for _, function := range []string{here + ".holdAgainst", here + ".take"} {
				if !slices.ContainsFunc(found, func(w wait) bool { return w.locker == function }) {
					t.Errorf("%s is not in %q", function, found)
				}
			}
		})
	}
	if found := contention(func() { take(&mu) }); len(found) != 0 {
		t.Errorf("found %q where nobody waits", found)
	}
}

// holdAgainst holds a lock until who wants it waits.
func holdAgainst(held sync.Locker, wants func()) {
	held.Lock()
	var waiter sync.WaitGroup
	waiter.Go(wants)
	for !oneWaits() {
		runtime.Gosched()
	}
	held.Unlock()
	waiter.Wait()
}

func take(wanted sync.Locker) {
	wanted.Lock()
	defer wanted.Unlock()
}

// oneWaits reports whether a goroutine waits for a lock.
func oneWaits() bool {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	return bytes.Contains(stacks, []byte("[sync.Mutex.")) || bytes.Contains(stacks, []byte("[sync.RWMutex."))
}

func TestWaitIn(t *testing.T) {
	t.Parallel()
	const own, lock = root + ".(*watch).again", "sync.(*Mutex).Unlock"
	for _, test := range []struct {
		name  string
		stack []string
		want  wait
	}{
		{"ours", []string{"internal/sync.(*Mutex).Unlock", lock, own, "net/http.(*Client).do"}, wait{own, own}},
		{"of a pool", []string{lock, "sync.(*Pool).pinSlow", "sync.(*Pool).Get", own}, wait{"sync.(*Pool).pinSlow", own}},
		{"deferred", []string{lock, "runtime.deferreturn", own}, wait{own, own}},
		{"called by ours", []string{lock, "crypto/tls.(*Conn).ConnectionState", own}, wait{"crypto/tls.(*Conn).ConnectionState", own}},
		{"of net/http", []string{lock, "net/http.(*Transport).getConn", "net/http.(*Client).do", own}, wait{"net/http.(*Transport).getConn", ""}},
		{"of the benchmarks", []string{lock, here + ".take", "testing.tRunner"}, wait{here + ".take", ""}},
		{"of the runtime", []string{"runtime.unlock", "runtime.mallocgc", own}, wait{}},
		{"no lock", []string{"runtime.chanrecv1", own}, wait{}},
		{"cut off", []string{lock}, wait{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got, ok := waitIn(test.stack); got != test.want || ok != (test.want != wait{}) {
				t.Errorf("got %q, %t", got, ok)
			}
		})
	}
}

func TestWhatIsOurs(t *testing.T) {
	t.Parallel()
	for function, ours := range map[string]bool{
		root + ".(*watch).again":        true,
		root + ".call[...]":             true,
		root + "/gen.(*Client).Do":      true,
		root + "/internal/any.function": true,
		here + ".take":                  false,
		here + "/internal/work.Handler": false,
		"net/http.(*Transport).getConn": false,
		"context.(*cancelCtx).cancel":   false,
	} {
		if isOurs(function) != ours {
			t.Errorf("%s: got %t", function, !ours)
		}
	}
}

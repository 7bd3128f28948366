package bench

import (
	"bytes"
	"maps"
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
		if err := warm(size, call); err != nil {
			t.Fatal(err)
		}
		for _, w := range contention(func() {
			if err := drain(size, calls, call); err != nil {
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

// wait is where goroutines waited for each other.
type wait struct {
	// locker is the function that held a lock which others waited for, or that
	// waited for one: it called package sync. What the runtime locks for itself, to
	// allocate or to send to a channel, is not meant.
	locker string
	// caller is the function of ours that called it, if any did without net/http in
	// between.
	caller string
}

// contention returns the waits while run did.
func contention(run func()) []wait {
	defer runtime.SetMutexProfileFraction(runtime.SetMutexProfileFraction(1))
	runtime.SetBlockProfileRate(1)
	defer runtime.SetBlockProfileRate(0)
	profiles := []func([]runtime.BlockProfileRecord) (int, bool){runtime.MutexProfile, runtime.BlockProfile}
	before := make([]events, len(profiles))
	for i, profile := range profiles {
		before[i] = read(profile)
	}
	run()
	found := map[wait]bool{}
	for i, profile := range profiles {
		for stack, count := range read(profile) {
			if count == before[i][stack] {
				continue
			}
			if w, ok := waitIn(functions(stack)); ok {
				found[w] = true
			}
		}
	}
	return slices.Collect(maps.Keys(found))
}

// events are the counts of a profile, which go on for the life of the process.
type events map[[32]uintptr]int64

func read(profile func([]runtime.BlockProfileRecord) (int, bool)) events {
	records := make([]runtime.BlockProfileRecord, 1<<10)
	n, ok := profile(records)
	for !ok {
		records = make([]runtime.BlockProfileRecord, 2*n)
		n, ok = profile(records)
	}
	all := events{}
	for _, r := range records[:n] {
		all[r.Stack0] += r.Count
	}
	return all
}

// functions are those of a stack, the innermost first.
func functions(stack [32]uintptr) []string {
	pcs := stack[:]
	if end := slices.Index(pcs, 0); end >= 0 {
		pcs = pcs[:end]
	}
	var all []string
	for frames := runtime.CallersFrames(pcs); ; {
		frame, more := frames.Next()
		all = append(all, frame.Function)
		if !more {
			return all
		}
	}
}

// waitIn returns the wait with which a stack ends, if that was for a lock. A
// sync.Pool has one of its own, which it takes when a collection has emptied it.
func waitIn(functions []string) (w wait, ok bool) {
	callers := functions
	for len(callers) > 0 && !strings.HasPrefix(callers[0], "sync.(*Pool).") && (strings.HasPrefix(callers[0], "sync.") || strings.HasPrefix(callers[0], "internal/sync.")) {
		callers = callers[1:]
	}
	if len(callers) == len(functions) {
		return w, false
	}
	for len(callers) > 0 && strings.HasPrefix(callers[0], "runtime.") { // runs what was deferred
		callers = callers[1:]
	}
	for i, function := range callers {
		if i == 0 {
			w.locker = function
		}
		if strings.HasPrefix(function, "net/http.") {
			break
		}
		if isOurs(function) {
			w.caller = function
			break
		}
	}
	return w, len(callers) > 0
}

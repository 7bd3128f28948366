package bench

import (
	"maps"
	"runtime"
	"slices"
	"strings"
)

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

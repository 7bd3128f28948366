package transport

import (
	"runtime"
	"sync"
	"time"
)

// grace is how long a caller waits for a transport after the context has ended. It
// is time for closing a connection, and far less than the second that a call may
// outlive its context.
const grace = 500 * time.Millisecond

// task is a function that runs in its own goroutine, so that its caller can abandon
// it.
type task struct {
	done chan struct{} // closed at the end

	mu       sync.Mutex
	panicked any
	exited   bool
}

// start runs f in a goroutine.
func (t *task) start(f func()) {
	t.done = make(chan struct{})
	go func() {
		defer close(t.done)
		t.run(f)
	}()
}

// run calls f and keeps a panic for the caller: here it would end the program.
func (t *task) run(f func()) {
	returned := false
	defer func() {
		if !returned {
			value := recover()
			t.mu.Lock()
			defer t.mu.Unlock()
			t.panicked, t.exited = value, true
		}
	}()
	f()
	returned = true
}

// finished waits for the end of the task during the grace period.
func (t *task) finished() bool {
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-t.done:
		return true
	case <-timer.C:
		return false
	}
}

// propagate panics, or ends the goroutine of the caller, if the task did.
func (t *task) propagate() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.panicked != nil {
		panic(t.panicked)
	}
	if t.exited {
		runtime.Goexit()
	}
}

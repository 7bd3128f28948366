package bench

import (
	"sync"
	"sync/atomic"
)

// crew is a fixed number of goroutines which make the same call. They live from
// one drain to the next: what they need to begin with, such as a stack that has
// grown, is had when the clock starts.
type crew struct {
	size int
	call func() error
	jobs chan *job
}

// job is a number of calls which a crew shares.
type job struct {
	left   atomic.Int64
	failed atomic.Pointer[error]
	done   sync.WaitGroup
}

func newCrew(size int, call func() error) *crew {
	c := &crew{size: size, call: call, jobs: make(chan *job)}
	for range size {
		go func() {
			for j := range c.jobs {
				c.work(j)
			}
		}()
	}
	return c
}

func (c *crew) work(j *job) {
	defer j.done.Done()
	for j.left.Add(-1) >= 0 {
		if err := c.call(); err != nil {
			j.failed.Store(&err)
			return
		}
	}
}

// drain returns when so many calls are made, or all goroutines failed, with one
// of the errors.
func (c *crew) drain(calls int) error {
	j := &job{}
	j.left.Store(int64(calls))
	j.done.Add(c.size)
	for range c.size {
		c.jobs <- j
	}
	j.done.Wait()
	if err := j.failed.Load(); err != nil {
		return *err
	}
	return nil
}

func (c *crew) dismiss() { close(c.jobs) }

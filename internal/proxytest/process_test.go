//go:build servers

package proxytest

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	startLimit = 40 * time.Second
	stopLimit  = 10 * time.Second
	pollEvery  = 20 * time.Millisecond
)

var errExited = errors.New("the server ended")

// process is a running server.
type process struct {
	log    syncBuffer
	exited chan struct{}
}

// start runs the command until the test ends.
func start(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{exited: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = &p.log, &p.log
	endWithTest(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.exited)
		_ = cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		limit := time.NewTimer(stopLimit)
		defer limit.Stop()
		select {
		case <-p.exited:
		case <-limit.C:
			_ = cmd.Process.Kill()
			<-p.exited
			t.Errorf("%s had to be killed", cmd.Path)
		}
	})
	return p
}

// wait polls until ready.
func (p *process) wait(ctx context.Context, ready func(context.Context) bool) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for !ready(ctx) {
		select {
		case <-tick.C:
		case <-p.exited:
			return errExited
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// syncBuffer is a buffer that is read while it is written.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

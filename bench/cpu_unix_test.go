//go:build unix

package bench

import (
	"syscall"
	"testing"
	"time"
)

// cpuTime returns the time that the cores spent on this process. Unlike elapsed
// time, it hardly depends on other programs.
func cpuTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

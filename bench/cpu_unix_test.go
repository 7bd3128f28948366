//go:build unix

package bench

import (
	"syscall"
	"time"
)

// cpuTime returns the time that the cores spent on this process. Unlike elapsed
// time, it hardly depends on other programs.
func cpuTime() (time.Duration, error) {
	var usage syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()), err
}

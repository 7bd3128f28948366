//go:build !unix

package bench

import (
	"errors"
	"testing"
	"time"
)

func cpuTime(b *testing.B) time.Duration {
	b.Fatal(errors.ErrUnsupported)
	return 0
}

package hardening

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// childVariable names what a process started by these tests is to do: see
// children.
const childVariable = "HARDENING_CHILD"

// TestMain fails if a test leaves a goroutine behind.
func TestMain(m *testing.M) {
	flag.Parse()
	if name := os.Getenv(childVariable); name != "" {
		child, ok := children()[name]
		if !ok {
			fmt.Fprintln(os.Stderr, "no such child")
			os.Exit(64)
		}
		child()
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

package bench

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

var order = flag.Uint64("order", 0, "seed of the order in which the clients take turns")

func TestMain(m *testing.M) {
	protocol := os.Getenv(serving)
	if protocol == "" {
		os.Exit(m.Run())
	}
	if err := serve(protocol, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

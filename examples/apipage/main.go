// Command apipage serves the API description as an interactive page, together with
// an embedded Cyclos server:
//
//	go run ./examples/apipage
//
// The page is only available on this machine. The command prints its URL and the
// credentials to use. The flag -addr sets the address, such as 127.0.0.1:8080.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

func main() {
	err := run(os.Args[1:])
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		os.Exit(max(exit.ExitCode(), 1)) // the command has printed the error
	} else if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run builds and runs the page, which is a separate module: its dependencies must
// not become requirements of those who import the client.
func run(args []string) error {
	list := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/cyclos-go/passwords")
	list.Stderr = os.Stderr
	root, err := list.Output()
	if err != nil {
		return err
	}
	dir := filepath.Join(strings.TrimSpace(string(root)), "examples", "apipage", "page")
	if _, err := os.Stat(dir); err != nil {
		return fmt.Errorf("apipage: the page is in clones of the repository only: %w", err)
	}
	temp, err := os.MkdirTemp("", "apipage-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)

	// Not go run: it does not forward an interrupt that only it receives.
	binary := filepath.Join(temp, "page.exe") // Windows requires the suffix
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Dir, build.Stdout, build.Stderr = dir, os.Stderr, os.Stderr
	build.Env = append(build.Environ(), "GOWORK=off") // a workspace around the clone would not include the module
	if err := build.Run(); err != nil {
		return err
	}
	page := exec.Command(binary, args...)
	page.Dir, page.Stdout, page.Stderr = dir, os.Stdout, os.Stderr
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if err := page.Start(); err != nil {
		return err
	}
	go func() {
		for s := range signals {
			// An error means that the page has exited.
			_ = page.Process.Signal(s)
		}
	}()
	return page.Wait()
}

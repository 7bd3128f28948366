// Command apipage serves the API description as a page on which its operations
// can be tried, beside an embedded Cyclos server:
//
//	go run ./examples/apipage
//
// The page is for a browser on this machine. It prints its address and whom to
// authorize. With -addr it takes an address of this machine, such as
// 127.0.0.1:8080.
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
		os.Exit(max(exit.ExitCode(), 1)) // the command has said why
	} else if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run builds and runs the page. It is in a module of its own, so that neither
// Swagger UI nor the browser tests reach those who import the client.
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

	// Not go run: it keeps to itself an interrupt that is sent to it alone.
	binary := filepath.Join(temp, "page.exe") // Windows asks for the suffix
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Dir, build.Stdout, build.Stderr = dir, os.Stderr, os.Stderr
	build.Env = append(build.Environ(), "GOWORK=off") // a workspace around the clone does not know the module
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
			// An error means that the page has ended.
			_ = page.Process.Signal(s)
		}
	}()
	return page.Wait()
}

//go:build unix

package main

import (
	"bytes"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// TestCommandOfTheRootModule runs the command in the README and interrupts it as a
// terminal does: all its processes receive the signal.
func TestCommandOfTheRootModule(t *testing.T) {
	t.Parallel()
	command := exec.CommandContext(t.Context(), "go", "run", "./examples/apipage", "-addr", "127.0.0.1:0")
	var stderr bytes.Buffer
	command.Dir, command.Stderr = "../../..", &stderr
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	group := func(s syscall.Signal) error { return syscall.Kill(-command.Process.Pid, s) }
	command.Cancel = func() error { return group(syscall.SIGKILL) }
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	url := address.FindString(readUntil(t, out, callers[len(callers)-1].Credentials[0]))
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("the page responds with %d", resp.StatusCode)
	}
	if err := group(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	// An interrupted go run always fails. If the command failed, it says so on stderr.
	_ = command.Wait()
	if text := stderr.String(); strings.Contains(text, "exit status") || strings.Contains(text, "signal:") {
		t.Errorf("the interrupted command fails: %s", text)
	}
	if _, err := http.Get(url); err == nil {
		t.Error("the server responds after the command exited")
	}
}

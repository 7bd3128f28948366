//go:build servers

package proxytest

import (
	"os/exec"
	"syscall"
)

// endWithTest has the kernel end the server with the test binary, which runs no
// cleanup if it is killed or times out.
func endWithTest(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

//go:build servers

package proxies

import (
	"os/exec"
	"syscall"
)

// endWithTest has the kernel kill the server when the test binary ends: no cleanup
// runs if the binary is killed or times out.
func endWithTest(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

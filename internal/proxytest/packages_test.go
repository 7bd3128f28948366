//go:build servers

package proxytest

import (
	"os"
	"os/exec"
	"testing"
)

// tomcatHome is where the Debian package puts Tomcat.
const tomcatHome = "/usr/share/tomcat10"

// need returns the path of a program. That one is missing is a failure: a test
// that is skipped proves nothing.
func need(t *testing.T, program, debianPackage string) string {
	t.Helper()
	// Debian has servers where only root looks for programs.
	for _, name := range []string{program, "/usr/sbin/" + program} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatalf("%s is missing: install the Debian package %s", program, debianPackage)
	return ""
}

// needFile fails if the file is missing.
func needFile(t *testing.T, path, debianPackage string) string {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%s is missing: install the Debian package %s", path, debianPackage)
	}
	return path
}

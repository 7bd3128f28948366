//go:build servers && linux

package proxies

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"text/template"
	"time"
)

// tomcatHome is where the Debian package puts Tomcat.
const tomcatHome = "/usr/share/tomcat10"

// startTomcat returns the socket of a Tomcat that reports paths.
func startTomcat(t *testing.T) (socket string) {
	t.Helper()
	const tomcat = "tomcat10-common"
	java := need(t, "/usr/bin/java", "default-jre-headless")
	jars := need(t, tomcatHome+"/bin/bootstrap.jar", tomcat) + ":" + need(t, tomcatHome+"/bin/tomcat-juli.jar", tomcat)
	base := t.TempDir()
	if err := os.CopyFS(base, os.DirFS("testdata/tomcat")); err != nil {
		t.Fatal(err)
	}
	socket = filepath.Join(base, "socket")
	start(t, []string{socket}, java, "-cp", jars, "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir="+base,
		"-Dcatalina.home="+tomcatHome, "-Dcatalina.base="+base, "org.apache.catalina.startup.Bootstrap", "start")
	return socket
}

// nginxServer is a server block.
type nginxServer struct {
	// Name is the name of the upstream, Location is the block that passes to it.
	Name, Backend, Location, Socket string
}

// startNginx starts an nginx with all servers.
func startNginx(t *testing.T, dir string, servers []nginxServer) {
	t.Helper()
	conf := filepath.Join(dir, "nginx.conf")
	file, err := os.Create(conf)
	if err != nil {
		t.Fatal(err)
	}
	config := template.Must(template.ParseFiles("testdata/nginx.conf.tmpl"))
	err = config.Execute(file, map[string]any{"Dir": dir, "Servers": servers})
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	var sockets []string
	for _, s := range servers {
		sockets = append(sockets, s.Socket)
	}
	start(t, sockets, need(t, "/usr/sbin/nginx", "nginx"), "-e", "stderr", "-p", dir, "-c", conf)
}

const (
	startLimit = 40 * time.Second
	stopLimit  = 10 * time.Second
	pollEvery  = 20 * time.Millisecond
)

// start runs a server until the test ends, and waits until it listens on all
// sockets.
func start(t *testing.T, sockets []string, program string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = stopLimit
	output := t.Output()
	cmd.Stdout, cmd.Stderr = output, output
	// No cleanup runs if the test binary is killed or times out.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan struct{})
	go func() {
		defer close(exited)
		_ = cmd.Wait() // fails because the test ends it
	}()
	t.Cleanup(func() {
		<-exited
		if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signal() == syscall.SIGKILL {
			t.Errorf("%s had to be killed", program)
		}
	})
	limit, tick := time.After(startLimit), time.NewTicker(pollEvery)
	defer tick.Stop()
	for len(sockets) > 0 {
		if conn, err := net.Dial("unix", sockets[0]); err == nil {
			_ = conn.Close()
			sockets = sockets[1:]
			continue
		}
		select {
		case <-tick.C:
		case <-exited:
			t.Fatalf("%s ended", program)
		case <-limit:
			t.Fatalf("%s did not start", program)
		}
	}
}

// need returns the path of a file. A missing file is a failure, because a skipped
// test proves nothing.
func need(t *testing.T, path, debianPackage string) string {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%s is missing: install the Debian package %s", path, debianPackage)
	}
	return path
}

//go:build servers

package proxytest

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"text/template"
)

// nginxStarts bounds how often nginx is started anew because somebody else took
// one of its ports: unlike Tomcat, it cannot choose them.
const nginxStarts = 5

// nginxServer is one server block.
type nginxServer struct {
	// Name is that of the upstream, Location the block that passes to it.
	Name, Backend, Location string
	Port                    int
}

// startNginx serves all blocks, whose ports it sets.
func startNginx(t *testing.T, servers []nginxServer) {
	t.Helper()
	nginx := need(t, "nginx", "nginx")
	dir, token := t.TempDir(), rand.Text()
	conf := filepath.Join(dir, "nginx.conf")
	for range nginxStarts {
		takePorts(t, servers)
		writeNginxConf(t, conf, struct {
			Dir, Token string
			Servers    []nginxServer
		}{dir, token, servers})
		p := start(t, exec.Command(nginx, "-e", "stderr", "-p", dir, "-c", conf))
		err := p.wait(t.Context(), func(ctx context.Context) bool {
			_, body := get(ctx, "http://127.0.0.1:"+strconv.Itoa(servers[0].Port)+"/ready")
			return body == token
		})
		if err == nil {
			return
		}
		if !errors.Is(err, errExited) || !strings.Contains(p.log.String(), "Address already in use") {
			t.Fatalf("nginx did not start: %v\n%s", err, p.log.String())
		}
	}
	t.Fatalf("nginx found no free ports in %d starts", nginxStarts)
}

// takePorts gives each server a port that was free a moment ago.
func takePorts(t *testing.T, servers []nginxServer) {
	t.Helper()
	for i := range servers {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = listener.Close() }() // at the end: all ports differ
		servers[i].Port = listener.Addr().(*net.TCPAddr).Port
	}
}

func writeNginxConf(t *testing.T, path string, data any) {
	t.Helper()
	tmpl, err := template.ParseFS(testdata, "testdata/nginx.conf.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(tmpl.Execute(file, data), file.Close()); err != nil {
		t.Fatal(err)
	}
}

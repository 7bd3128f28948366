//go:build servers

package proxies

import (
	"bytes"
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"text/template"
	"time"
)

//go:embed testdata
var testdata embed.FS

// tomcatPort matches the free port that Tomcat chose.
var tomcatPort = regexp.MustCompile(`"http-nio-127\.0\.0\.1-auto-\d+-(\d+)"`)

// startTomcat returns the host and port of a Tomcat that reports paths.
func startTomcat(t *testing.T) (host string) {
	t.Helper()
	const tomcat = "tomcat10-common"
	java := need(t, "java", "default-jre-headless")
	jars := needFile(t, tomcatHome+"/bin/bootstrap.jar", tomcat) + ":" + needFile(t, tomcatHome+"/bin/tomcat-juli.jar", tomcat)

	base := t.TempDir()
	install(t, base, "server.xml", "conf/server.xml")
	install(t, base, "web.xml", "webapps/ROOT/WEB-INF/web.xml")
	install(t, base, "echo.jsp", "webapps/ROOT/WEB-INF/echo.jsp")
	for _, dir := range []string{"logs", "temp", "work"} {
		if err := os.MkdirAll(filepath.Join(base, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	p := start(t, exec.Command(java, "-cp", jars, "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir="+filepath.Join(base, "temp"),
		"-Dcatalina.home="+tomcatHome, "-Dcatalina.base="+base, "org.apache.catalina.startup.Bootstrap", "start"))

	err := p.wait(t.Context(), func(ctx context.Context) bool {
		port := tomcatPort.FindStringSubmatch(p.log.String())
		if port == nil {
			return false
		}
		host = "127.0.0.1:" + port[1]
		header, _ := get(ctx, "http://"+host+"/ready")
		return header.Get(arrivedHeader) != ""
	})
	if err != nil {
		t.Fatalf("Tomcat did not start: %v\n%s", err, p.log.String())
	}
	return host
}

// install copies a file from testdata.
func install(t *testing.T, base, name, to string) {
	t.Helper()
	content, err := testdata.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	to = filepath.Join(base, to)
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// nginxStarts limits the restarts of nginx if one of its ports is in use: unlike
// Tomcat, nginx cannot choose free ports.
const nginxStarts = 5

// nginxServer is a server block.
type nginxServer struct {
	// Name is the name of the upstream, Location is the block that passes to it.
	Name, Backend, Location string
	Port                    int
}

// startNginx starts an nginx with all servers and sets their ports.
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

// takePorts sets the port of each server to one that was free a moment ago.
func takePorts(t *testing.T, servers []nginxServer) {
	t.Helper()
	for i := range servers {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = listener.Close() }() // deferred so that all ports differ
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

const (
	startLimit = 40 * time.Second
	stopLimit  = 10 * time.Second
	pollEvery  = 20 * time.Millisecond
)

var errExited = errors.New("the server ended")

// process is a running server.
type process struct {
	log    syncBuffer
	exited chan struct{}
}

// start runs the command until the test ends.
func start(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{exited: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = &p.log, &p.log
	endWithTest(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.exited)
		_ = cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		limit := time.NewTimer(stopLimit)
		defer limit.Stop()
		select {
		case <-p.exited:
		case <-limit.C:
			_ = cmd.Process.Kill()
			<-p.exited
			t.Errorf("%s had to be killed", cmd.Path)
		}
	})
	return p
}

// wait polls until ready returns true.
func (p *process) wait(ctx context.Context, ready func(context.Context) bool) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for !ready(ctx) {
		select {
		case <-tick.C:
		case <-p.exited:
			return errExited
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// syncBuffer is a buffer for concurrent reads and writes.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// pollClient leaves no connections open.
var pollClient = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// get returns the headers and body of a response, zero values if there is none.
func get(ctx context.Context, url string) (http.Header, string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, ""
	}
	resp, err := pollClient.Do(req)
	if err != nil {
		return nil, ""
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, ""
	}
	return resp.Header, string(body)
}

// tomcatHome is where the Debian package puts Tomcat.
const tomcatHome = "/usr/share/tomcat10"

// need returns the path of a program. A missing program is a failure, because a
// skipped test proves nothing.
func need(t *testing.T, program, debianPackage string) string {
	t.Helper()
	// Debian installs servers in a directory that is not in the PATH of every user.
	for _, name := range []string{program, "/usr/sbin/" + program} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatalf("%s is missing: install the Debian package %s", program, debianPackage)
	return ""
}

// needFile returns the path of a file and fails if it is missing.
func needFile(t *testing.T, path, debianPackage string) string {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%s is missing: install the Debian package %s", path, debianPackage)
	}
	return path
}

//go:build servers

package proxytest

import (
	"context"
	"embed"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

//go:embed testdata
var testdata embed.FS

// tomcatPort finds the port which Tomcat chose, so that none is taken from
// somebody else.
var tomcatPort = regexp.MustCompile(`"http-nio-127\.0\.0\.1-auto-\d+-(\d+)"`)

// startTomcat returns the host and port of a Tomcat that echoes paths.
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

// install copies a file of testdata.
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

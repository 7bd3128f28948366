//go:build servers

package proxytest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/internal/testkit"
)

// arrivedHeader is where a backend says what reached it.
const arrivedHeader = "Arrived"

// backend is what operations are sent to.
type backend struct {
	name, host string
	arrived    func(url.Values) testkit.Arrival
}

// route is a way from the client to a backend.
type route struct {
	name, baseURL string
	backend       backend
	// mapsPath is set where nginx unescapes and escapes the path.
	mapsPath bool
}

// Routes which are referred to by name.
const (
	mappedToTomcat = "nginx proxy_pass with URI to Tomcat"
	mappedToGo     = "nginx proxy_pass with URI to Go"
)

// passing are the usual ways to configure nginx as a reverse proxy.
var passing = []struct {
	name, base, location string
	mapsPath             bool
}{
	{"proxy_pass without URI", "/api", "location / { proxy_pass http://%s; }", false},
	{"proxy_pass with URI", "/api", "location / { proxy_pass http://%s/; }", true},
	{"prefix to prefix", "/cyclos/api", "location /cyclos/api/ { proxy_pass http://%s/api/; }", true},
	{"rewrite", "/cyclos/api", "location /cyclos/ { rewrite ^/cyclos/(.*)$ /$1 break; proxy_pass http://%s; }", true},
}

// startRoutes starts all servers: Tomcat alone, and each kind of nginx before
// each backend.
func startRoutes(t *testing.T) []route {
	t.Helper()
	tomcat := backend{"Tomcat", startTomcat(t), tomcatArrival}
	backends := []backend{tomcat, {"Go", startGo(t), goArrival}}

	var servers []nginxServer
	routes := []route{{"Tomcat", "http://" + tomcat.host + "/api", tomcat, false}}
	for _, b := range backends {
		for _, p := range passing {
			name := fmt.Sprintf("upstream%d", len(servers))
			servers = append(servers, nginxServer{Name: name, Backend: b.host, Location: fmt.Sprintf(p.location, name)})
			routes = append(routes, route{"nginx " + p.name + " to " + b.name, p.base, b, p.mapsPath})
		}
	}
	startNginx(t, servers)
	for i, s := range servers {
		routes[i+1].baseURL = "http://127.0.0.1:" + strconv.Itoa(s.Port) + routes[i+1].baseURL
	}
	return routes
}

// startGo returns the host and port of a ServeMux with the twelve patterns.
func startGo(t *testing.T) (host string) {
	t.Helper()
	server := httptest.NewServer(testkit.NewRecorder(func(w http.ResponseWriter, a testkit.Arrival) {
		arrived := url.Values{"pattern": {a.Pattern}, "user": {a.User}, "type": {a.Type}}
		w.Header().Set(arrivedHeader, arrived.Encode())
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func goArrival(v url.Values) testkit.Arrival {
	return testkit.Arrival{Pattern: v.Get("pattern"), User: v.Get("user"), Type: v.Get("type")}
}

// tomcatArrival finds the operation for the segments that the servlet saw, the
// way a REST framework on top of it does. Its Pattern is the path itself if there
// is no operation.
func tomcatArrival(v url.Values) testkit.Arrival {
	for _, o := range testkit.Operations() {
		method, pattern, _ := strings.Cut(o.Pattern(), " ")
		if a, ok := match(strings.Split(pattern, "/")[1:], v["segment"]); ok && method == v.Get("method") {
			a.Pattern = o.Pattern()
			return a
		}
	}
	return testkit.Arrival{Pattern: v.Get("method") + " /" + strings.Join(v["segment"], "/")}
}

func match(pattern, segments []string) (a testkit.Arrival, ok bool) {
	if len(pattern) != len(segments) {
		return a, false
	}
	for i, want := range pattern {
		switch want {
		case "{user}":
			a.User = segments[i]
		case "{type}":
			a.Type = segments[i]
		case segments[i]:
		default:
			return a, false
		}
	}
	return a, true
}

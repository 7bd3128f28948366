//go:build servers

package proxies

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
)

// arrivedHeader is the response header in which a backend reports what arrived.
const arrivedHeader = "Arrived"

// backend is a server that receives operations.
type backend struct {
	name, host string
	arrived    func(url.Values) arrival
}

// route is a path from the client to a backend.
type route struct {
	name, baseURL string
	backend       backend
	// mapsPath is set if nginx unescapes the path and escapes it again.
	mapsPath bool
}

// The names of routes that tests refer to.
const (
	mappedToTomcat = "nginx proxy_pass with URI to Tomcat"
	mappedToGo     = "nginx proxy_pass with URI to Go"
)

// passing are the common configurations of nginx as a reverse proxy.
var passing = []struct {
	name, base, location string
	mapsPath             bool
}{
	{"proxy_pass without URI", "/api", "location / { proxy_pass http://%s; }", false},
	{"proxy_pass with URI", "/api", "location / { proxy_pass http://%s/; }", true},
	{"prefix to prefix", "/cyclos/api", "location /cyclos/api/ { proxy_pass http://%s/api/; }", true},
	{"rewrite", "/cyclos/api", "location /cyclos/ { rewrite ^/cyclos/(.*)$ /$1 break; proxy_pass http://%s; }", true},
}

// startRoutes starts all servers: Tomcat alone, and each nginx configuration in
// front of each backend.
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

// startGo returns the host and port of a ServeMux with the patterns of all
// operations.
func startGo(t *testing.T) (host string) {
	t.Helper()
	server := httptest.NewServer(newRecorder(func(w http.ResponseWriter, a arrival) {
		arrived := url.Values{"pattern": {a.Pattern}, "user": {a.User}, "type": {a.Type}}
		w.Header().Set(arrivedHeader, arrived.Encode())
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func goArrival(v url.Values) arrival {
	return arrival{Pattern: v.Get("pattern"), User: v.Get("user"), Type: v.Get("type")}
}

// tomcatArrival finds the operation for the path segments in the servlet, as a REST
// framework would. If there is none, the Pattern is the path itself.
func tomcatArrival(v url.Values) arrival {
	for _, o := range operations() {
		method, path, _ := strings.Cut(pattern(o), " ")
		if a, ok := match(strings.Split(path, "/")[1:], v["segment"]); ok && method == v.Get("method") {
			a.Pattern = pattern(o)
			return a
		}
	}
	return arrival{Pattern: v.Get("method") + " /" + strings.Join(v["segment"], "/")}
}

func match(pattern, segments []string) (a arrival, ok bool) {
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

// observer is a transport that records what the backend reports for each request.
// It is for one goroutine.
type observer struct {
	next    http.RoundTripper
	arrived func(url.Values) arrival
	sent    int
	got     []arrival
}

func (o *observer) RoundTrip(req *http.Request) (*http.Response, error) {
	o.sent++
	resp, err := o.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if header := resp.Header.Get(arrivedHeader); header != "" {
		values, err := url.ParseQuery(header)
		if err != nil {
			return nil, err
		}
		o.got = append(o.got, o.arrived(values))
	}
	return resp, nil
}

// take returns what was sent and what arrived since the previous call.
func (o *observer) take() (sent int, got []arrival) {
	sent, got = o.sent, o.got
	o.sent, o.got = 0, nil
	return sent, got
}

// newClient returns a client for the route and the observer of its requests.
func newClient(t *testing.T, r route, transport http.RoundTripper) (*passwords.Client, *observer) {
	t.Helper()
	o := &observer{next: transport, arrived: r.backend.arrived}
	client, err := passwords.New(r.baseURL, passwords.WithSessionToken("path-token-77d1"),
		passwords.WithHTTPClient(&http.Client{Transport: o}))
	if err != nil {
		t.Fatal(err)
	}
	return client, o
}

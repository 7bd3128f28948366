//go:build servers && linux

package proxies

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// arrivedHeader is the response header in which a backend reports what arrived.
const arrivedHeader = "Arrived"

// backend is a server that receives operations.
type backend struct {
	name, network, address string
	arrived                func(url.Values) testkit.Arrival
}

// route is a path from the client to a backend.
type route struct {
	name, path       string
	network, address string
	backend          backend
	// mapsPath is set if nginx unescapes the path and escapes it again.
	mapsPath bool
}

func (r route) baseURL() string { return "http://localhost" + r.path }

// transport returns a transport whose connections are all to the route.
func (r route) transport(t *testing.T) *http.Transport {
	t.Helper()
	transport := testkit.NewTransport(t)
	transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, r.network, r.address)
	}
	return transport
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
	mux := httptest.NewServer(testkit.NewRecorder(func(w http.ResponseWriter, a testkit.Arrival) {
		arrived := url.Values{"pattern": {a.Pattern}, "user": {a.User}, "type": {a.Type}}
		w.Header().Set(arrivedHeader, arrived.Encode())
	}))
	t.Cleanup(mux.Close)
	goBackend := backend{"Go", "tcp", mux.Listener.Addr().String(), func(v url.Values) testkit.Arrival {
		return testkit.Arrival{Pattern: v.Get("pattern"), User: v.Get("user"), Type: v.Get("type")}
	}}
	tomcat := backend{"Tomcat", "unix", startTomcat(t), tomcatArrival}
	routes := []route{{"Tomcat", "/api", tomcat.network, tomcat.address, tomcat, false}}
	var servers []nginxServer
	dir := t.TempDir()
	for _, b := range []backend{tomcat, goBackend} {
		upstream := b.address
		if b.network == "unix" {
			upstream = "unix:" + upstream
		}
		for _, p := range passing {
			name := fmt.Sprintf("upstream%d", len(servers))
			socket := filepath.Join(dir, name)
			servers = append(servers, nginxServer{Name: name, Backend: upstream, Location: fmt.Sprintf(p.location, name), Socket: socket})
			routes = append(routes, route{"nginx " + p.name + " to " + b.name, p.base, "unix", socket, b, p.mapsPath})
		}
	}
	startNginx(t, dir, servers)
	return routes
}

// tomcatArrival finds the operation for the path segments in the servlet, as a REST
// framework would. If there is none, the Pattern is the path itself.
func tomcatArrival(v url.Values) testkit.Arrival {
	for _, o := range testkit.Operations() {
		method, path, _ := strings.Cut(o.Pattern(), " ")
		if a, ok := match(strings.Split(path, "/")[1:], v["segment"]); ok && method == v.Get("method") {
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

// observer is a transport that records what the backend reports for each request.
// It is for one goroutine.
type observer struct {
	next    http.RoundTripper
	arrived func(url.Values) testkit.Arrival
	sent    int
	got     []testkit.Arrival
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
func (o *observer) take() (sent int, got []testkit.Arrival) {
	sent, got = o.sent, o.got
	o.sent, o.got = 0, nil
	return sent, got
}

// newClient returns a client for the route and the observer of its requests.
func newClient(t *testing.T, r route, transport http.RoundTripper) (*passwords.Client, *observer) {
	t.Helper()
	o := &observer{next: transport, arrived: r.backend.arrived}
	client, err := passwords.New(r.baseURL(), passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithHTTPClient(&http.Client{Transport: o}))
	if err != nil {
		t.Fatal(err)
	}
	return client, o
}

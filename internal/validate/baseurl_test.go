package validate_test

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/internal/testkit"
)

func TestNewChecksTheBaseURL(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]bool{
		"https://cyclos.example.org/api":           true,
		"https://cyclos.example.org/api/":          true,
		"https://cyclos.example.org":               true,
		"https://cyclos.example.org:8443/a/b":      true,
		"http://127.0.0.1:8080/api":                true,
		"http://[::1]:8080/api":                    true,
		"HTTPS://cyclos.example.org/api":           true,
		"":                                         false,
		"cyclos.example.org/api":                   false,
		"//cyclos.example.org/api":                 false,
		"/api":                                     false,
		"ftp://cyclos.example.org/api":             false,
		"https:///api":                             false,
		"https://:8443/api":                        false,
		"https:cyclos.example.org/api":             false,
		"https://cyclos.example.org/api?x=1":       false,
		"https://cyclos.example.org/api?":          false,
		"https://cyclos.example.org/api#f":         false,
		"https://cyclos.example.org/api#":          false,
		"https://cyclos.example.org:port/api":      false,
		"https://cyclos.example.org/%zz":           false,
		"https://ana@cyclos.example.org/api":       false,
		"https://ana:" + testkit.Password + "@h/a": false,
		"https://h/" + testkit.Password + "\x7f":   false,
		"https://cyclos.example.org/a%20b/api":     true,
		"https://cyclos.example.org/api/..":        false,
		"https://cyclos.example.org/./api":         false,
		"https://cyclos.example.org/%2e%2e/a":      false,
		"https://cyclos.example.org//api":          false,
		"https://cyclos.example.org/api;x=1":       false,
		"https://cyclos.example.org/a%5Cb":         false,
		"https://cyclos.example.org/api ":          false,
		" https://cyclos.example.org/api":          false,
		"https://a]b/api":                          false,
		"https://]/api":                            false,
		"https://h;v=1/api":                        false,
		"https://a,b/api":                          false,
		"https://<h>/api":                          false,
		"https://h'/api":                           false,
		"https://\xff/api":                         false,
		"https://h/a%2Fb":                          false,
		"https://h/a%2fb c":                        false,
		"https://h/a b":                            true,
		"https://h/a%20b":                          true,
		"https://a_b.example/api":                  true,
		"https://münchen.example/api":              true,
		"https://[::1%25lo]/api":                   true,
		"https://10.0.0.1/api":                     true,
		"https://h-1.example./api":                 true,
	} {
		t.Run(strings.ReplaceAll(base, testkit.Password, "PASSWORD"), func(t *testing.T) {
			t.Parallel()
			client, err := passwords.New(base)
			if (err == nil) != want || (client == nil) == want {
				t.Fatalf("got %v", err)
			}
			if err != nil && (!errors.Is(err, passwords.ErrInvalidArgument) || strings.Contains(err.Error(), testkit.Password)) {
				t.Errorf("not ErrInvalidArgument, or the error shows the password")
			}
		})
	}
}

func TestPlainHTTPIsForThisMachineOnly(t *testing.T) {
	t.Parallel()
	for base, loopback := range map[string]bool{
		"http://127.0.0.1/api":           true,
		"http://127.8.9.10:8080/api":     true,
		"http://[::1]:8080/api":          true,
		"http://[::ffff:127.0.0.1]/api":  true,
		"http://localhost:8080/api":      true,
		"http://LOCALHOST/api":           true,
		"http://cyclos.localhost/api":    false,
		"http://cyclos.example.org/api":  false,
		"HTTP://cyclos.example.org/api":  false,
		"http://localhost.example/api":   false,
		"http://127.0.0.1.example/api":   false,
		"http://10.0.0.1/api":            false,
		"http://[::]/api":                false,
		"http://0.0.0.0/api":             false,
		"http://[fe80::1%25lo]/api":      false,
		"http://2130706433/api":          false,
		"http://127.1/api":               false,
		"http://xn--localhost-9d3f1/api": false,
	} {
		t.Run(base, func(t *testing.T) {
			t.Parallel()
			_, err := passwords.New(base)
			if (err == nil) != loopback || !loopback && !errors.Is(err, passwords.ErrInvalidArgument) {
				t.Errorf("got %v", err)
			}
			if _, err := passwords.New(base, passwords.WithInsecureHTTP()); err != nil {
				t.Errorf("with WithInsecureHTTP: got %v", err)
			}
		})
	}
}

func TestBaseURLWithAndWithoutSlashAreTheSame(t *testing.T) {
	t.Parallel()
	for _, suffix := range []string{"", "/"} {
		w := testkit.NewWire(t, testkit.NoContent)
		if err := testkit.NewClient(t, w.URL+suffix).EnablePassword(t.Context(), passwords.UserID("1"), "login"); err != nil {
			t.Fatal(err)
		}
		if got := w.One(t).URI; got != "/api/1/passwords/login/enable" {
			t.Errorf("got %s", got)
		}
	}
}

// TestHostsOfTheBaseURL: net/http would send requests for other spellings of
// localhost to the proxy of the environment.
func TestHostsOfTheBaseURL(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		"http://LocalHost:8080/api":      "http://localhost:8080/api/self/passwords",
		"https://Cyclos.example.org/api": "https://Cyclos.example.org/api/self/passwords",
		"https://cyclos.example.org/":    "https://cyclos.example.org/self/passwords",
		"https://cyclos.example.org":     "https://cyclos.example.org/self/passwords",
	} {
		got := ""
		client := testkit.NewClient(t, base, passwords.WithHTTPClient(&http.Client{Transport: testkit.RoundTripper(func(r *http.Request) (*http.Response, error) {
			got = r.URL.String()
			return nil, errors.New("unreachable")
		})}))
		if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); err == nil || got != want {
			t.Errorf("%s: got %s, want %s", base, got, want)
		}
	}
}

// plainBase matches base URLs that no rule can reject.
var plainBase = regexp.MustCompile(`^https://[a-z][a-z0-9]*(\.[a-z][a-z0-9]*)*(:[1-9][0-9]{0,3})?(/[a-z0-9]+)*/?$`)

func FuzzBaseURL(f *testing.F) {
	for _, base := range []string{
		"https://cyclos.example.org/api", "http://localhost:8080/api/", "http://[::1]:8080", "http://[::1%25lo]/api",
		"HTTPS://CYCLOS.example.org", "http://127.0.0.1.example/api", "http://x.localhost./api", "https://münchen.example/é",
		"https://h/a%2Fb", "https://h/%2e%2e/api", "https://h/api?", "https://h/api?x=1", "https://h/api#", "https://h/api;v=1", "https://h//api",
		"https://user:pass@h/api", "https://h@/api", "https:///api", "https://:443/api", "https://h:/api", "ftp://h/api", "//h/api", "",
	} {
		f.Add(base, uint16(len(base)/2))
	}
	f.Fuzz(func(t *testing.T, base string, at uint16) {
		for _, base := range []string{base, testkit.Plant(base, at)} {
			checkBase(t, base)
			checkBase(t, base, passwords.WithInsecureHTTP())
		}
	})
}

// checkBase checks that an accepted base URL obeys the rules, and where its requests
// go. It examines only the text of the base URL, not what net/url makes of it.
func checkBase(t *testing.T, base string, opts ...passwords.Option) {
	t.Helper()
	transport := &testkit.InMemory{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })}
	client, err := passwords.New(base, append(opts, passwords.WithHTTPClient(&http.Client{Transport: transport}))...)
	if err != nil {
		if client != nil || !errors.Is(err, passwords.ErrInvalidArgument) || strings.Contains(err.Error(), testkit.Marker) {
			t.Error("a client was returned with the error, or it is not ErrInvalidArgument, or it shows the base URL")
		}
		if plainBase.MatchString(base) {
			t.Errorf("a plain base URL of %d bytes was rejected: %v", len(base), err)
		}
		return
	}
	scheme, rest, _ := strings.Cut(base, "://")
	authority, path, _ := strings.Cut(rest, "/")
	path = strings.TrimSuffix(path, "/")
	host, insecure := hostOf(authority), len(opts) > 0
	switch {
	case !strings.EqualFold(scheme, "https") && !strings.EqualFold(scheme, "http"):
		t.Error("a scheme other than http and https was accepted")
	case strings.EqualFold(scheme, "http") && !insecure && !isThisMachine(host):
		t.Error("plain http to another machine was accepted")
	case host == "" || strings.ContainsAny(authority, "@\\ \t\r\n"):
		t.Error("a base URL without a host, or with user information, was accepted")
	case strings.ContainsAny(base, "?#;\\"):
		t.Error("a query, a fragment, a path parameter or a backslash was accepted")
	}
	wantSegments := []string{""}
	if path != "" {
		for raw := range strings.SplitSeq(path, "/") {
			segment, err := url.PathUnescape(raw)
			if err != nil || segment == "" || segment == "." || segment == ".." || strings.ContainsAny(segment, `/;\`) {
				t.Error("an ambiguous path was accepted")
			}
			wantSegments = append(wantSegments, segment)
		}
	}
	wantSegments = append(wantSegments, "self", "passwords", "login", "disable")

	err = client.DisablePassword(t.Context(), passwords.Self(), cyclostest.TypeLogin)
	if err != nil && (plainBase.MatchString(base) || strings.Contains(err.Error(), testkit.Marker)) {
		t.Errorf("the request failed, or the error shows the base URL of %d bytes", len(base))
	}
	wantHost, errHost := url.PathUnescape(authority)
	for _, r := range transport.Sent {
		if errHost != nil || !strings.EqualFold(r.URL.Scheme, scheme) || !strings.EqualFold(strings.TrimSuffix(r.URL.Host, ":"), strings.TrimSuffix(wantHost, ":")) {
			t.Error("the request goes to another host")
		}
	}
	for _, r := range transport.Arrived {
		var got []string
		for raw := range strings.SplitSeq(r.RequestURI, "/") {
			segment, err := url.PathUnescape(raw)
			if err != nil {
				t.Error("the path arrived malformed")
			}
			got = append(got, segment)
		}
		if !slices.Equal(got, wantSegments) {
			t.Errorf("the request arrived below another path: %d segments, want %d", len(got), len(wantSegments))
		}
		if plainBase.MatchString(base) && r.Host != authority {
			t.Error("the request names another host")
		}
	}
}

// hostOf returns the host of an authority, without its port.
func hostOf(authority string) string {
	if end := strings.LastIndex(authority, "]"); end >= 0 {
		address, _, _ := strings.Cut(strings.TrimPrefix(authority[:end], "["), "%25")
		return address
	}
	host, _, _ := strings.Cut(authority, ":")
	return host
}

// isThisMachine reports whether the host is a loopback address or localhost.
func isThisMachine(host string) bool {
	return net.ParseIP(host).IsLoopback() || strings.EqualFold(host, "localhost")
}

package transport_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// realm is an internet on loopback. The first server, at https://cyclos.example,
// redirects. The servers at every other name and port must not be reached.
type realm struct {
	authority *testkit.Authority
	first     string // address on loopback
	secure    string
	plain     string

	mu        sync.Mutex
	status    int
	locations []string
	got       []testkit.Request // by the first server
	strayed   []testkit.Request // by the others
	dialed    []string          // addresses of the others
}

const firstOrigin = "https://cyclos.example"

func newRealm(t *testing.T) *realm {
	t.Helper()
	r := &realm{authority: testkit.NewAuthority()}
	config := func() *tls.Config {
		names := []string{"cyclos.example", "sub.cyclos.example", "other.example"}
		return &tls.Config{Certificates: []tls.Certificate{r.authority.Issue(names...)}}
	}
	first := testkit.ServeTLS(http.HandlerFunc(r.redirect), config())
	secure := testkit.ServeTLS(http.HandlerFunc(r.stray), config())
	plain := httptest.NewServer(http.HandlerFunc(r.stray))
	for _, server := range []*httptest.Server{first, secure, plain} {
		t.Cleanup(server.Close)
	}
	r.first, r.secure, r.plain = first.Listener.Addr().String(), secure.Listener.Addr().String(), plain.Listener.Addr().String()
	return r
}

// respond sets the status and the Locations of the first server's responses.
func (r *realm) respond(status int, locations ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status, r.locations = status, locations
	r.got, r.strayed, r.dialed = nil, nil, nil
}

func (r *realm) redirect(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	r.got = append(r.got, testkit.Request{Method: req.Method, URI: req.RequestURI, Body: string(body), Header: req.Header.Clone()})
	w.Header()["Location"] = r.locations
	status := r.status
	r.mu.Unlock()
	w.Header().Set("Set-Cookie", "session=of-another-user")
	w.WriteHeader(status)
}

func (r *realm) stray(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.strayed = append(r.strayed, testkit.Request{Method: req.Method, URI: req.RequestURI, Body: string(body), Header: req.Header.Clone()})
	w.WriteHeader(http.StatusNoContent)
}

// transport returns a transport that dials only within the realm.
func (r *realm) transport(t *testing.T, http2 bool) *http.Transport {
	t.Helper()
	transport := &http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: r.authority.Pool()},
		ForceAttemptHTTP2: http2,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			host, port, err := net.SplitHostPort(address)
			if err != nil {
				return nil, err
			}
			target := r.secure
			switch {
			case address == "cyclos.example:443":
				target = r.first
			case !strings.HasSuffix(host, ".example"):
				return nil, errors.New("the address is not in the realm")
			case port == "80":
				target = r.plain
			}
			if target != r.first {
				r.mu.Lock()
				r.dialed = append(r.dialed, address)
				r.mu.Unlock()
			}
			return new(net.Dialer).DialContext(ctx, network, target)
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// redirections are the Locations of a redirect and the origin in the error, by name.
var redirections = map[string]struct {
	locations []string
	origin    string
}{
	"same host":            {[]string{"https://cyclos.example/leak-me?leak-me#leak-me"}, firstOrigin},
	"same request":         {[]string{"https://cyclos.example/api/self/passwords"}, firstOrigin},
	"relative":             {[]string{"leak-me/../leak-me"}, firstOrigin},
	"absolute path":        {[]string{"/leak-me"}, firstOrigin},
	"query only":           {[]string{"?leak-me"}, firstOrigin},
	"backslashes":          {[]string{`/\other.example/leak-me`}, firstOrigin},
	"other port":           {[]string{"https://cyclos.example:8443/leak-me"}, "https://cyclos.example:8443"},
	"sub-domain":           {[]string{"https://sub.cyclos.example/leak-me"}, "https://sub.cyclos.example"},
	"other host":           {[]string{"https://other.example/leak-me"}, "https://other.example"},
	"https to http":        {[]string{"http://cyclos.example/leak-me"}, "http://cyclos.example"},
	"http at another host": {[]string{"http://other.example/leak-me"}, "http://other.example"},
	"protocol-relative":    {[]string{"//other.example/leak-me"}, "https://other.example"},
	"userinfo":             {[]string{"https://leak-me:leak-me@other.example/leak-me"}, "https://other.example"},
	"userinfo like a host": {[]string{"https://cyclos.example@other.example/leak-me"}, "https://other.example"},
	"upper case":           {[]string{"HTTPS://other.example/leak-me"}, "https://other.example"},
	"other scheme":         {[]string{"ftp://other.example/leak-me", "https://" + strings.Repeat("a", 300) + "/"}, ""},
	"no host":              {[]string{"https:///leak-me"}, ""},
	"opaque":               {[]string{"mailto:leak-me@other.example"}, ""},
	"unparsable path":      {[]string{"https://other.example/leak-me/%zz"}, ""},
	"unparsable port":      {[]string{"https://other.example:leak-me/"}, ""},
	"unparsable userinfo":  {[]string{"https://leak me:leak-me@other.example/"}, ""},
	"unparsable brackets":  {[]string{"https://[leak-me/"}, ""},
	// net/url is stricter about ports once there is a scheme.
	"unparsable with scheme": {[]string{"//other.example:1:2/leak-me"}, ""},
	"two":                    {[]string{"https://other.example/leak-me", "https://sub.cyclos.example/leak-me"}, "https://other.example"},
	"unparsable and another": {[]string{"https://other.example/%zz", "https://sub.cyclos.example/leak-me"}, ""},
	"empty":                  {[]string{""}, ""},
	"absent":                 {nil, ""},
}

var redirectStatuses = []int{300, 301, 302, 303, 304, 305, 306, 307, 308, 399}

// confidential returns a call with a confirmation password, one with a password in the
// body, and one with neither.
func confidential() []testkit.Operation {
	return slices.DeleteFunc(testkit.Operations(), func(op testkit.Operation) bool {
		return op.ID != "changeGenerated" && op.ID != "changePassword" && op.ID != "listUserPasswords"
	})
}

// nosyJar has a cookie for every URL and counts its calls.
type nosyJar struct {
	mu    sync.Mutex
	asked int
}

func (j *nosyJar) SetCookies(*url.URL, []*http.Cookie) { j.note() }

func (j *nosyJar) Cookies(*url.URL) []*http.Cookie {
	j.note()
	return []*http.Cookie{{Name: "session", Value: "of-another-user"}}
}

func (j *nosyJar) note() {
	j.mu.Lock()
	j.asked++
	j.mu.Unlock()
}

// TestRedirectsNeverLeaveTheOrigin covers every credential, every redirect and every
// option that takes an HTTP client.
func TestRedirectsNeverLeaveTheOrigin(t *testing.T) {
	t.Parallel()
	for name, auth := range testkit.Authentications() {
		for kind, configure := range map[string]func(own *http.Client) (first, derived []passwords.Option){
			"HTTP client": func(own *http.Client) (first, derived []passwords.Option) {
				return []passwords.Option{auth.Option, passwords.WithHTTPClient(own)}, nil
			},
			"doer": func(own *http.Client) (first, derived []passwords.Option) {
				return []passwords.Option{auth.Option, passwords.WithDoer(own)}, nil
			},
			"derived with the authentication": func(own *http.Client) (first, derived []passwords.Option) {
				return []passwords.Option{passwords.WithHTTPClient(own)}, []passwords.Option{auth.Option}
			},
			"derived with the client": func(own *http.Client) (first, derived []passwords.Option) {
				return []passwords.Option{auth.Option}, []passwords.Option{passwords.WithDoer(own)}
			},
		} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				r, jar, asked := newRealm(t), &nosyJar{}, 0
				follow := func(*http.Request, []*http.Request) error { asked++; return nil }
				own := &http.Client{Transport: r.transport(t, kind == "doer"), CheckRedirect: follow, Jar: jar}
				transport := own.Transport
				first, derived := configure(own)
				client, err := testkit.NewClient(t, firstOrigin+"/api", append(first, passwords.WithRetries(2))...).With(derived...)
				if err != nil {
					t.Fatal(err)
				}
				for _, status := range redirectStatuses {
					for target, redirection := range redirections {
						for _, op := range confidential() {
							r.respond(status, redirection.locations...)
							_, err := op.Do(t.Context(), client)
							id := fmt.Sprintf("%s: %d: %s", target, status, op.ID)
							checkRedirectError(t, id, err, status, redirection.origin)
							r.checkOrigin(t, id, op, auth.Header)
						}
					}
				}
				if asked != 0 || jar.asked != 0 {
					t.Errorf("the caller's CheckRedirect was called %d times, the Jar %d times", asked, jar.asked)
				}
				if _ = own.CheckRedirect(nil, nil); asked != 1 || own.Jar != jar || own.Transport != transport || own.Timeout != 0 {
					t.Error("the caller's client was changed")
				}
			})
		}
	}
}

func checkRedirectError(t *testing.T, id string, err error, status int, origin string) {
	t.Helper()
	var e *passwords.Error
	if !errors.As(err, &e) || e.StatusCode != status || !errors.Is(err, passwords.ErrUnexpectedResponse) {
		t.Fatalf("%s: got %v", id, err)
	}
	redirect := &passwords.RedirectError{}
	if redirects := status != http.StatusNotModified; errors.As(err, &redirect) != redirects {
		t.Fatalf("%s: got a RedirectError: %t, want %t: %v", id, !redirects, redirects, err)
	} else if redirects && redirect.Origin != origin {
		t.Errorf("%s: got the origin %q, want %q", id, redirect.Origin, origin)
	}
	if text := fmt.Sprintf("%v %+v %#v %+v", err, err, err, redirect); strings.Contains(text, "leak") || strings.Contains(text, "@") {
		t.Errorf("%s: the error shows more than the origin", id)
	}
}

// checkOrigin checks that the first server got one complete request, and the others
// no connection.
func (r *realm) checkOrigin(t *testing.T, id string, op testkit.Operation, auth string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.got) != 1 {
		t.Fatalf("%s: %d requests arrived at the first server, want 1", id, len(r.got))
	}
	got := r.got[0]
	if got.Method != op.Method || got.URI != "/api"+op.URI || got.Body != op.Body || len(got.Header[auth]) != 1 {
		t.Errorf("%s: the request differs", id)
	}
	if confirmation := got.Header.Get("Confirmationpassword"); confirmation != op.Header["Confirmationpassword"] {
		t.Errorf("%s: the confirmation differs", id)
	}
	if len(got.Header["Cookie"]) != 0 {
		t.Errorf("%s: a cookie was sent", id)
	}
	if len(r.strayed) != 0 || len(r.dialed) != 0 {
		t.Errorf("%s: %d requests strayed, dialed %v", id, len(r.strayed), r.dialed)
	}
}

// followingDoer hides an http.Client, which follows redirects.
type followingDoer struct{ client *http.Client }

func (d followingDoer) Do(r *http.Request) (*http.Response, error) { return d.client.Do(r) }

// TestRedirectsFollowedByACustomDoerGiveTheCredentialsAway shows why WithDoer forbids
// it, and that a realm detects requests that stray.
func TestRedirectsFollowedByACustomDoerGiveTheCredentialsAway(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	doer := followingDoer{&http.Client{Transport: r.transport(t, false)}}
	for name, auth := range testkit.Authentications() {
		for _, location := range []string{
			"http://cyclos.example/", "https://cyclos.example:8443/", "https://sub.cyclos.example/",
			"https://other.example/", "http://other.example/", "//other.example/",
		} {
			client := testkit.NewClient(t, firstOrigin+"/api", auth.Option, passwords.WithDoer(doer))
			for _, op := range confidential() {
				r.respond(http.StatusTemporaryRedirect, location)
				_, _ = op.Do(t.Context(), client)
				if len(r.got) != 1 || len(r.strayed) != 1 {
					t.Fatalf("%s: %s: %s: %d and %d requests arrived", name, location, op.ID, len(r.got), len(r.strayed))
				}
				strayed := r.strayed[0]
				if strayed.Body != op.Body || strayed.Header.Get("Confirmationpassword") != op.Header["Confirmationpassword"] {
					t.Errorf("%s: %s: %s: the body or the confirmation did not stray", name, location, op.ID)
				}
				// net/http withholds only Authorization, and only from other domains.
				own := strings.Contains(location, "cyclos.example")
				if withheld := len(strayed.Header[auth.Header]) == 0; withheld != (name == "basic" && !own) {
					t.Errorf("%s: %s: %s: the credential was withheld: %t", name, location, op.ID, withheld)
				}
			}
		}
	}
}

// TestRedirectsHandedOverByADoer covers a doer that does not follow redirects.
func TestRedirectsHandedOverByADoer(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	client := testkit.NewClient(t, firstOrigin+"/api", passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithDoer(testkit.DoerFunc(r.transport(t, false).RoundTrip)))
	for _, status := range redirectStatuses {
		for target, redirection := range redirections {
			for _, op := range confidential() {
				r.respond(status, redirection.locations...)
				_, err := op.Do(t.Context(), client)
				id := fmt.Sprintf("%s: %d: %s", target, status, op.ID)
				checkRedirectError(t, id, err, status, redirection.origin)
				r.checkOrigin(t, id, op, "Session-Token")
			}
		}
	}
}

// TestRedirectsAreNotFollowedByTheDefaultClient covers all operations. It uses loopback
// addresses because the default client resolves names by DNS.
func TestRedirectsAreNotFollowedByTheDefaultClient(t *testing.T) {
	t.Parallel()
	elsewhere := testkit.NewWire(t, testkit.NoContent)
	for location, want := range map[string]string{
		elsewhere.URL: strings.TrimSuffix(elsewhere.URL, "/api"),
		strings.Replace(elsewhere.URL, "127.0.0.1", "localhost", 1): strings.Replace(strings.TrimSuffix(elsewhere.URL, "/api"), "127.0.0.1", "localhost", 1),
		"/api/self/passwords":       "own",
		"//other.example/x":         "http://other.example",
		"https://other.example/%zz": "",
	} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			for name, auth := range testkit.Authentications() {
				w := testkit.NewWire(t, testkit.Reply{Status: status, Header: map[string]string{"Location": location}, OffSpec: true})
				client := testkit.NewClient(t, w.URL, auth.Option)
				origin := want
				if origin == "own" {
					origin = strings.TrimSuffix(w.URL, "/api")
				}
				all := testkit.Operations()
				for _, op := range all {
					_, err := op.Do(t.Context(), client)
					checkRedirectError(t, fmt.Sprintf("%s: %d: %s: %s", name, status, location, op.ID), err, status, origin)
				}
				if w.Count() != len(all) {
					t.Errorf("%s: %d: %s: %d requests arrived for %d calls", name, status, location, w.Count(), len(all))
				}
			}
		}
	}
	if elsewhere.Count() != 0 {
		t.Error("a redirect was followed")
	}
}

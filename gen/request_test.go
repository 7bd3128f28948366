package gen_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// serve starts a server that reports the decoded path and the query of each
// request.
func serve(t *testing.T) (url string, arrived chan string) {
	t.Helper()
	arrived = make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived <- r.URL.Path + "?" + r.URL.RawQuery
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(server.Close)
	return server.URL, arrived
}

func newClient(t *testing.T, server string) *gen.Client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	client, err := gen.NewClient(server, gen.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// TestPathValues checks that an unusual value cannot address another user or
// operation in the generated client either.
func TestPathValues(t *testing.T) {
	t.Parallel()
	server, arrived := serve(t)
	client := newClient(t, server+"/api")
	for _, row := range testkit.TypeCases() {
		for name, call := range map[string]func() (*http.Response, error){
			"/api/" + row.Value + "/passwords": func() (*http.Response, error) {
				return client.ListUserPasswords(t.Context(), row.Value, nil)
			},
			"/api/ana/passwords/" + row.Value + "/disable": func() (*http.Response, error) {
				return client.DisablePassword(t.Context(), "ana", row.Value)
			},
		} {
			resp, err := call()
			if row.Rejected {
				if !errors.Is(err, gen.ErrInvalidArgument) || len(arrived) > 0 {
					t.Errorf("%s: got %v and %d requests, want ErrInvalidArgument and no request", row.Name, err, len(arrived))
				}
				continue
			}
			if err != nil {
				t.Fatalf("%s: %v", row.Name, err)
			}
			_ = resp.Body.Close()
			if got := <-arrived; got != name+"?" {
				t.Errorf("%s: got %q, want %q", row.Name, got, name)
			}
		}
	}
}

// TestBasePathsAreUnchanged checks that the base path keeps its escaping, whatever
// the user's name: proxies may compare the raw path.
func TestBasePathsAreUnchanged(t *testing.T) {
	t.Parallel()
	arrived := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { arrived <- r.RequestURI }))
	t.Cleanup(server.Close)
	for _, base := range []string{"/a(b)", "/a[b]", "/a!*'b", "/*", "/a%28b", "/a:b@c,d"} {
		for user, escaped := range map[string]string{"ana": "ana", "a(b": "a%28b", "a b": "a%20b"} {
			resp, err := newClient(t, server.URL+base).ListUserPasswords(t.Context(), user, nil)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if got, want := <-arrived, base+"/"+escaped+"/passwords"; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
	}
}

func TestBaseURLs(t *testing.T) {
	t.Parallel()
	server, arrived := serve(t)
	for base, want := range map[string]string{
		"":                   "/ana/passwords?fields=status,type.id",
		"/":                  "/ana/passwords?fields=status,type.id",
		"/net/api":           "/net/api/ana/passwords?fields=status,type.id",
		"/net/api/":          "/net/api/ana/passwords?fields=status,type.id",
		"/a%2Fb/api?x=1#top": "/a/b/api/ana/passwords?fields=status,type.id",
	} {
		resp, err := newClient(t, server+base).ListUserPasswords(t.Context(), "ana",
			&gen.ListUserPasswordsParams{Fields: []string{"status", "type.id"}})
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if got := <-arrived; got != want {
			t.Errorf("%q: got %q, want %q", base, got, want)
		}
	}
	for _, base := range []string{"", "cyclos.example/api", "/api", "https://", "https://a:b:c/", "%zz"} {
		if _, err := gen.NewClient(base); !errors.Is(err, gen.ErrInvalidArgument) {
			t.Errorf("%q: got %v, want ErrInvalidArgument", base, err)
		}
	}
	if _, err := new(gen.Client).DisablePassword(t.Context(), "ana", "login"); !errors.Is(err, gen.ErrInvalidArgument) {
		t.Errorf("a client without a base URL: got %v, want ErrInvalidArgument", err)
	}
}

// TestBodiesAndHeaders also checks that the body can be read again: net/http
// retries requests on closed connections.
func TestBodiesAndHeaders(t *testing.T) {
	t.Parallel()
	client := newClient(t, "https://cyclos.example:/api")
	edited := errors.New("request aborted")
	seen := func(check func(*http.Request)) gen.RequestEditorFn {
		return func(_ context.Context, req *http.Request) error { check(req); return edited }
	}
	_, err := client.ChangePassword(t.Context(), "ana", "login", gen.ChangePassword{NewPassword: "a-new-example-value"}, seen(func(req *http.Request) {
		const want = `{"newPassword":"a-new-example-value"}`
		for range 2 {
			body, err := req.GetBody()
			if err != nil {
				t.Fatal(err)
			}
			if text, err := io.ReadAll(body); err != nil || string(text) != want {
				t.Errorf("the body differs, error %v", err)
			}
		}
		if req.ContentLength != int64(len(want)) || req.Header.Get("Content-Type") != "application/json" || req.Host != "cyclos.example" {
			t.Errorf("got %d bytes of %s for %s", req.ContentLength, req.Header.Get("Content-Type"), req.Host)
		}
	}))
	if !errors.Is(err, edited) {
		t.Errorf("got %v", err)
	}
	value := "confirmed"
	_, err = client.ChangeGenerated(t.Context(), "pin", &gen.ChangeGeneratedParams{ConfirmationPassword: &value}, seen(func(req *http.Request) {
		if req.Header.Get("confirmationPassword") != value || req.Body != nil {
			t.Error("the confirmation differs, or there is a body")
		}
	}))
	if !errors.Is(err, edited) {
		t.Errorf("got %v", err)
	}
}

// TestClientFollowsNoRedirects matters because net/http would forward the token.
func TestClientFollowsNoRedirects(t *testing.T) {
	t.Parallel()
	elsewhere, arrived := serve(t)
	server := httptest.NewServer(http.RedirectHandler(elsewhere, http.StatusTemporaryRedirect))
	t.Cleanup(server.Close)
	client, err := gen.NewClient(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.DisablePassword(t.Context(), "ana", "login")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusTemporaryRedirect || len(arrived) > 0 {
		t.Errorf("got status %d and %d requests elsewhere", resp.StatusCode, len(arrived))
	}
}

// muxServer routes the operations with a ServeMux and records what it reads from
// their paths.
type muxServer struct {
	url string
	mu  sync.Mutex
	got []testkit.Arrival
}

func newMuxServer(t *testing.T) *muxServer {
	t.Helper()
	s := &muxServer{}
	s.url = testkit.Serve(t, testkit.NewRecorder(func(_ http.ResponseWriter, a testkit.Arrival) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.got = append(s.got, a)
	}))
	return s
}

// take returns what arrived since the previous call.
func (s *muxServer) take() []testkit.Arrival {
	s.mu.Lock()
	defer s.mu.Unlock()
	got := s.got
	s.got = nil
	return got
}

func TestServeMuxFindsTheUserThatWasNamed(t *testing.T) {
	t.Parallel()
	for _, row := range testkit.UserCases() {
		for kind, user := range row.Users() {
			t.Run(kind+"/"+row.Name, func(t *testing.T) {
				t.Parallel()
				s := newMuxServer(t)
				client := testkit.NewClient(t, s.url)
				for _, o := range testkit.Operations() {
					if o.HasUser() {
						_, err := o.Call(t.Context(), client, user.User, "pin")
						wantArrival(t, s, err, o, user.Want, "pin", user.Want == "")
					}
				}
			})
		}
	}
}

func TestServeMuxFindsTheTypeThatWasNamed(t *testing.T) {
	t.Parallel()
	for _, row := range testkit.TypeCases() {
		t.Run(row.Name, func(t *testing.T) {
			t.Parallel()
			s := newMuxServer(t)
			client := testkit.NewClient(t, s.url)
			for _, o := range testkit.Operations() {
				if o.HasType() {
					_, err := o.Call(t.Context(), client, passwords.Principal("ana"), row.Value)
					wantArrival(t, s, err, o, "ana", row.Value, o.Rejects(row))
				}
			}
		})
	}
}

// wantArrival checks that the call arrived with exactly this user and type, or was
// rejected without sending anything.
func wantArrival(t *testing.T, s *muxServer, err error, o testkit.Operation, user, passwordType string, refused bool) {
	t.Helper()
	got := s.take()
	if refused {
		if !errors.Is(err, passwords.ErrInvalidArgument) || len(got) > 0 {
			t.Errorf("%s: got %v and %d requests, want ErrInvalidArgument and none", o.ID, err, len(got))
		}
		return
	}
	if want := o.Expect(user, passwordType); err != nil || !slices.Equal(got, []testkit.Arrival{want}) {
		t.Errorf("%s: got %v and %q, want %q", o.ID, err, got, want)
	}
}

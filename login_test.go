package passwords_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit"
)

var anasLogin = passwords.WithLogin("ana", passwords.NewSecret(testkit.Password))

func enable(ctx context.Context, c *passwords.Client) error {
	return c.EnablePassword(ctx, passwords.Principal("ana"), "login")
}

// wiretap records what a client writes.
type wiretap struct {
	mu    sync.Mutex
	conns []*bytes.Buffer
}

func (w *wiretap) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conns = append(w.conns, new(bytes.Buffer))
	return tapped{conn, w, w.conns[len(w.conns)-1]}, nil
}

// count returns how often the text was written.
func (w *wiretap) count(text string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, written := range w.conns {
		n += bytes.Count(written.Bytes(), []byte(text))
	}
	return n
}

type tapped struct {
	net.Conn
	tap     *wiretap
	written *bytes.Buffer
}

func (c tapped) Write(p []byte) (int, error) {
	c.tap.mu.Lock()
	c.written.Write(p)
	c.tap.mu.Unlock()
	return c.Conn.Write(p)
}

// TestLoginSendsThePasswordOncePerSession lets sessions end by the clock of the
// embedded server, before and under the load of many calls.
func TestLoginSendsThePasswordOncePerSession(t *testing.T) {
	t.Parallel()
	var passed atomic.Int64
	server := cyclostest.Start(t, cyclostest.WithClock(func() time.Time { return time.Unix(passed.Load(), 0) }))
	tap := new(wiretap)
	transport := testkit.NewTransport(t)
	transport.DialContext, transport.MaxConnsPerHost = tap.dial, 50
	client := testkit.NewClient(t, server.URL, passwords.WithHTTPClient(&http.Client{Transport: transport}), passwords.WithSessionTimeout(time.Hour),
		passwords.WithLogin(cyclostest.Ana, passwords.NewSecret(cyclostest.AnaPassword)))
	credentials := base64.StdEncoding.EncodeToString([]byte(cyclostest.Ana + ":" + cyclostest.AnaPassword))
	const calls = 1000
	for session := 1; session <= 3; session++ {
		var running sync.WaitGroup
		for range calls {
			running.Go(func() {
				if _, err := client.GetUserPasswordsData(t.Context(), passwords.Self(), cyclostest.TypePIN, "status"); err != nil {
					t.Error(err)
				}
			})
		}
		running.Wait()
		if logins, sent := server.Calls(gen.OperationLogin), tap.count(credentials); logins != session || sent != session {
			t.Fatalf("session %d: the password was sent %d times in %d logins", session, sent, logins)
		}
		passed.Add(3600)
	}
	if got := server.Calls(gen.OperationGetUserPasswordsData); got != 3*calls {
		t.Errorf("%d calls were executed", got)
	}
	if all := tap.count("Authorization"); all != 3 {
		t.Errorf("%d requests had an Authorization", all)
	}
}

// TestLoginOnTheWire compares the request of a login with the one that needs it.
func TestLoginOnTheWire(t *testing.T) {
	t.Parallel()
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("ana:"+testkit.Password))
	editor := passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
		r.Header.Set("X-Proxy", "through")
		return nil
	})
	for name, tc := range map[string]struct {
		opts []passwords.Option
		uri  string
		want map[string]string // of both requests, but for the principal type
	}{
		"alone": {[]passwords.Option{anasLogin}, "/api/auth/session?fields=sessionToken", map[string]string{"User-Agent": "cyclos-go-passwords"}},
		"with everything": {
			[]passwords.Option{
				passwords.WithPrincipalType("email"), passwords.WithSessionTimeout(90 * time.Second), passwords.WithChannel("main"),
				anasLogin, passwords.WithUserAgent("onboarding/1.2"), editor,
			},
			"/api/auth/session?fields=sessionToken&timeoutInSeconds=90",
			map[string]string{"Principal-Type": "email", "Channel": "main", "User-Agent": "onboarding/1.2 cyclos-go-passwords", "X-Proxy": "through"},
		},
	} {
		for _, op := range testkit.Operations() {
			w := new(testkit.Wire)
			var log logBuffer
			url := testkit.Serve(t, loginServer(w, testkit.JSON(200, `{"sessionToken":"`+testkit.Token+`"}`), op.OK))
			if _, err := op.Do(t.Context(), testkit.NewClient(t, url, append(tc.opts, passwords.WithLogger(jsonLogger(&log)))...)); err != nil {
				t.Fatalf("%s: %s: %v", name, op.ID, err)
			}
			got := w.All()
			if len(got) != 2 || got[0].Method != "POST" || got[0].URI != tc.uri || got[0].Body != "" || got[1].Method != op.Method || got[1].URI != "/api"+op.URI {
				t.Fatalf("%s: %s: %d other requests arrived", name, op.ID, len(got))
			}
			for i, r := range got {
				want := map[string]string{"Authorization": basic, "Principal-Type": tc.want["Principal-Type"]}
				if i == 1 {
					want = map[string]string{"Session-Token": testkit.Token}
				}
				for _, header := range []string{"Channel", "User-Agent", "X-Proxy"} {
					want[header] = tc.want[header]
				}
				for _, header := range []string{"Authorization", "Principal-Type", "Session-Token", "Access-Client-Token", "Channel", "User-Agent", "X-Proxy"} {
					if values := r.Header.Values(header); len(values) > 1 || r.Header.Get(header) != want[header] {
						t.Errorf("%s: %s: request %d: the header %s differs", name, op.ID, i, header)
					}
				}
			}
			if lines := log.lines(); len(lines) != 2 || !strings.Contains(lines[0], `"operation":"login","method":"POST","path":"/auth/session","status":200`) {
				t.Errorf("%s: %s: logged %q", name, op.ID, lines)
			}
		}
	}
}

// loginServer responds to logins and to all other requests, and records them.
func loginServer(w *testkit.Wire, login, other http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		_ = w.Record(r)
		if strings.HasSuffix(r.URL.Path, "/auth/session") {
			login.ServeHTTP(rw, r)
			return
		}
		other.ServeHTTP(rw, r)
	})
}

// TestRefusedLoginIsNotRepeated, not by concurrent or later calls, nor by derived
// clients: failed attempts block passwords.
func TestRefusedLoginIsNotRepeated(t *testing.T) {
	t.Parallel()
	for name, refusal := range map[string]testkit.Reply{
		"wrong password": testkit.JSON(401, `{"code":"login","passwordStatus":"temporarilyBlocked"}`),
		"logged out":     testkit.LoggedOut,
		"channel":        testkit.JSON(403, `{"code":"inaccessibleChannel"}`),
		"401 of a proxy": {Status: 401, Header: map[string]string{"Content-Type": "text/html"}, Body: "<html>"},
		"empty 403":      {Status: 403},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := new(testkit.Wire)
			transport := testkit.ServePipes(t, loginServer(w, refusal, testkit.NoContent))
			client, err := passwords.New("http://localhost/api", anasLogin, passwords.WithHTTPClient(&http.Client{Transport: transport}))
			if err != nil {
				t.Fatal(err)
			}
			derived, err := client.With(passwords.WithTimeout(time.Hour), passwords.WithRetries(9))
			if err != nil {
				t.Fatal(err)
			}
			check := func(err error) {
				var e *passwords.Error
				if !errors.As(err, &e) || e.Operation != "login" || e.StatusCode != refusal.Status || errors.Is(err, passwords.ErrOutcomeUnknown) {
					t.Fatalf("%s: got %v", name, err)
				}
				e.Operation = "changed by a caller" // for itself only
			}
			testkit.Concurrently(func() { check(enable(t.Context(), client)); check(enable(t.Context(), derived)) })()
			for _, op := range testkit.Operations() {
				_, err := op.Do(t.Context(), client)
				check(err)
			}
			if err := client.Logout(t.Context()); err != nil || w.Count() != 1 {
				t.Errorf("%s: %d requests arrived, Logout: %v", name, w.Count(), err)
			}
			anew, err := client.With(anasLogin)
			if err != nil {
				t.Fatal(err)
			}
			if check(enable(t.Context(), anew)); w.Count() != 2 {
				t.Errorf("%s: %d requests arrived with another login", name, w.Count())
			}
		})
	}
}

// TestWrongPasswordIsSentOnce in ways in which a program could make clients repeat it.
func TestWrongPasswordIsSentOnce(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		opts  func(i int) []passwords.Option
		ends  time.Duration // of the context of a call
		panic bool
	}{
		"session timeouts": {opts: func(i int) []passwords.Option {
			return []passwords.Option{passwords.WithSessionTimeout(time.Duration(i+1) * time.Hour)}
		}},
		"one channel": {opts: func(int) []passwords.Option { return []passwords.Option{passwords.WithChannel("pos")} }},
		"observer that panics": {opts: func(int) []passwords.Option {
			return []passwords.Option{passwords.WithObserver(func(context.Context, passwords.Observation) (context.Context, func(error)) {
				return nil, func(err error) {
					if err != nil {
						panic(err)
					}
				}
			})}
		}, panic: true},
		"calls shorter than the login": {opts: func(int) []passwords.Option { return nil }, ends: 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := new(testkit.Wire)
				slow := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
					select {
					case <-time.After(5 * time.Second):
						testkit.JSON(401, `{"code":"login"}`).ServeHTTP(rw, r)
					case <-r.Context().Done():
					}
				})
				client, err := passwords.New("http://localhost/api", anasLogin,
					passwords.WithHTTPClient(&http.Client{Transport: testkit.ServePipes(t, loginServer(w, slow, testkit.NoContent))}))
				if err != nil {
					t.Fatal(err)
				}
				call := func(i int) (err error) {
					derived, err := client.With(tc.opts(i)...)
					if err != nil {
						t.Error(err)
						return nil
					}
					ctx, cancel := context.WithTimeout(t.Context(), cmp.Or(tc.ends, time.Minute))
					defer cancel()
					defer func() {
						if got := recover(); (got != nil) != tc.panic {
							t.Errorf("panicked with %v", got)
						}
					}()
					return enable(ctx, derived)
				}
				var running sync.WaitGroup
				for i := range 9 {
					running.Go(func() { _ = call(i % 3) })
				}
				for i := range 3 {
					err = call(i)
				}
				if running.Wait(); !tc.panic && !passwords.IsCode(err, passwords.CodeLogin) || w.Count() != 1 {
					t.Errorf("the password was sent %d times, got %v", w.Count(), err)
				}
			})
		})
	}
}

// TestErrorOfALoginIsNotChanged after an observer has got it.
func TestErrorOfALoginIsNotChanged(t *testing.T) {
	t.Parallel()
	var ended []error
	var texts []string
	client := testkit.NewClient(t, testkit.Serve(t, testkit.Reply{Status: 502}), anasLogin,
		passwords.WithObserver(func(context.Context, passwords.Observation) (context.Context, func(error)) {
			return nil, func(err error) { ended, texts = append(ended, err), append(texts, err.Error()) }
		}))
	_ = enable(t.Context(), client)
	for i, err := range ended {
		if err.Error() != texts[i] {
			t.Errorf("%q became %q", texts[i], err)
		}
	}
	if len(ended) != 4 {
		t.Errorf("%d observations of a login and the call that needs it", len(ended))
	}
}

// TestLoginThatFailsIsThatOfItsCall: within a call it is not repeated, since it may
// have arrived. The next call logs in again.
func TestLoginThatFailsIsThatOfItsCall(t *testing.T) {
	t.Parallel()
	page := testkit.Reply{Status: 200, Header: map[string]string{"Content-Type": "text/html"}, Body: "<html>"}
	for name, tc := range map[string]struct {
		login   http.Handler
		status  int
		matches error
	}{
		"500":             {testkit.JSON(500, `{"exceptionType":"x"}`), 500, passwords.ErrServer},
		"502":             {testkit.Reply{Status: 502}, 502, passwords.ErrServer},
		"503":             {testkit.Reply{Status: 503, Header: map[string]string{"Retry-After": "1"}}, 503, passwords.ErrUnavailable},
		"429":             {testkit.Reply{Status: 429}, 429, nil},
		"404":             {testkit.Reply{Status: 404}, 404, passwords.ErrNotFound},
		"redirect":        {testkit.Reply{Status: 302, Header: map[string]string{"Location": "https://elsewhere.example"}}, 302, passwords.ErrUnexpectedResponse},
		"page":            {page, 200, passwords.ErrUnexpectedResponse},
		"204":             {testkit.NoContent, 204, passwords.ErrUnexpectedResponse},
		"no token":        {testkit.JSON(200, `{}`), 200, passwords.ErrUnexpectedResponse},
		"null":            {testkit.JSON(200, `null`), 200, passwords.ErrUnexpectedResponse},
		"token of spaces": {testkit.JSON(200, `{"sessionToken":" `+testkit.Token+`"}`), 200, passwords.ErrUnexpectedResponse},
		"broken off":      {http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), 0, nil},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := new(testkit.Wire)
			failing := true
			login := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if failing {
					tc.login.ServeHTTP(rw, r)
					return
				}
				testkit.JSON(200, `{"sessionToken":"`+testkit.Token+`"}`).ServeHTTP(rw, r)
			})
			client, err := passwords.New("http://localhost/api", anasLogin,
				passwords.WithHTTPClient(&http.Client{Transport: testkit.ServePipes(t, loginServer(w, login, testkit.NoContent))}))
			if err != nil {
				t.Fatal(err)
			}
			for i, op := range testkit.Operations() {
				_, err := op.Do(t.Context(), client)
				var e *passwords.Error
				if !errors.As(err, &e) || e.Operation != "login" || e.StatusCode != tc.status || tc.matches != nil && !errors.Is(err, tc.matches) || w.Count() != i+1 {
					t.Errorf("%s: %s: %d requests, got %v", name, op.ID, w.Count(), err)
				}
				for ; err != nil; err = errors.Unwrap(err) {
					if errors.Is(err, passwords.ErrOutcomeUnknown) {
						t.Errorf("%s: %s: the outcome is unknown, but nothing was sent: %v", name, op.ID, err)
					}
					if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), testkit.Token) {
						t.Errorf("%s: the error shows the token", name)
					}
				}
			}
			failing = false
			if err := enable(t.Context(), client); err != nil {
				t.Errorf("%s: the next call: %v", name, err)
			}
		})
	}
}

// TestLoginThatEndsAsACallBegins has logins so short that calls miss the end of one
// between asking for the session and waiting for it.
func TestLoginThatEndsAsACallBegins(t *testing.T) {
	t.Parallel()
	for range 300 {
		var logins atomic.Int32
		client := testkit.NewClientOver(t, func(r *http.Request) (*http.Response, error) {
			logins.Add(1)
			return &http.Response{StatusCode: http.StatusUnauthorized, Header: http.Header{}, Body: http.NoBody}, nil
		}, anasLogin)
		start := make(chan struct{})
		wait := testkit.Concurrently(func() {
			<-start
			_ = enable(t.Context(), client)
		})
		close(start)
		wait()
		if got := logins.Load(); got != 1 {
			t.Fatalf("%d logins", got)
		}
	}
}

// TestLoginWithoutAConnectionIsRepeated like any unsafe operation.
func TestLoginWithoutAConnectionIsRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dials := 0
		transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			dials++
			return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
		}}
		client, err := passwords.New("http://localhost/api", anasLogin, passwords.WithHTTPClient(&http.Client{Transport: transport}))
		if err != nil {
			t.Fatal(err)
		}
		err = enable(t.Context(), client)
		var e *passwords.Error
		if !errors.As(err, &e) || e.Operation != "login" || errors.Is(err, passwords.ErrOutcomeUnknown) || dials != 3 {
			t.Errorf("%d dials, got %v", dials, err)
		}
	})
}

// TestLoginEndsWithItsCalls: a call ends with its context or its timeout, also while
// it waits for a login, whose request ends soon after the last call.
func TestLoginEndsWithItsCalls(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		timeout time.Duration
		want    error
	}{"WithTimeout": {3 * time.Second, context.DeadlineExceeded}, "canceled": {time.Hour, context.Canceled}} {
		synctest.Test(t, func(t *testing.T) {
			w, ended := new(testkit.Wire), make(chan struct{})
			stalled := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				<-r.Context().Done()
				close(ended)
			})
			client, err := passwords.New("http://localhost/api", anasLogin, passwords.WithTimeout(tc.timeout),
				passwords.WithHTTPClient(&http.Client{Transport: testkit.ServePipes(t, loginServer(w, stalled, testkit.NoContent))}))
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			if tc.want == context.Canceled {
				time.AfterFunc(5*time.Second, cancel)
			}
			defer cancel()
			began := time.Now()
			testkit.Concurrently(func() {
				err := enable(ctx, client)
				if !errors.Is(err, tc.want) || errors.Is(err, passwords.ErrOutcomeUnknown) || time.Since(began) > 5*time.Second {
					t.Errorf("%s: after %s: %v", name, time.Since(began), err)
				}
			})()
			if <-ended; w.Count() != 1 {
				t.Errorf("%s: %d requests arrived", name, w.Count())
			}
		})
	}
}

// TestLoginIsSharedByDerivedClients that log in as the same user in the same way.
func TestLoginIsSharedByDerivedClients(t *testing.T) {
	t.Parallel()
	server := cyclostest.Start(t)
	login := passwords.WithLogin(cyclostest.Ana, passwords.NewSecret(cyclostest.AnaPassword))
	client := testkit.NewClient(t, server.URL, login, passwords.WithChannel("main"))
	want := 1
	for _, tc := range []struct {
		name string
		opt  passwords.Option
		anew bool
	}{
		{"nothing", passwords.WithTimeout(time.Minute), false},
		{"the same channel", passwords.WithChannel("main"), false},
		{"principal type", passwords.WithPrincipalType(cyclostest.PrincipalLoginName), true},
		{"session timeout", passwords.WithSessionTimeout(time.Hour), true},
		{"the session timeout again", passwords.WithSessionTimeout(time.Hour), false},
		{"another login", login, true},
		{"another authentication", passwords.WithSessionToken(passwords.NewSecret(cyclostest.AnaSession)), false},
		{"editor", passwords.WithRequestEditor(func(context.Context, *http.Request) error { return nil }), false},
	} {
		derived, err := client.With(tc.opt)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			for _, c := range []*passwords.Client{client, derived} {
				if _, err := c.ListUserPasswords(t.Context(), passwords.Self()); err != nil {
					t.Errorf("%s: %v", tc.name, err)
				}
			}
		}
		if tc.anew {
			want++
		}
		if got := server.Calls(gen.OperationLogin); got != want {
			t.Fatalf("%s: %d logins, want %d", tc.name, got, want)
		}
	}
	other, err := client.With(passwords.WithChannel("pos")) // where another password counts
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.ListUserPasswords(t.Context(), passwords.Self()); !passwords.IsCode(err, passwords.CodeLogin) {
		t.Errorf("in another channel: %v", err)
	}
	if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); err != nil {
		t.Errorf("after a login in another channel: %v", err)
	}
}

// TestLoginIsRefusedAtRenewal: the error is that of the login, not of the session.
func TestLoginIsRefusedAtRenewal(t *testing.T) {
	t.Parallel()
	for _, op := range testkit.Operations() {
		w, logins := new(testkit.Wire), 0
		url := testkit.Serve(t, loginServer(w, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if logins++; logins == 1 {
				testkit.JSON(200, `{"sessionToken":"`+testkit.Token+`"}`).ServeHTTP(rw, r)
				return
			}
			testkit.JSON(401, `{"code":"login"}`).ServeHTTP(rw, r)
		}), testkit.LoggedOut))
		client := testkit.NewClient(t, url, anasLogin)
		for range 3 {
			_, err := op.Do(t.Context(), client)
			var e *passwords.Error
			if !errors.As(err, &e) || e.Operation != "login" || e.Code != passwords.CodeLogin || errors.Is(err, passwords.ErrOutcomeUnknown) || w.Count() != 3 {
				t.Errorf("%s: %d requests, got %v", op.ID, w.Count(), err)
			}
		}
	}
}

// TestLoginOfATokenThatIsRefusedAtOnce does not loop.
func TestLoginOfATokenThatIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	w := new(testkit.Wire)
	client := testkit.NewClient(t, testkit.Serve(t, loginServer(w, testkit.JSON(200, `{"sessionToken":"`+testkit.Token+`"}`), testkit.LoggedOut)), anasLogin)
	if err := enable(t.Context(), client); !passwords.IsCode(err, passwords.CodeLoggedOut) || w.Count() > 3 {
		t.Errorf("%d requests, got %v", w.Count(), err)
	}
}

// TestLoginKeepsItsAuthentication: editors may not change it, and see no values of
// the call.
func TestLoginKeepsItsAuthentication(t *testing.T) {
	t.Parallel()
	type key struct{}
	w := new(testkit.Wire)
	url := testkit.Serve(t, loginServer(w, testkit.JSON(200, `{"sessionToken":"`+testkit.Token+`"}`), testkit.NoContent))
	for _, header := range []string{"Authorization", "Session-Token", "Access-Client-Token"} {
		client := testkit.NewClient(t, url, anasLogin, passwords.WithRequestEditor(func(ctx context.Context, r *http.Request) error {
			if ctx.Value(key{}) != nil {
				t.Error("the editor of a login sees a value of the call's context")
			}
			r.Header.Set(header, "another")
			return nil
		}))
		err := enable(context.WithValue(t.Context(), key{}, "ana"), client)
		testkit.WantRejected(t, w, err, "login", "another")
	}
}

func TestLogout(t *testing.T) {
	t.Parallel()
	password := passwords.NewSecret(cyclostest.AnaPassword)
	token := passwords.NewSecret(cyclostest.AnaSession)
	var told []string
	source := func(_ context.Context, expired passwords.Secret) (passwords.Secret, error) {
		told = append(told, expired.Reveal())
		return token, nil
	}
	for name, tc := range map[string]struct {
		opt     passwords.Option
		logouts int  // that arrive for two calls of Logout
		after   bool // whether the client can still be used
		matches error
	}{
		"login":         {passwords.WithLogin(cyclostest.Ana, password), 1, true, nil},
		"session":       {passwords.WithSessionToken(passwords.NewSecret(cyclostest.AnaSession)), 1, false, nil},
		"source":        {passwords.WithSessionTokenSource(source), 1, false, nil},
		"basic":         {passwords.WithBasicAuth(cyclostest.Ana, password), 0, true, passwords.ErrInvalidArgument},
		"access client": {passwords.WithAccessClientToken(passwords.NewSecret(cyclostest.AnaClientToken)), 0, true, passwords.ErrInvalidArgument},
		"none":          {passwords.WithTimeout(time.Minute), 0, false, passwords.ErrUnauthorized},
	} {
		server := cyclostest.Start(t)
		client := testkit.NewClient(t, server.URL, tc.opt)
		list := func() error {
			_, err := client.ListUserPasswords(t.Context(), passwords.Self())
			return err
		}
		if err := list(); (err == nil) != (name != "none") {
			t.Fatalf("%s: %v", name, err)
		}
		for range 2 {
			err := client.Logout(t.Context())
			var e *passwords.Error
			if !errors.Is(err, tc.matches) || err != nil && (!errors.As(err, &e) || e.Operation != "logout") {
				t.Errorf("%s: got %v", name, err)
			}
		}
		if got := server.Calls(gen.OperationLogout); got != tc.logouts {
			t.Errorf("%s: %d logouts, want %d", name, got, tc.logouts)
		}
		if err := list(); (err == nil) != tc.after || !tc.after && !errors.Is(err, passwords.ErrUnauthorized) {
			t.Errorf("%s: the next call: %v", name, err)
		}
		if want := map[string]int{"login": 2}[name]; server.Calls(gen.OperationLogin) != want {
			t.Errorf("%s: %d logins, want %d", name, server.Calls(gen.OperationLogin), want)
		}
	}
	// Two Logouts and a call ask for the token; the call learns of its end.
	if want := []string{"", "", "", "", cyclostest.AnaSession}; !slices.Equal(told, want) {
		t.Errorf("the source was asked %d times, want %d", len(told), len(want))
	}
}

// TestLogoutByResponse covers what servers send. A Logout that failed can be
// repeated.
func TestLogoutByResponse(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		reply   testkit.Reply
		matches error
		unknown bool
	}{
		"204":          {testkit.NoContent, nil, false},
		"200":          {testkit.Reply{Status: 200}, nil, false},
		"200 and JSON": {testkit.JSON(200, `{}`), nil, false},
		"already gone": {testkit.LoggedOut, nil, false},
		"page":         {testkit.Reply{Status: 200, Body: "<html>"}, passwords.ErrUnexpectedResponse, true},
		"403":          {testkit.JSON(403, `{"code":"permissionDenied"}`), passwords.ErrForbidden, false},
		"502":          {testkit.Reply{Status: 502}, passwords.ErrServer, true},
	} {
		w := new(testkit.Wire)
		other := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodDelete {
				tc.reply.ServeHTTP(rw, r)
				return
			}
			testkit.JSON(200, `{"sessionToken":"`+testkit.Token+`"}`).ServeHTTP(rw, r)
		})
		var log logBuffer
		client := testkit.NewClient(t, testkit.Serve(t, loginServer(w, other, testkit.NoContent)), anasLogin, passwords.WithLogger(textLogger(&log)))
		if err := client.Logout(t.Context()); err != nil || w.Count() != 0 {
			t.Errorf("%s: without a session: %d requests, %v", name, w.Count(), err)
		}
		if err := enable(t.Context(), client); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			err := client.Logout(t.Context())
			if !errors.Is(err, tc.matches) || tc.matches != nil && errors.Is(err, passwords.ErrOutcomeUnknown) != tc.unknown {
				t.Errorf("%s: got %v", name, err)
			}
		}
		want := 3
		if tc.matches != nil {
			want = 4
		}
		if lines := log.lines(); strings.Contains(lines[2], "level=WARN") != (tc.matches != nil || name == "already gone") {
			t.Errorf("%s: logged %q", name, lines[2])
		}
		got := w.All()
		if len(got) != want || got[2].Method != "DELETE" || got[2].URI != "/api/auth/session" || got[2].Header.Get("Session-Token") != testkit.Token || got[2].Header.Get("Authorization") != "" {
			t.Errorf("%s: %d requests arrived, want %d", name, len(got), want)
		}
	}
	var none *passwords.Client
	if err := none.Logout(t.Context()); !errors.Is(err, passwords.ErrInvalidArgument) {
		t.Errorf("without a client: %v", err)
	}
}

// TestLoginShowsNoSecret in a log or a printed client, also after a login.
func TestLoginShowsNoSecret(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	w := new(testkit.Wire)
	client := testkit.NewClient(t, testkit.Serve(t, loginServer(w, testkit.JSON(200, `{"sessionToken":"`+testkit.Token+`"}`), testkit.NoContent)),
		anasLogin, passwords.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	if err := enable(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	printed := fmt.Sprintf("%v %+v %#v %s", client, client, *client, log.String())
	for _, secret := range []string{testkit.Token, testkit.Password, base64.StdEncoding.EncodeToString([]byte("ana:" + testkit.Password))} {
		if strings.Contains(printed, secret) {
			t.Error("a secret is shown")
		}
	}
}

package passwords_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// errRefused is an error that cannot be compared, like those of some validators.
type errRefused []string

func (e errRefused) Error() string { return strings.Join(e, " ") }

// TestOutcomeIsUnknownBehindASecondWay covers transports that first fail to connect,
// which the trace reports, and then write the request in a way that the trace does not
// report. The request looks unsent and was sent.
func TestOutcomeIsUnknownBehindASecondWay(t *testing.T) {
	t.Parallel()
	nowhere := testkit.UnusedAddress(t)
	probe := func(t *testing.T, ctx context.Context) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+nowhere, nil)
		if err != nil {
			t.Error(err)
			return
		}
		if resp, err := testkit.NewTransport(t).RoundTrip(req); err == nil {
			_ = resp.Body.Close()
			t.Error("got a response from an unused address")
		}
	}
	lost := errors.New("lost")
	for _, op := range testkit.Operations() {
		if op.Method == http.MethodGet {
			continue
		}
		for name, opts := range map[string]func(write func() error) []passwords.Option{
			"a transport with a fallback": func(write func() error) []passwords.Option {
				return []passwords.Option{passwords.WithHTTPClient(&http.Client{Transport: testkit.RoundTripper(func(r *http.Request) (*http.Response, error) {
					probe(t, r.Context())
					return nil, write()
				})})}
			},
			"a doer that connects after writing": func(write func() error) []passwords.Option {
				return []passwords.Option{passwords.WithDoer(testkit.DoerFunc(func(r *http.Request) (*http.Response, error) {
					err := write()
					probe(t, r.Context())
					return nil, err
				}))}
			},
			"a doer with a fallback": func(write func() error) []passwords.Option {
				return []passwords.Option{passwords.WithDoer(testkit.DoerFunc(func(r *http.Request) (*http.Response, error) {
					probe(t, r.Context())
					return nil, write()
				}))}
			},
			"an editor with requests of its own": func(write func() error) []passwords.Option {
				return []passwords.Option{
					passwords.WithRequestEditor(func(ctx context.Context, r *http.Request) error {
						probe(t, ctx)
						probe(t, r.Context())
						return nil
					}),
					passwords.WithDoer(testkit.DoerFunc(func(*http.Request) (*http.Response, error) { return nil, write() })),
				}
			},
		} {
			written := 0
			client := testkit.NewClient(t, "http://"+nowhere, append(opts(func() error { written++; return lost }),
				passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithRetries(2))...)
			_, err := op.Do(t.Context(), client)
			if written != 1 || !errors.Is(err, lost) || !errors.Is(err, passwords.ErrOutcomeUnknown) {
				t.Errorf("%s: %s: written %d times: %v", name, op.ID, written, err)
			}
		}
	}
}

// TestOutcomeIsKnownWithoutAConnection covers requests that were not sent.
func TestOutcomeIsKnownWithoutAConnection(t *testing.T) {
	t.Parallel()
	nowhere := testkit.UnusedAddress(t)
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	wrapped := testkit.RoundTripper(testkit.NewTransport(t).RoundTrip)
	for _, op := range testkit.Operations() {
		for name, tc := range map[string]struct {
			ctx  context.Context
			opts []passwords.Option
		}{
			"nobody listens":                        {t.Context(), nil},
			"nobody listens, the transport wrapped": {t.Context(), []passwords.Option{passwords.WithHTTPClient(&http.Client{Transport: wrapped})}},
			"nobody listens, a doer":                {t.Context(), []passwords.Option{passwords.WithDoer(testkit.DoerFunc(wrapped))}},
			"a canceled context":                    {canceled, nil},
			"a canceled context, a doer":            {canceled, []passwords.Option{passwords.WithDoer(testkit.DoerFunc(wrapped))}},
		} {
			client := testkit.NewClient(t, "http://"+nowhere, append(tc.opts, passwords.WithSessionToken(passwords.NewSecret(testkit.Token)))...)
			// A transport other than that of net/http may have sent it in another way.
			unknown := op.Method != http.MethodGet && len(tc.opts) > 0 && tc.ctx.Err() == nil
			if _, err := op.Do(tc.ctx, client); err == nil || errors.Is(err, passwords.ErrOutcomeUnknown) != unknown {
				t.Errorf("%s: %s: got %v", name, op.ID, err)
			}
		}
	}
}

// TestOutcomeOfRequestsThatTheCallerStops checks that errors of the token source and of
// editors are not retried.
func TestOutcomeOfRequestsThatTheCallerStops(t *testing.T) {
	t.Parallel()
	nested := func() error { // an error of this package about a lost connection
		client, err := passwords.New("http://localhost", passwords.WithRetries(0), passwords.WithSessionToken(passwords.NewSecret(testkit.Token)),
			passwords.WithDoer(testkit.DoerFunc(func(*http.Request) (*http.Response, error) { return nil, errors.New("lost") })))
		if err != nil {
			return err
		}
		_, err = client.ListUserPasswords(t.Context(), passwords.Self())
		return err
	}()
	for name, refusal := range map[string]error{"plain": errors.New("mine"), "of this package": nested, "not comparable": errRefused{"mine"}} {
		for _, op := range testkit.Operations() {
			synctest.Test(t, func(t *testing.T) {
				asked, edited := 0, 0
				doer := passwords.WithDoer(testkit.DoerFunc(func(*http.Request) (*http.Response, error) {
					t.Errorf("%s: %s was sent", name, op.ID)
					return nil, errors.New("sent")
				}))
				for _, opts := range [][]passwords.Option{
					{doer, passwords.WithSessionTokenSource(func(context.Context, passwords.Secret) (passwords.Secret, error) {
						asked++
						return passwords.Secret{}, refusal
					})},
					{doer, passwords.WithRequestEditor(func(context.Context, *http.Request) error {
						edited++
						return refusal
					})},
				} {
					client, err := passwords.New("http://localhost", opts...)
					if err != nil {
						t.Fatal(err)
					}
					if _, err := op.Do(t.Context(), client); err == nil || errors.Is(err, passwords.ErrOutcomeUnknown) {
						t.Errorf("%s: %s: got %v", name, op.ID, err)
					}
				}
				if asked != 1 || edited != 1 {
					t.Errorf("%s: %s: the source was called %d times, the editor %d times, want 1", name, op.ID, asked, edited)
				}
			})
		}
	}
}

// TestOutcomeNeedsNoIdempotencyKey sets the headers that make net/http retry a POST,
// even without a value.
func TestOutcomeNeedsNoIdempotencyKey(t *testing.T) {
	t.Parallel()
	for _, header := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		for _, values := range [][]string{nil, {}, {""}, {"1"}} {
			w := testkit.NewWire(t, testkit.NoContent)
			err := testkit.NewClient(t, w.URL, passwords.WithSessionToken(passwords.NewSecret(testkit.Token)),
				passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
					r.Header[header] = values
					return nil
				})).EnablePassword(t.Context(), passwords.Principal("ana"), "login")
			if !errors.Is(err, passwords.ErrInvalidArgument) || errors.Is(err, passwords.ErrOutcomeUnknown) || w.Count() != 0 {
				t.Errorf("%s with %d values: %d requests, %v", header, len(values), w.Count(), err)
			}
		}
	}
}

// TestOutcomeOfUnsendableRequests covers edits with which net/http would refuse a
// request before it requests a connection.
func TestOutcomeOfUnsendableRequests(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, tc := range map[string]struct {
		edit func(*http.Request)
		want error
	}{
		"header with a line break": {func(r *http.Request) { r.Header["X"] = []string{"leak-me\r\n"} }, passwords.ErrInvalidArgument},
		"method":                   {func(r *http.Request) { r.Method = "leak-me " }, passwords.ErrInvalidArgument},
		"no URL":                   {func(r *http.Request) { r.URL = nil }, passwords.ErrInvalidArgument},
		"scheme":                   {func(r *http.Request) { r.URL.Scheme = "leak-me" }, passwords.ErrInvalidArgument},
		"no host":                  {func(r *http.Request) { r.URL.Host = "" }, passwords.ErrInvalidArgument},
		"ended context":            {func(r *http.Request) { *r = *r.WithContext(ended) }, context.Canceled},
	} {
		for _, op := range testkit.Operations() {
			for _, opts := range [][]passwords.Option{
				nil,
				{passwords.WithHTTPClient(&http.Client{Transport: testkit.NewTransport(t)})},
				{passwords.WithDoer(testkit.DoerFunc(func(*http.Request) (*http.Response, error) { return nil, errors.New("sent") }))},
			} {
				edited := 0
				client := testkit.NewClient(t, "https://cyclos.example.org/api", append(opts, passwords.WithRetries(2), passwords.WithSessionToken(passwords.NewSecret(testkit.Token)),
					passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
						edited++
						tc.edit(r)
						return nil
					}))...)
				_, err := op.Do(t.Context(), client)
				if !errors.Is(err, tc.want) || errors.Is(err, passwords.ErrOutcomeUnknown) || edited != 1 || strings.Contains(err.Error(), "leak-me") {
					t.Errorf("%s: %s: %d attempts, got %v", name, op.ID, edited, err)
				}
			}
		}
	}
}

// TestErrorsOfEditorsComeBeforeTheContext has an editor cancel the context and fail.
func TestErrorsOfEditorsComeBeforeTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	mine := errors.New("mine")
	w := testkit.NewWire(t, testkit.NoContent)
	err := testkit.NewClient(t, w.URL, passwords.WithRequestEditor(func(context.Context, *http.Request) error {
		cancel()
		return mine
	})).EnablePassword(ctx, passwords.Principal("ana"), "login")
	if !errors.Is(err, mine) || errors.Is(err, context.Canceled) || errors.Is(err, passwords.ErrOutcomeUnknown) || w.Count() != 0 {
		t.Errorf("%d requests, got %v", w.Count(), err)
	}
}

// TestHeadersAreIndependent has an editor append to each header. They share an array,
// and must not overwrite each other.
func TestHeadersAreIndependent(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.NoContent)
	client := testkit.NewClient(t, w.URL, passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithChannel("pos"),
		passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
			for name, values := range r.Header {
				r.Header[name] = append(values, "added to "+name)
			}
			delete(r.Header, "Session-Token")
			r.Header.Set("Session-Token", testkit.Token)
			r.Header["Channel"][0] = "changed"
			return nil
		}))
	for range 2 {
		if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
			t.Fatal(err)
		}
	}
	for _, got := range w.All() {
		if got.Header["Channel"][0] != "changed" || got.Header["Channel"][1] != "added to Channel" ||
			got.Header["Accept"][0] != "application/json" || got.Header["Accept"][1] != "added to Accept" ||
			got.Header.Get("User-Agent") != "cyclos-go-passwords" || len(got.Header["Session-Token"]) != 1 {
			t.Error("the headers differ")
		}
	}
}

// TestBrokenOffErrorsAreNotRepeated unless their status is retried.
func TestBrokenOffErrorsAreNotRepeated(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]int{200: 3, 300: 1, 404: 1, 500: 1, 503: 3} {
		synctest.Test(t, func(t *testing.T) {
			sent := 0
			client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
				sent++
				resp := testkit.TextResponse(io.NopCloser(io.MultiReader(strings.NewReader("{"), iotest.ErrReader(io.ErrUnexpectedEOF))))
				resp.StatusCode = status
				return resp, nil
			}, passwords.WithRetries(2))
			if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); err == nil || sent != want {
				t.Errorf("%d: %d requests, want %d: %v", status, sent, want, err)
			}
		})
	}
}

// TestBrokenOffErrorsTellTheirCode if it was received.
func TestBrokenOffErrorsTellTheirCode(t *testing.T) {
	t.Parallel()
	client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
		body := io.NopCloser(io.MultiReader(strings.NewReader(`{"code":"login"}`), iotest.ErrReader(io.ErrUnexpectedEOF)))
		return &http.Response{StatusCode: 401, Header: http.Header{"Content-Type": {"application/json"}}, Body: body}, nil
	})
	err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
	if !passwords.IsCode(err, passwords.CodeLogin) || !errors.Is(err, passwords.ErrUnauthorized) {
		t.Errorf("got %v", err)
	}
}

// TestTimeoutIsThirtySecondsByDefault for each attempt.
func TestTimeoutIsThirtySecondsByDefault(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var left []time.Duration
		client := testkit.NewClientOver(t, func(r *http.Request) (*http.Response, error) {
			deadline, _ := r.Context().Deadline()
			left = append(left, time.Until(deadline))
			return &http.Response{StatusCode: 503}, nil
		}, passwords.WithRetries(1))
		_, _ = client.ListUserPasswords(t.Context(), passwords.Self())
		if want := []time.Duration{30 * time.Second, 30 * time.Second}; !slices.Equal(left, want) {
			t.Errorf("got %v, want %v", left, want)
		}
	})
}

// TestTimeoutOfTheHTTPClientCounts if it is shorter than WithTimeout.
func TestTimeoutOfTheHTTPClientCounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		far := errors.New("far deadline")
		waiting := testkit.RoundTripper(func(r *http.Request) (*http.Response, error) {
			if deadline, ok := r.Context().Deadline(); !ok || time.Until(deadline) > time.Second {
				return nil, far
			}
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		for name, tc := range map[string]struct {
			timeout time.Duration
			opts    []passwords.Option
			want    error
		}{
			"beside the default":  {time.Millisecond, nil, context.DeadlineExceeded},
			"beside none":         {time.Millisecond, []passwords.Option{passwords.WithTimeout(0)}, context.DeadlineExceeded},
			"beside a longer one": {time.Millisecond, []passwords.Option{passwords.WithTimeout(time.Hour)}, context.DeadlineExceeded},
			"beside a shorter one": {time.Hour, []passwords.Option{passwords.WithTimeout(time.Millisecond)},
				context.DeadlineExceeded},
			"longer than all": {time.Hour, nil, far},
		} {
			opts := append(tc.opts, passwords.WithHTTPClient(&http.Client{Transport: waiting, Timeout: tc.timeout}))
			err := testkit.NewClient(t, "https://cyclos.example.org/api", opts...).EnablePassword(t.Context(), passwords.UserID("1"), "login")
			if !errors.Is(err, tc.want) {
				t.Errorf("%s: got %v, want %v", name, err, tc.want)
			}
		}
	})
}

// TestDerivedClientsKeepTheBounds of the original client. Setting one bound keeps the
// others.
func TestDerivedClientsKeepTheBounds(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		derive []passwords.Option
		left   time.Duration
		sent   int
		fits   int
	}{
		"nothing":        {nil, time.Minute, 2, 8},
		"something else": {[]passwords.Option{passwords.WithChannel("pos")}, time.Minute, 2, 8},
		"timeout":        {[]passwords.Option{passwords.WithTimeout(time.Hour)}, time.Hour, 2, 8},
		"retries":        {[]passwords.Option{passwords.WithRetries(0)}, time.Minute, 1, 8},
		"bytes":          {[]passwords.Option{passwords.WithMaxResponseBytes(9)}, time.Minute, 2, 9},
	} {
		synctest.Test(t, func(t *testing.T) {
			sent, body := 0, ""
			client, err := testkit.NewClientOver(t, func(r *http.Request) (*http.Response, error) {
				sent++
				if deadline, _ := r.Context().Deadline(); time.Until(deadline) != tc.left {
					t.Errorf("%s: %s left, want %s", name, time.Until(deadline), tc.left)
				}
				if body == "" {
					return &http.Response{StatusCode: 503}, nil
				}
				return testkit.TextResponse(io.NopCloser(strings.NewReader(body))), nil
			}, passwords.WithTimeout(time.Minute), passwords.WithRetries(1), passwords.WithMaxResponseBytes(8)).With(tc.derive...)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); err == nil || sent != tc.sent {
				t.Errorf("%s: %d requests, want %d: %v", name, sent, tc.sent, err)
			}
			body = strings.Repeat("x", tc.fits)
			if _, err := client.GeneratePassword(t.Context(), "pin"); err != nil {
				t.Errorf("%s: got %v", name, err)
			}
			body += "x"
			if _, err := client.GeneratePassword(t.Context(), "pin"); !errors.Is(err, passwords.ErrResponseTooLarge) {
				t.Errorf("%s: got %v", name, err)
			}
		})
	}
}

// logBuffer is a buffer that is safe for concurrent use.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Collect(strings.Lines(l.b.String()))
}

// untimed removes the time, which differs from run to run.
func untimed(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}

func textLogger(out io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{ReplaceAttr: untimed}))
}

func jsonLogger(out io.Writer) *slog.Logger {
	return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{ReplaceAttr: untimed}))
}

// pipes is a network for synctest bubbles, in which sockets would stop the clock.
type pipes chan net.Conn

func (p pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p <- server:
		return client, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// logged is the response to an attempt and its delay. Status 0 closes the
// connection instead.
type logged struct {
	status int
	after  time.Duration
	body   string
	kind   string // of the failure
}

// line returns the line of the attempt with the number.
func (a logged) line(format, operation, method, path string, number int) string {
	level, failure := "INFO", ""
	duration := a.after.String()
	if format == jsonLine {
		duration = fmt.Sprint(a.after.Nanoseconds())
	}
	switch {
	case a.kind != "" && format == jsonLine:
		level, failure = "WARN", fmt.Sprintf(`,"failure":%q`, a.kind)
	case strings.Contains(a.kind, " "):
		level, failure = "WARN", fmt.Sprintf(" failure=%q", a.kind)
	case a.kind != "":
		level, failure = "WARN", " failure="+a.kind
	}
	return fmt.Sprintf(format, level, operation, method, path, a.status, duration, number, failure)
}

const (
	textLine = "level=%s msg=\"cyclos passwords request\" operation=%s method=%s path=%s status=%d duration=%s attempt=%d%s\n"
	jsonLine = `{"level":%q,"msg":"cyclos passwords request","operation":%q,"method":%q,"path":%q,"status":%d,"duration":%s,"attempt":%d%s}` + "\n"
)

// loggedClient returns a client for a synctest bubble. Its server sends the
// responses in turn, each on its own connection.
func loggedClient(t *testing.T, attempts []logged, opts ...passwords.Option) *passwords.Client {
	t.Helper()
	conns := make(pipes)
	var serving sync.WaitGroup
	serving.Go(func() {
		for _, attempt := range attempts {
			conn, ok := <-conns
			if !ok {
				t.Errorf("fewer than %d requests arrived", len(attempts))
				return
			}
			if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
				t.Errorf("reading the request: %T", err)
			}
			<-time.After(attempt.after)
			if attempt.status != 0 {
				_, _ = fmt.Fprintf(conn, "HTTP/1.1 %d X\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
					attempt.status, len(attempt.body), attempt.body)
			}
			_ = conn.Close()
		}
	})
	t.Cleanup(func() { close(conns); serving.Wait() })
	transport := &http.Transport{DialContext: conns.dial, DisableKeepAlives: true}
	opts = append(opts, passwords.WithInsecureHTTP(), passwords.WithHTTPClient(&http.Client{Transport: transport}))
	client, err := passwords.New("http://cyclos.example/api", opts...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// TestLogLines pins the bytes of the lines. The durations are exact because the clock
// is that of a synctest bubble.
func TestLogLines(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	session, loggedOut := passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), `{"code":"loggedOut"}`
	asked := 0
	source := passwords.WithSessionTokenSource(func(context.Context, passwords.Secret) (passwords.Secret, error) {
		asked++
		return passwords.NewSecret(fmt.Sprint(testkit.Token, asked)), nil
	})
	for name, tc := range map[string]struct {
		auth     passwords.Option
		change   bool
		attempts []logged
	}{
		"success":                 {session, false, []logged{{200, 250 * ms, `[]`, ""}}},
		"change":                  {session, true, []logged{{204, 2 * ms, "", ""}}},
		"error":                   {session, false, []logged{{403, 0, `{"code":"permissionDenied"}`, "forbidden"}}},
		"invalid response":        {session, false, []logged{{200, ms, `<html>`, "unexpected response"}}},
		"too large a response":    {session, false, []logged{{200, ms, strings.Repeat(" ", 1<<20+1), "the response is too large"}}},
		"other status":            {session, true, []logged{{200, ms, "", "unexpected status"}}},
		"no response to a change": {session, true, []logged{{0, 3 * time.Second, "", "connection broke off"}}},
		"unavailable to a change": {session, true, []logged{{503, ms, "", "service unavailable"}}},
		"retries":                 {session, false, []logged{{503, ms, "", "service unavailable"}, {0, 2 * ms, "", "connection broke off"}, {200, 3 * ms, `[]`, ""}}},
		"retries used up":         {session, false, []logged{{429, 0, "", "too many requests"}, {502, ms, "", "server error"}, {504, 0, "", "server error"}}},
		"renewal":                 {source, true, []logged{{401, ms, loggedOut, "unauthorized"}, {204, 2 * ms, "", ""}}},
		"renewal among retries":   {source, false, []logged{{502, ms, "", "server error"}, {401, 2 * ms, loggedOut, "unauthorized"}, {200, 3 * ms, `[]`, ""}}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var text, object logBuffer
				var wantText, wantObject []string
				for _, logger := range []*slog.Logger{textLogger(&text), jsonLogger(&object)} {
					client := loggedClient(t, tc.attempts, tc.auth, passwords.WithLogger(logger))
					if tc.change {
						_ = client.EnablePassword(t.Context(), passwords.Principal("leak-me"), "leak-me")
					} else {
						_, _ = client.ListUserPasswords(t.Context(), passwords.Principal("leak-me"), "leak-me")
					}
				}
				operation, method, path := "listUserPasswords", "GET", "/{user}/passwords"
				if tc.change {
					operation, method, path = "enablePassword", "POST", "/{user}/passwords/{type}/enable"
				}
				for i, attempt := range tc.attempts {
					wantText = append(wantText, attempt.line(textLine, operation, method, path, i+1))
					wantObject = append(wantObject, attempt.line(jsonLine, operation, method, path, i+1))
				}
				if got := text.lines(); !slices.Equal(got, wantText) {
					t.Errorf("got %q, want %q", got, wantText)
				}
				if got := object.lines(); !slices.Equal(got, wantObject) {
					t.Errorf("got %q, want %q", got, wantObject)
				}
			})
		})
	}
}

// TestLogLinesOfUnsentRequests: an attempt without a response has the status 0.
func TestLogLinesOfUnsentRequests(t *testing.T) {
	t.Parallel()
	mine := errors.New("leak-me")
	silent := func(r *http.Request) (*http.Response, error) { <-r.Context().Done(); return nil, r.Context().Err() }
	for name, tc := range map[string]struct {
		opt  passwords.Option
		want logged
	}{
		"source":  {passwords.WithSessionTokenSource(func(context.Context, passwords.Secret) (passwords.Secret, error) { return passwords.Secret{}, mine }), logged{kind: "not sent"}},
		"editor":  {passwords.WithRequestEditor(func(context.Context, *http.Request) error { return mine }), logged{kind: "not sent"}},
		"timeout": {passwords.WithTimeout(time.Second), logged{after: time.Second, kind: "timeout"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out logBuffer
				client := testkit.NewClient(t, "https://cyclos.example/api", tc.opt, passwords.WithDoer(testkit.DoerFunc(silent)), passwords.WithLogger(textLogger(&out)))
				_, _ = client.GeneratePassword(t.Context(), "leak-me")
				want := tc.want.line(textLine, "generatePassword", "POST", "/passwords/{type}/generate", 1)
				if got := out.lines(); len(got) != 1 || got[0] != want {
					t.Errorf("got %q, want %q", got, want)
				}
			})
		})
	}
	t.Run("refused argument", func(t *testing.T) {
		var out logBuffer
		client := testkit.NewClient(t, "https://cyclos.example/api", passwords.WithLogger(textLogger(&out)))
		if _, err := client.GeneratePassword(t.Context(), ".."); err == nil || len(out.lines()) != 0 {
			t.Errorf("got %v and %d lines: there was no attempt", err, len(out.lines()))
		}
	})
}

// TestLogHoldsNothingElse has each operation succeed and fail with each kind of
// authentication, and checks all keys and values of the lines.
func TestLogHoldsNothingElse(t *testing.T) {
	t.Parallel()
	keys := []string{"attempt", "duration", "level", "method", "msg", "operation", "path", "status"}
	secrets := []string{testkit.Token, testkit.OldPassword, testkit.NewPassword, testkit.GeneratedPassword, testkit.ConfirmationPassword, testkit.Password, "YW5hO", "leak", "ana", "login", "-42", "cyclos-go", "127.0.0.1", "internalName", "email"}
	failed := testkit.JSON(422, `{"code":"validation","properties":["leak"],"propertyErrors":{"newPassword":["leak"]}}`)
	for name, auth := range testkit.Authentications() {
		for _, op := range testkit.Operations() {
			for _, reply := range []testkit.Reply{op.OK, failed} {
				var text, object logBuffer
				w := testkit.NewWire(t, reply)
				for _, logger := range []*slog.Logger{textLogger(&text), jsonLogger(&object)} {
					_, err := op.Do(t.Context(), testkit.NewClient(t, w.URL, auth.Option, passwords.WithLogger(logger)))
					if (err == nil) != (reply.Status < 300) {
						t.Fatalf("%s: %s: %d: got %v", name, op.ID, reply.Status, err)
					}
				}
				if len(text.lines()) != 1 || len(object.lines()) != 1 {
					t.Fatalf("%s: %s: %d and %d lines, want 1 each", name, op.ID, len(text.lines()), len(object.lines()))
				}
				var line map[string]any
				if err := json.Unmarshal([]byte(object.lines()[0]), &line); err != nil {
					t.Fatal(err)
				}
				want, level, failure := keys, "INFO", any(nil)
				if reply.Status == failed.Status {
					want, level, failure = slices.Insert(slices.Clone(keys), 2, "failure"), "WARN", "invalid input"
				}
				if got := slices.Sorted(maps.Keys(line)); !slices.Equal(got, want) {
					t.Errorf("%s: %s: got the keys %v, want %v", name, op.ID, got, want)
				}
				if line["level"] != level || line["failure"] != failure || line["operation"] != op.ID || line["method"] != op.Method || line["path"] != op.Path || line["status"] != float64(reply.Status) {
					t.Errorf("%s: %s: a value differs", name, op.ID)
				}
				for i, secret := range secrets {
					if strings.Contains(text.lines()[0]+object.lines()[0], secret) {
						t.Errorf("%s: %s: the line shows secret %d", name, op.ID, i)
					}
				}
			}
		}
	}
}

// handlerFunc is a function as a slog.Handler.
type handlerFunc func(context.Context, slog.Record) error

func (handlerFunc) Enabled(context.Context, slog.Level) bool          { return true }
func (f handlerFunc) Handle(ctx context.Context, r slog.Record) error { return f(ctx, r) }
func (f handlerFunc) WithAttrs([]slog.Attr) slog.Handler              { return f }
func (f handlerFunc) WithGroup(string) slog.Handler                   { return f }

// TestLogHandlersAreTheCallers: a handler that blocks, panics or fails affects only
// the call that logs.
func TestLogHandlersAreTheCallers(t *testing.T) {
	t.Parallel()
	type key struct{}
	w := testkit.NewWire(t, testkit.NoContent)
	blocked, release := make(chan struct{}), make(chan struct{})
	client := testkit.NewClient(t, w.URL, passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithLogger(slog.New(handlerFunc(func(ctx context.Context, _ slog.Record) error {
		switch ctx.Value(key{}) {
		case "panic":
			panic("mine")
		case "block":
			close(blocked)
			<-release
		}
		return errors.New("leak-me")
	}))))
	call := func(what string) error {
		ctx := context.WithValue(t.Context(), key{}, what)
		return client.EnablePassword(ctx, passwords.Principal("ana"), "login")
	}
	var calls sync.WaitGroup
	calls.Go(func() {
		if err := call("block"); err != nil {
			t.Errorf("block: got %v", err)
		}
	})
	<-blocked
	func() {
		defer func() {
			if got := recover(); got != "mine" {
				t.Errorf("got %v, want the panic of the handler", got)
			}
		}()
		_ = call("panic")
	}()
	if err := call("fail"); err != nil {
		t.Errorf("an error of the handler became one of the call: %v", err)
	}
	close(release)
	calls.Wait()
	if w.Count() != 3 {
		t.Errorf("%d requests arrived, want 3", w.Count())
	}
}

func TestLogLevelIsInfo(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.NoContent)
	for level, want := range map[slog.Level]int{slog.LevelInfo: 1, slog.LevelInfo + 1: 0} {
		var out logBuffer
		logger := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: level}))
		if err := testkit.NewClient(t, w.URL, passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithLogger(logger)).EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
			t.Fatal(err)
		}
		if got := len(out.lines()); got != want {
			t.Errorf("%v: got %d lines, want %d", level, got, want)
		}
	}
}

// TestLogOfDerivedClients: With keeps the logger, or replaces it.
func TestLogOfDerivedClients(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.NoContent)
	var first, second logBuffer
	base := testkit.NewClient(t, w.URL, passwords.WithLogger(textLogger(&first)))
	for _, opts := range [][]passwords.Option{nil, {passwords.WithLogger(textLogger(&second))}} {
		client, err := base.With(append(opts, passwords.WithSessionToken(passwords.NewSecret(testkit.Token)))...)
		if err != nil {
			t.Fatal(err)
		}
		if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
			t.Fatal(err)
		}
	}
	if len(first.lines()) != 1 || len(second.lines()) != 1 {
		t.Errorf("got %d and %d lines, want 1 each", len(first.lines()), len(second.lines()))
	}
}

func TestLogIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.NoContent)
	var out logBuffer
	client := testkit.NewClient(t, w.URL, passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithLogger(jsonLogger(&out)))
	var calls sync.WaitGroup
	for range 50 {
		calls.Go(func() {
			if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
				t.Error(err)
			}
		})
	}
	calls.Wait()
	lines := out.lines()
	for _, line := range lines {
		if !json.Valid([]byte(line)) {
			t.Errorf("got %q", line)
		}
	}
	if len(lines) != 50 {
		t.Errorf("got %d lines, want 50", len(lines))
	}
}

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
	"testing/synctest"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

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
}

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
	session, loggedOut := passwords.WithSessionToken(testkit.Token), `{"code":"loggedOut"}`
	asked := 0
	source := passwords.WithSessionTokenSource(func(context.Context) (passwords.Secret, error) {
		asked++
		return passwords.NewSecret(fmt.Sprint(testkit.Token, asked)), nil
	})
	for name, tc := range map[string]struct {
		auth     passwords.Option
		change   bool
		attempts []logged
	}{
		"success":                 {session, false, []logged{{200, 250 * ms, `[]`}}},
		"change":                  {session, true, []logged{{204, 2 * ms, ""}}},
		"error":                   {session, false, []logged{{403, 0, `{"code":"permissionDenied"}`}}},
		"answer that is none":     {session, false, []logged{{200, ms, `<html>`}}},
		"no answer to a change":   {session, true, []logged{{0, 3 * time.Second, ""}}},
		"unavailable to a change": {session, true, []logged{{503, ms, ""}}},
		"retries":                 {session, false, []logged{{503, ms, ""}, {0, 2 * ms, ""}, {200, 3 * ms, `[]`}}},
		"retries used up":         {session, false, []logged{{429, 0, ""}, {502, ms, ""}, {504, 0, ""}}},
		"renewal":                 {source, true, []logged{{401, ms, loggedOut}, {204, 2 * ms, ""}}},
		"renewal among retries":   {source, false, []logged{{502, ms, ""}, {401, 2 * ms, loggedOut}, {200, 3 * ms, `[]`}}},
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
					wantText = append(wantText, fmt.Sprintf("level=INFO msg=\"cyclos passwords request\" operation=%s method=%s path=%s status=%d duration=%s attempt=%d\n",
						operation, method, path, attempt.status, attempt.after, i+1))
					wantObject = append(wantObject, fmt.Sprintf(`{"level":"INFO","msg":"cyclos passwords request","operation":%q,"method":%q,"path":%q,"status":%d,"duration":%d,"attempt":%d}`+"\n",
						operation, method, path, attempt.status, attempt.after.Nanoseconds(), i+1))
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

// TestLogLineOfWhatWasNotSent: an attempt without a response has the status 0.
func TestLogLineOfWhatWasNotSent(t *testing.T) {
	t.Parallel()
	mine := errors.New("leak-me")
	silent := func(r *http.Request) (*http.Response, error) { <-r.Context().Done(); return nil, r.Context().Err() }
	for name, tc := range map[string]struct {
		opt      passwords.Option
		duration time.Duration
	}{
		"source":  {passwords.WithSessionTokenSource(func(context.Context) (passwords.Secret, error) { return passwords.Secret{}, mine }), 0},
		"editor":  {passwords.WithRequestEditor(func(context.Context, *http.Request) error { return mine }), 0},
		"timeout": {passwords.WithTimeout(time.Second), time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out logBuffer
				client := testkit.NewClient(t, "https://cyclos.example/api", tc.opt, passwords.WithDoer(testkit.DoerFunc(silent)), passwords.WithLogger(textLogger(&out)))
				_, _ = client.GeneratePassword(t.Context(), "leak-me")
				want := fmt.Sprintf("level=INFO msg=\"cyclos passwords request\" operation=generatePassword method=POST path=/passwords/{type}/generate status=0 duration=%s attempt=1\n", tc.duration)
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
			for _, answer := range []testkit.Reply{op.OK, failed} {
				var text, object logBuffer
				w := testkit.NewWire(t, answer)
				for _, logger := range []*slog.Logger{textLogger(&text), jsonLogger(&object)} {
					_, err := op.Do(t.Context(), testkit.NewClient(t, w.URL, auth.Option, passwords.WithLogger(logger)))
					if (err == nil) != (answer.Status < 300) {
						t.Fatalf("%s: %s: %d: got %v", name, op.ID, answer.Status, err)
					}
				}
				if len(text.lines()) != 1 || len(object.lines()) != 1 {
					t.Fatalf("%s: %s: %d and %d lines, want 1 each", name, op.ID, len(text.lines()), len(object.lines()))
				}
				var line map[string]any
				if err := json.Unmarshal([]byte(object.lines()[0]), &line); err != nil {
					t.Fatal(err)
				}
				if got := slices.Sorted(maps.Keys(line)); !slices.Equal(got, keys) {
					t.Errorf("%s: %s: got the keys %v, want %v", name, op.ID, got, keys)
				}
				if line["operation"] != op.ID || line["method"] != op.Method || line["path"] != op.Path || line["status"] != float64(answer.Status) {
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
	client := testkit.NewClient(t, w.URL, passwords.WithSessionToken(testkit.Token), passwords.WithLogger(slog.New(handlerFunc(func(ctx context.Context, _ slog.Record) error {
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
		if err := testkit.NewClient(t, w.URL, passwords.WithSessionToken(testkit.Token), passwords.WithLogger(logger)).EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
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
		client, err := base.With(append(opts, passwords.WithSessionToken(testkit.Token))...)
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
	client := testkit.NewClient(t, w.URL, passwords.WithSessionToken(testkit.Token), passwords.WithLogger(jsonLogger(&out)))
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

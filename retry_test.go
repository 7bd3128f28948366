package passwords_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// newTimed returns a client with the default retries. Its server sends the replies
// in turn and repeats the last one. It records when the requests arrived.
func newTimed(t *testing.T, replies []testkit.Reply, opts ...passwords.Option) (*passwords.Client, *[]time.Time) {
	t.Helper()
	var at []time.Time
	transport := testkit.ServePipes(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reply := replies[min(len(at), len(replies)-1)]
		at = append(at, time.Now())
		reply.ServeHTTP(w, r)
	}))
	opts = append([]passwords.Option{passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithHTTPClient(&http.Client{Transport: transport})}, opts...)
	client, err := passwords.New("http://localhost/api", opts...)
	if err != nil {
		t.Fatal(err)
	}
	return client, &at
}

var passing = []int{429, 502, 503, 504}

func TestRetriesByStatus(t *testing.T) {
	t.Parallel()
	lasting := []int{201, 204, 206, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 407, 408, 409, 410, 418, 422, 423, 425, 500, 501, 505, 507, 511}
	for _, op := range testkit.Operations() {
		for _, status := range slices.Concat(passing, lasting) {
			if status == op.OK.Status {
				continue
			}
			for _, retries := range []int{-1, 0, 1, 5} {
				synctest.Test(t, func(t *testing.T) {
					var opts []passwords.Option
					want := 1
					if retries >= 0 {
						opts = append(opts, passwords.WithRetries(retries))
					}
					if op.Method == http.MethodGet && slices.Contains(passing, status) {
						want += max(retries, 0)
						if retries < 0 {
							want = 3
						}
					}
					client, at := newTimed(t, []testkit.Reply{{Status: status}}, opts...)
					start := time.Now()
					_, err := op.Do(t.Context(), client)
					var e *passwords.Error
					if !errors.As(err, &e) || e.StatusCode != status {
						t.Errorf("%s: got %v, want %d", op.ID, err, status)
					}
					if len(*at) != want {
						t.Errorf("%s: %d attempts at %d with %d retries, want %d", op.ID, len(*at), status, retries, want)
					}
					if want == 1 && time.Since(start) != 0 {
						t.Errorf("%s: waited at %d", op.ID, status)
					}
				})
			}
		}
	}
}

// TestRetriesDoNotRepeatGarbage sends malformed bodies with a successful status.
func TestRetriesDoNotRepeatGarbage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, reply := range []testkit.Reply{testkit.JSON(200, "null"), testkit.JSON(200, `{"`), testkit.Text("hello"), {Status: 200}, testkit.JSON(200, strings.Repeat(" ", 2000)+"[]")} {
			client, at := newTimed(t, []testkit.Reply{reply}, passwords.WithMaxResponseBytes(1000))
			if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); !errors.Is(err, passwords.ErrUnexpectedResponse) || len(*at) != 1 {
				t.Errorf("%d attempts, %v", len(*at), err)
			}
		}
	})
}

// TestRetriesBackOff has so many retries that doubling the delay would overflow.
func TestRetriesBackOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const retries = 100
		client, at := newTimed(t, []testkit.Reply{{Status: 503}}, passwords.WithRetries(retries))
		if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); !errors.Is(err, passwords.ErrUnavailable) {
			t.Errorf("got %v", err)
		}
		if len(*at) != 1+retries {
			t.Fatalf("%d attempts", len(*at))
		}
		different := map[time.Duration]bool{}
		full := 200 * time.Millisecond
		for i := range retries {
			wait := (*at)[i+1].Sub((*at)[i])
			different[wait] = true
			if wait < full/2 || wait >= full {
				t.Errorf("wait %d is %s, want %s to %s", i, wait, full/2, full)
			}
			full = min(2*full, 5*time.Second)
		}
		if len(different) < retries*9/10 {
			t.Errorf("only %d waits differ", len(different))
		}
	})
}

func TestRetriesHonorRetryAfter(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		value func(now time.Time) string
		want  time.Duration // 0 for the backoff, above 10 seconds for no retry
	}{
		"seconds":            {func(time.Time) string { return "7" }, 7 * time.Second},
		"the cap":            {func(time.Time) string { return "10" }, 10 * time.Second},
		"beyond the cap":     {func(time.Time) string { return "11" }, 11 * time.Second},
		"a date":             {func(now time.Time) string { return now.Add(4 * time.Second).UTC().Format(http.TimeFormat) }, 4 * time.Second},
		"a date beyond that": {func(now time.Time) string { return now.Add(time.Hour).UTC().Format(http.TimeFormat) }, time.Hour},
		"a past date":        {func(now time.Time) string { return now.Add(-time.Hour).UTC().Format(http.TimeFormat) }, 0},
		"zero":               {func(time.Time) string { return "0" }, 0},
		"negative":           {func(time.Time) string { return "-5" }, 0},
		"too large":          {func(time.Time) string { return strings.Repeat("9", 30) }, (1<<31 - 1) * time.Second},
		"no number":          {func(time.Time) string { return "soon" }, 0},
	} {
		for _, status := range passing {
			synctest.Test(t, func(t *testing.T) {
				retryLater := testkit.Reply{Status: status, Header: map[string]string{"Retry-After": tc.value(time.Now())}}
				client, at := newTimed(t, []testkit.Reply{retryLater, testkit.JSON(200, "[]")})
				_, err := client.ListUserPasswords(t.Context(), passwords.Self())
				if tc.want > 10*time.Second {
					var e *passwords.Error
					if !errors.As(err, &e) || e.StatusCode != status || e.RetryAfter != tc.want || len(*at) != 1 || time.Since((*at)[0]) != 0 {
						t.Errorf("%s: %d: %d attempts, %+v", name, status, len(*at), e)
					}
					return
				}
				if err != nil || len(*at) != 2 {
					t.Fatalf("%s: %d: %d attempts, %v", name, status, len(*at), err)
				}
				wait := (*at)[1].Sub((*at)[0])
				if tc.want != 0 && wait != tc.want || tc.want == 0 && wait >= 200*time.Millisecond {
					t.Errorf("%s: %d: waited %s", name, status, wait)
				}
			})
		}
	}
}

// TestRetriesObeyTheContext has a server that sends a Retry-After of 5 seconds.
func TestRetriesObeyTheContext(t *testing.T) {
	t.Parallel()
	replies := []testkit.Reply{{Status: 503, Header: map[string]string{"Retry-After": "5"}}}
	for name, tc := range map[string]struct {
		context func(context.Context) (context.Context, context.CancelFunc)
		want    time.Duration
		retries int
	}{
		"deadline before": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 4*time.Second)
		}, 0, 0},
		"deadline at the same time": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 5*time.Second)
		}, 0, 0},
		"deadline between two": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 7*time.Second)
		}, 5 * time.Second, 1},
		"deadline behind": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Minute)
		}, 10 * time.Second, 2},
		"canceled while waiting": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(3*time.Second, cancel)
			return ctx, cancel
		}, 3 * time.Second, 0},
	} {
		for range 20 { // because some cases race a timer against the context
			synctest.Test(t, func(t *testing.T) {
				client, at := newTimed(t, replies)
				ctx, cancel := tc.context(t.Context())
				defer cancel()
				start := time.Now()
				_, err := client.ListUserPasswords(ctx, passwords.Self())
				var e *passwords.Error
				if !errors.As(err, &e) || e.StatusCode != 503 || e.RetryAfter != 5*time.Second {
					t.Errorf("%s: got %v", name, err)
				}
				if took := time.Since(start); took != tc.want || len(*at) != 1+tc.retries {
					t.Errorf("%s: %d attempts, took %s, want %s", name, len(*at), took, tc.want)
				}
			})
		}
	}
}

// TestRetriesAreOfConnectionsOnly has doers that fail without calling the hooks of
// httptrace.
func TestRetriesAreOfConnectionsOnly(t *testing.T) {
	t.Parallel()
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	for name, tc := range map[string]struct {
		err      error
		attempts int // of safe operations
	}{
		"refused":              {refused, 3},
		"refused, with a URL":  {&url.Error{Op: "Get", URL: "http://h/", Err: refused}, 3},
		"end of file":          {io.EOF, 3},
		"anything":             {errors.New("mine"), 3},
		"certificate":          {&tls.CertificateVerificationError{Err: errors.New("expired")}, 1},
		"HTTP instead of TLS":  {http.ErrSchemeMismatch, 1},
		"deadline":             {context.DeadlineExceeded, 1},
		"deadline of a client": {fmt.Errorf("doer: %w", context.DeadlineExceeded), 1},
	} {
		for _, op := range testkit.Operations() {
			synctest.Test(t, func(t *testing.T) {
				attempts := 0
				client, err := passwords.New("http://localhost/api", passwords.WithSessionToken(passwords.NewSecret(testkit.Token)),
					passwords.WithDoer(testkit.DoerFunc(func(*http.Request) (*http.Response, error) {
						attempts++
						return nil, tc.err
					})))
				if err != nil {
					t.Fatal(err)
				}
				_, err = op.Do(t.Context(), client)
				reads := op.Method == http.MethodGet
				want := 1
				if reads {
					want = tc.attempts
				}
				if err == nil || attempts != want || errors.Is(err, passwords.ErrOutcomeUnknown) == reads {
					t.Errorf("%s: %s: %d attempts, want %d: %v", name, op.ID, attempts, want, err)
				}
			})
		}
	}
}

// TestRetriesDoNotFollowATimeout has a server that never responds.
func TestRetriesDoNotFollowATimeout(t *testing.T) {
	t.Parallel()
	for _, op := range testkit.Operations() {
		synctest.Test(t, func(t *testing.T) {
			var attempts atomic.Int32
			transport := testkit.ServePipes(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				attempts.Add(1)
				_, _ = io.Copy(io.Discard, r.Body) // or the server does not notice that the client has gone
				<-r.Context().Done()
			}))
			client, err := passwords.New("http://localhost/api", passwords.WithSessionToken(passwords.NewSecret(testkit.Token)),
				passwords.WithHTTPClient(&http.Client{Transport: transport}), passwords.WithTimeout(3*time.Second))
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			_, err = op.Do(t.Context(), client)
			if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, passwords.ErrOutcomeUnknown) == (op.Method == http.MethodGet) {
				t.Errorf("%s: got %v", op.ID, err)
			}
			if took := time.Since(start); attempts.Load() != 1 || took != 3*time.Second {
				t.Errorf("%s: %d attempts in %s", op.ID, attempts.Load(), took)
			}
		})
	}
}

// TestRetriesSendTheSameBytes refuses the first connections and compares the bodies
// that the request editor and the server see.
func TestRetriesSendTheSameBytes(t *testing.T) {
	t.Parallel()
	for _, op := range testkit.Operations() {
		synctest.Test(t, func(t *testing.T) {
			var written, asked, edited int
			var bodies [][]byte
			transport := testkit.ServePipes(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				written++
				if body, err := io.ReadAll(r.Body); err != nil || string(body) != op.Body {
					t.Errorf("%s: another body", op.ID)
				}
				if r.RequestURI != "/api"+op.URI || r.Header.Get("Session-Token") != testkit.Token {
					t.Errorf("%s: another request", op.ID)
				}
				op.OK.ServeHTTP(w, r)
			}))
			dials, dial := 0, transport.DialContext
			transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				if dials++; dials < 3 {
					return nil, errors.New("refused")
				}
				return dial(ctx, network, address)
			}
			client, err := passwords.New("http://localhost/api",
				passwords.WithHTTPClient(&http.Client{Transport: transport}),
				passwords.WithSessionTokenSource(func(context.Context, passwords.Secret) (passwords.Secret, error) {
					asked++
					return passwords.NewSecret(testkit.Token), nil
				}),
				passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
					edited++
					var body []byte
					if r.GetBody != nil {
						reader, err := r.GetBody()
						if err != nil {
							return err
						}
						body, err = io.ReadAll(reader)
						if err != nil {
							return err
						}
					}
					bodies = append(bodies, body)
					return nil
				}))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := op.Do(t.Context(), client); err != nil {
				t.Errorf("%s: got %v", op.ID, err)
			}
			if written != 1 || asked != 3 || edited != 3 || dials != 3 {
				t.Errorf("%s: written %d, asked %d, edited %d, dialed %d times", op.ID, written, asked, edited, dials)
			}
			for _, body := range bodies {
				if !bytes.Equal(body, []byte(op.Body)) {
					t.Errorf("%s: an attempt has another body", op.ID)
				}
			}
		})
	}
}

package passwords_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
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
				passwords.WithSessionToken(testkit.Token), passwords.WithRetries(2))...)
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
			client := testkit.NewClient(t, "http://"+nowhere, append(tc.opts, passwords.WithSessionToken(testkit.Token))...)
			// A transport other than that of net/http may have sent it in another way.
			unknown := op.Method != http.MethodGet && len(tc.opts) > 0 && tc.ctx.Err() == nil
			if _, err := op.Do(tc.ctx, client); err == nil || errors.Is(err, passwords.ErrOutcomeUnknown) != unknown {
				t.Errorf("%s: %s: got %v", name, op.ID, err)
			}
		}
	}
}

// TestOutcomeOfWhatTheCallerRefuses checks that errors of the token source and of
// editors are not retried.
func TestOutcomeOfWhatTheCallerRefuses(t *testing.T) {
	t.Parallel()
	nested := func() error { // an error of this package about a lost connection
		client, err := passwords.New("http://localhost", passwords.WithRetries(0), passwords.WithSessionToken(testkit.Token),
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
					{doer, passwords.WithSessionTokenSource(func(context.Context) (passwords.Secret, error) {
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
			err := testkit.NewClient(t, w.URL, passwords.WithSessionToken(testkit.Token),
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
	client := testkit.NewClient(t, w.URL, passwords.WithSessionToken(testkit.Token), passwords.WithChannel("pos"),
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

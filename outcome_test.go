package passwords_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// errRefused fails as a value that cannot be compared, as those of some
// validators do.
type errRefused []string

func (e errRefused) Error() string { return strings.Join(e, " ") }

// TestOutcomeIsUnknownBehindASecondWay has transports which do not reach the
// server first, as the trace shows, and then write the request in a way that the
// trace does not show. A POST which looks unsent then was sent.
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
			t.Error("somebody answers")
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
			"a doer that comes back to net/http": func(write func() error) []passwords.Option {
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

// TestOutcomeIsKnownWithoutAConnection does not let the request leave.
func TestOutcomeIsKnownWithoutAConnection(t *testing.T) {
	t.Parallel()
	nowhere := testkit.UnusedAddress(t)
	cancelled, cancel := context.WithCancel(t.Context())
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
			"a context that has ended":              {cancelled, nil},
			"that and a doer":                       {cancelled, []passwords.Option{passwords.WithDoer(testkit.DoerFunc(wrapped))}},
		} {
			client := testkit.NewClient(t, "http://"+nowhere, append(tc.opts, passwords.WithSessionToken(testkit.Token))...)
			// What is not of net/http may have another way to the server.
			unknown := op.Method != http.MethodGet && len(tc.opts) > 0 && tc.ctx.Err() == nil
			if _, err := op.Do(tc.ctx, client); err == nil || errors.Is(err, passwords.ErrOutcomeUnknown) != unknown {
				t.Errorf("%s: %s: got %v", name, op.ID, err)
			}
		}
	}
}

// TestOutcomeOfWhatTheCallerRefuses counts how often the caller's code runs.
func TestOutcomeOfWhatTheCallerRefuses(t *testing.T) {
	t.Parallel()
	nested := func() error { // an error of this package, with a lost connection in it
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
					t.Errorf("%s: %s: the source was asked %d times, the editor %d times", name, op.ID, asked, edited)
				}
			})
		}
	}
}

// TestOutcomeNeedsNoIdempotencyKey sets what makes net/http repeat a POST: even a
// header without a value does.
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

package passwords_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// reachable is a timeout that strikes while an answer is read, and not before it is
// asked for, on a busy machine too.
const reachable = 250 * time.Millisecond

// TestTimeoutOfTheHTTPClientCounts where it is shorter than that of the client.
func TestTimeoutOfTheHTTPClientCounts(t *testing.T) {
	t.Parallel()
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
}

// TestAnswersWithoutBody: as with an http.Client, a transport may leave it out
// where there is none.
func TestAnswersWithoutBody(t *testing.T) {
	t.Parallel()
	for length, want := range map[int64]error{-1: nil, 0: nil, 5: passwords.ErrUnexpectedResponse} {
		client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 204, ContentLength: length}, nil
		})
		if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); !errors.Is(err, want) {
			t.Errorf("length %d: got %v, want %v", length, err, want)
		}
	}
}

// TestUserInformationOfAnEditorIsSent as http.Client does.
func TestUserInformationOfAnEditorIsSent(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.NoContent)
	client := testkit.NewClient(t, w.URL, passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
		r.URL.User = url.UserPassword("ana", testkit.Password)
		return nil
	}))
	if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
		t.Fatal(err)
	}
	req := &http.Request{Header: w.One(t).Header}
	if user, password, ok := req.BasicAuth(); !ok || user != "ana" || password != testkit.Password {
		t.Error("the user information did not arrive")
	}
}

// TestCancellationEndsTheBodyOfAnyTransport, with the reason that the caller gave
// its context, and by one call of Close.
func TestCancellationEndsTheBodyOfAnyTransport(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]passwords.Option{"bounded": nil, "unbounded": {passwords.WithTimeout(0)}} {
		ctx, cancel := context.WithCancel(t.Context())
		body := testkit.NewBlockingBody()
		client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
			cancel()
			return testkit.TextResponse(body), nil
		}, opts...)
		_, err := client.GeneratePassword(ctx, "pin")
		var e *passwords.Error
		if !errors.As(err, &e) || e.StatusCode != 200 || !errors.Is(err, context.Canceled) || !errors.Is(err, passwords.ErrOutcomeUnknown) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestTimeoutCountsForAnotherContext, which an editor gives a request.
func TestTimeoutCountsForAnotherContext(t *testing.T) {
	t.Parallel()
	type key struct{}
	client := testkit.NewClientOver(t, func(r *http.Request) (*http.Response, error) {
		if r.Context().Value(key{}) != "kept" {
			return nil, errors.New("the value of the editor is lost")
		}
		<-r.Context().Done()
		return nil, r.Context().Err()
	}, passwords.WithTimeout(time.Millisecond), passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
		*r = *r.WithContext(context.WithValue(context.Background(), key{}, "kept"))
		return nil
	}))
	if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// TestNothingStaysInWhatIsReadInto looks at the buffers after the call: what a
// read used is cleared, and what a generated value was in is never used again.
func TestNothingStaysInWhatIsReadInto(t *testing.T) {
	t.Parallel()
	var reads, generated [][]byte
	client := testkit.NewClientOver(t, func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodGet {
			body := `[{"status":"` + strings.Repeat("x", 1000) + `"}]`
			return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}},
				ContentLength: int64(len(body)), Body: testkit.BufferRecorder{Reader: strings.NewReader(body), Buffers: &reads}}, nil
		}
		return testkit.TextResponse(testkit.BufferRecorder{Reader: strings.NewReader("a-generated-value"), Buffers: &generated}), nil
	})
	for range 3 {
		if value, err := client.GeneratePassword(t.Context(), "pin"); err != nil || !value.Equal(passwords.NewSecret("a-generated-value")) {
			t.Fatalf("the value differs, or: %v", err)
		}
		if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range reads {
		if bytes.ContainsFunc(p[:cap(p)], func(r rune) bool { return r != 0 }) {
			t.Error("an answer stays in a buffer that is used again")
		}
		for _, secret := range generated {
			if cap(p) > 0 && cap(secret) > 0 && &p[:1][0] == &secret[:1][0] {
				t.Error("a generated value was in a buffer that is used again")
			}
		}
	}
}

// TestContentLengthThatLies sets nothing aside for what does not come.
func TestContentLengthThatLies(t *testing.T) {
	t.Parallel()
	largest := 0
	client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
		var slices [][]byte
		resp := testkit.TextResponse(nil)
		resp.ContentLength = 1 << 40
		resp.Body = readerFunc(func(p []byte) (int, error) {
			largest = max(largest, len(p))
			return testkit.BufferRecorder{Reader: strings.NewReader(""), Buffers: &slices}.Read(p)
		})
		return resp, nil
	}, passwords.WithMaxResponseBytes(1<<41))
	_, err := client.GeneratePassword(t.Context(), "pin")
	if !errors.Is(err, passwords.ErrUnexpectedResponse) || largest > 64<<10 {
		t.Errorf("got %v, and %d bytes were set aside", err, largest)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
func (readerFunc) Close() error                 { return nil }

// TestHeadersAreIndependent: what an editor does to one of them stays with it.
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

// lateReader is a body whose reads go on after it was closed, as those do of
// wrappers that read in a goroutine and watch a context.
type lateReader struct {
	closed  chan struct{}
	written chan []byte
}

func (l lateReader) Read(p []byte) (int, error) {
	<-l.closed
	l.written <- p
	return 0, errors.New("closed")
}

func (l lateReader) Close() error { close(l.closed); return nil }

// TestLateReadsReachNoOtherAnswer: what a body was asked to read into is not used
// again unless it was read to its end.
func TestLateReadsReachNoOtherAnswer(t *testing.T) {
	t.Parallel()
	late := lateReader{make(chan struct{}), make(chan []byte, 1)}
	var others [][]byte
	bodies := []io.ReadCloser{late}
	for range 20 {
		bodies = append(bodies, testkit.BufferRecorder{Reader: strings.NewReader("[]"), Buffers: &others})
	}
	client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
		body := bodies[0]
		bodies = bodies[1:]
		return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, ContentLength: -1, Body: body}, nil
	}, passwords.WithTimeout(reachable), passwords.WithRetries(1))
	for len(bodies) > 0 {
		_, _ = client.ListUserPasswords(t.Context(), passwords.Self())
	}
	stale := <-late.written
	for _, p := range others {
		if &p[:1][0] == &stale[:1][0] {
			t.Fatal("an answer was read into what a late reader may still write to")
		}
	}
}

// TestRegisteredProtocolsEnd with the timeout: their bodies are not those of
// net/http.
func TestRegisteredProtocolsEnd(t *testing.T) {
	t.Parallel()
	transport := testkit.NewTransport(t)
	transport.RegisterProtocol("https", testkit.RoundTripper(func(*http.Request) (*http.Response, error) {
		return testkit.TextResponse(testkit.NewBlockingBody()), nil
	}))
	client := testkit.NewClient(t, "https://cyclos.example.org/api", passwords.WithTimeout(reachable),
		passwords.WithHTTPClient(&http.Client{Transport: transport}))
	if _, err := client.GeneratePassword(t.Context(), "pin"); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, passwords.ErrOutcomeUnknown) {
		t.Errorf("got %v", err)
	}
}

// cutting is a body that ends without an error where it was cut.
type cutting struct {
	io.Reader
	closed chan struct{}
}

func (c cutting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if err != nil && c.closed != nil {
		<-c.closed
	}
	return n, err
}

func (c cutting) Close() error {
	if c.closed != nil {
		close(c.closed)
	}
	return nil
}

// TestCutValuesAreErrors, if a transport says nothing of it.
func TestCutValuesAreErrors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		length  int64
		closed  chan struct{}
		timeout time.Duration
		want    error
	}{
		"shorter than was said":         {100, nil, time.Minute, io.ErrUnexpectedEOF},
		"of unknown length, at the end": {-1, make(chan struct{}), reachable, context.DeadlineExceeded},
		"of no said length, at the end": {0, make(chan struct{}), reachable, context.DeadlineExceeded},
		"whole, at the end":             {8, make(chan struct{}), reachable, nil},
		"whole":                         {8, nil, time.Minute, nil},
		"of unknown length":             {-1, nil, time.Minute, nil},
	} {
		client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
			resp := testkit.TextResponse(cutting{strings.NewReader("half-of-"), tc.closed})
			resp.ContentLength = tc.length
			return resp, nil
		}, passwords.WithTimeout(tc.timeout))
		value, err := client.GeneratePassword(t.Context(), "pin")
		if !errors.Is(err, tc.want) || value.IsZero() == (err == nil) || errors.Is(err, passwords.ErrOutcomeUnknown) != (err != nil) {
			t.Errorf("%s: got %v, want %v", name, err, tc.want)
		}
	}
}

// TestTimeoutIsNoCancellation, and is not repeated, whatever an editor does to the
// context.
func TestTimeoutIsNoCancellation(t *testing.T) {
	t.Parallel()
	sent := 0
	client := testkit.NewClientOver(t, func(r *http.Request) (*http.Response, error) {
		sent++
		<-r.Context().Done()
		return nil, r.Context().Err()
	}, passwords.WithRetries(2), passwords.WithTimeout(reachable), passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
		*r = *r.WithContext(context.WithoutCancel(r.Context()))
		return nil
	}))
	_, err := client.ListUserPasswords(t.Context(), passwords.Self())
	if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) || sent != 1 {
		t.Errorf("got %v after %d requests", err, sent)
	}
}

// TestEditorsMayDropTheHeader, of which http.Client would make another one.
func TestEditorsMayDropTheHeader(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.NoContent)
	client, err := passwords.New(w.URL, passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
		r.Header = nil
		r.URL.User = url.UserPassword("ana", testkit.Password)
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
		t.Error(err)
	}
}

// TestSecretsOfReadsAreNotReadIntoWhatIsUsedAgain: list-data may tell how to set up
// an authenticator app.
func TestSecretsOfReadsAreNotReadIntoWhatIsUsedAgain(t *testing.T) {
	t.Parallel()
	var slices [][]byte
	const body = `{"totpSecret":{"secretUrl":"otpauth://totp/a-secret"}}`
	client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, ContentLength: int64(len(body)),
			Body: testkit.BufferRecorder{Reader: strings.NewReader(body), Buffers: &slices}}, nil
	})
	for range 10 {
		before := len(slices)
		if data, err := client.GetUserPasswordsListData(t.Context(), passwords.Self()); err != nil || data.TOTPSecret.SecretURL != "otpauth://totp/a-secret" {
			t.Fatalf("the value differs, or: %v", err)
		}
		for _, earlier := range slices[:before] {
			if len(earlier) > 0 && &earlier[0] == &slices[before][0] {
				t.Fatal("a secret was in a buffer that is used again")
			}
		}
	}
}

package passwords_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// counting is a body that counts how often it is closed.
type counting struct {
	io.Reader
	closed *int
}

func (c counting) Close() error { *c.closed++; return nil }

// TestBodiesAreClosedOnce, whatever becomes of the answer, and the protocol is one
// that there is.
func TestBodiesAreClosedOnce(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status      int
		proto, body string
		want        error
	}{
		"whole":        {200, "", "value", nil},
		"HTTP/1.0":     {200, "HTTP/1.0", "value", nil},
		"HTTP/1.1":     {200, "HTTP/1.1", "value", nil},
		"HTTP/2":       {200, "HTTP/2.0", "value", nil},
		"HTTP/3":       {200, "HTTP/3.0", "value", nil},
		"HTTP/9":       {200, "HTTP/9.9", "value", passwords.ErrUnexpectedResponse},
		"no status":    {99, "", "value", passwords.ErrUnexpectedResponse},
		"not read":     {204, "", "value", passwords.ErrUnexpectedResponse},
		"too large":    {200, "", "too large a value", passwords.ErrResponseTooLarge},
		"other status": {404, "", "{}", passwords.ErrNotFound},
	} {
		closed := 0
		client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
			resp := testkit.TextResponse(counting{strings.NewReader(tc.body), &closed})
			resp.StatusCode, resp.Proto = tc.status, tc.proto
			return resp, nil
		}, passwords.WithMaxResponseBytes(8))
		if _, err := client.GeneratePassword(t.Context(), "pin"); !errors.Is(err, tc.want) || closed != 1 {
			t.Errorf("%s: closed %d times, got %v", name, closed, err)
		}
	}
}

// TestBodiesThatFailAreNotReadInto by the next attempt: their reader may still write
// there, be it into what an earlier call has left.
func TestBodiesThatFailAreNotReadInto(t *testing.T) {
	t.Parallel()
	for range 10 { // not each call finds what another one has left
		synctest.Test(t, func(t *testing.T) {
			var read [][]byte
			var began []int // of each answer in read
			client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
				began = append(began, len(read))
				body := io.Reader(strings.NewReader("[]"))
				if len(began) == 2 {
					body = io.MultiReader(strings.NewReader("["), iotest.ErrReader(io.ErrUnexpectedEOF))
				}
				return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, ContentLength: -1, Body: testkit.BufferRecorder{Reader: body, Buffers: &read}}, nil
			}, passwords.WithRetries(1))
			for range 2 {
				if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); err != nil {
					t.Fatal(err)
				}
			}
			if len(began) != 3 || &read[began[1]][0] == &read[began[2]][0] {
				t.Fatalf("%d answers, and the last was read into what a failed one may still write to", len(began))
			}
		})
	}
}

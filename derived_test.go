package passwords_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestDerivedClientsKeepTheBounds of the one they come from, and a bound of their
// own changes no other one.
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

package passwords_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestJSONProblemsSayWhere they are, and nothing of what is there.
func TestJSONProblemsSayWhere(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`[{"status":1}]`:              "the JSON behind byte 12 is no string",
		`[{"date":"leak-me"}]`:        "the JSON behind byte 18 is no date",
		`{"leak-me":1}`:               "the JSON behind byte 0 is no list",
		`[{]`:                         "the JSON is malformed at byte 2",
		`["leak-me`:                   "the JSON behind byte 1 is no object",
		`[{"status":"leak-me"}`:       "the JSON is malformed at byte 21",
		`[{"leak-me":1,"leak-me":2}]`: "the JSON is malformed at byte 14",
	} {
		client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body))}, nil
		})
		_, err := client.ListUserPasswords(t.Context(), passwords.Self())
		if !errors.Is(err, passwords.ErrUnexpectedResponse) || !strings.HasSuffix(err.Error(), ": "+want) || strings.Contains(err.Error(), "leak") {
			t.Errorf("%s: got %v, want %s", body, err, want)
		}
	}
}

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

// TestMislabelledAnswers are errors that say what is wrong where the answer counts,
// and are read all the same where it only tells more of an error.
func TestMislabelledAnswers(t *testing.T) {
	t.Parallel()
	const latin = "\xe9"
	for name, tc := range map[string]struct {
		header http.Header
		value  string
		want   string
	}{
		"no media type":        {http.Header{}, "", "the media type is missing or ambiguous"},
		"two media types":      {http.Header{"Content-Type": {"text/plain", "application/json"}}, "", "the media type is missing or ambiguous"},
		"malformed media type": {http.Header{"Content-Type": {"text/"}}, "", "the media type is missing or malformed"},
		"encoded":              {http.Header{"Content-Type": {"text/plain"}, "Content-Encoding": {"br"}}, "", "the content is encoded in a way that was not asked for"},
		"not ASCII":            {http.Header{"Content-Type": {"text/plain;charset=us-ascii"}}, "\u00e9", "the text is not what its charset says"},
		"barely not ASCII":     {http.Header{"Content-Type": {"text/plain;charset=us-ascii"}}, "\u0080", "the text is not what its charset says"},
		"not UTF-8":            {http.Header{"Content-Type": {"text/plain"}}, latin, "the text is not valid UTF-8"},
		"unknown charset":      {http.Header{"Content-Type": {"text/plain;charset=utf-16"}}, "", "the charset is not supported"},
	} {
		status, body := 200, "value"+tc.value
		client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: tc.header, Body: io.NopCloser(strings.NewReader(body))}, nil
		})
		secret, err := client.GeneratePassword(t.Context(), "pin")
		if !secret.IsZero() || !errors.Is(err, passwords.ErrUnexpectedResponse) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %s", name, err, tc.want)
		}
		status, body = 401, `{"code":"login","message":"`+tc.value+`"}`
		if _, err := client.GeneratePassword(t.Context(), "pin"); !passwords.IsCode(err, passwords.CodeLogin) {
			t.Errorf("%s: the code was not read: %v", name, err)
		}
	}
}

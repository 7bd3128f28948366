package passwords_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestRetryAfterADateWithoutADateOfTheAnswer counts from now.
func TestRetryAfterADateWithoutADateOfTheAnswer(t *testing.T) {
	t.Parallel()
	for _, date := range []string{"", "yesterday"} {
		client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
			header := http.Header{"Retry-After": {time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)}, "Date": {date}}
			return &http.Response{StatusCode: 503, Header: header}, nil
		})
		err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
		var e *passwords.Error
		if !errors.As(err, &e) || e.RetryAfter <= 59*time.Minute || e.RetryAfter > time.Hour {
			t.Errorf("dated %q: got %+v", date, e)
		}
	}
}

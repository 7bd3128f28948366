package passwords_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestReadsAreReplayedThreeTimes by net/http, where that knows no end of it: from
// Go 1.27 on it does not begin.
func TestReadsAreReplayedThreeTimes(t *testing.T) {
	t.Parallel()
	for _, op := range testkit.Operations() {
		if op.Method != http.MethodGet {
			continue
		}
		url, own, arrived := newResettingServer(t)
		client := testkit.NewClient(t, url, passwords.WithSessionToken(testkit.Token), passwords.WithHTTPClient(own), passwords.WithRetries(0))
		_, err := op.Do(t.Context(), client)
		replayed := err != nil && strings.HasSuffix(err.Error(), ": the server broke off the request") && arrived.Load() == 4
		if !replayed && (err == nil || arrived.Load() != 1) {
			t.Errorf("%s: the request arrived %d times, got %v", op.ID, arrived.Load(), err)
		}
	}
}

package passwords_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
)

// TestReadsAreReplayedThreeTimes by net/http, which knows no end of it.
func TestReadsAreReplayedThreeTimes(t *testing.T) {
	t.Parallel()
	for _, op := range operations() {
		if op.method != http.MethodGet {
			continue
		}
		url, own, arrived := newResettingServer(t)
		client := newClient(t, url, passwords.WithSessionToken(testToken), passwords.WithHTTPClient(own), passwords.WithRetries(0))
		if _, err := op.call(t.Context(), client); err == nil || !strings.HasSuffix(err.Error(), ": the server broke off the request") || arrived.Load() != 4 {
			t.Errorf("%s: the request arrived %d times, got %v", op.id, arrived.Load(), err)
		}
	}
}

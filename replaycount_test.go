package passwords_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
)

// TestReadsAreReplayedThreeTimes by net/http, where that knows no end of it: from
// Go 1.27 on it does not begin.
func TestReadsAreReplayedThreeTimes(t *testing.T) {
	t.Parallel()
	for _, op := range operations() {
		if op.method != http.MethodGet {
			continue
		}
		url, own, arrived := newResettingServer(t)
		client := newClient(t, url, passwords.WithSessionToken(testToken), passwords.WithHTTPClient(own), passwords.WithRetries(0))
		_, err := op.call(t.Context(), client)
		replayed := err != nil && strings.HasSuffix(err.Error(), ": the server broke off the request") && arrived.Load() == 4
		if !replayed && (err == nil || arrived.Load() != 1) {
			t.Errorf("%s: the request arrived %d times, got %v", op.id, arrived.Load(), err)
		}
	}
}

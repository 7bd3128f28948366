// Package responses tests how a client treats servers and proxies that break the
// protocol: malformed, truncated, endless and stalled responses, reused
// connections, and header values that would change in transit. The tests use raw
// TCP servers.
package responses

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain fails if a test leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Package backoff waits between attempts.
package backoff

import (
	"context"
	"math/rand/v2"
	"time"
)

const (
	first      = 200 * time.Millisecond
	longest    = 5 * time.Second
	longestAsk = 10 * time.Second
)

// Wait waits before the next attempt: longer after each retry, and at least as
// long as is asked for, within reason. It reports false at once if the context
// would end before that.
func Wait(ctx context.Context, retries int, asked time.Duration) bool {
	wait := min(first<<min(retries, 10), longest) // without overflow
	wait = wait/2 + rand.N(wait/2)                // so that clients do not come back together
	wait = max(wait, min(asked, longestAsk))
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

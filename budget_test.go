//go:build !race

// The race detector allocates, too.

package passwords_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
	"github.com/cyclos-go/passwords/internal/testkit/bodies"
)

// TestBudgets bounds what a call allocates. It is not parallel, because the
// allocations of other tests would count.
func TestBudgets(t *testing.T) {
	user := passwords.Principal("ana")
	listData := func(ctx context.Context, c *passwords.Client) error {
		_, err := c.GetUserPasswordsListData(ctx, user)
		return err
	}
	type budget struct {
		name, media         string
		body                []byte
		call                func(context.Context, *passwords.Client) error
		maxAllocs, maxBytes float64
	}
	budgets := []budget{
		{"list-data", "application/json", bodies.ListData, listData, 290, 32_000},
		{"list", "application/json", bodies.List, func(ctx context.Context, c *passwords.Client) error {
			_, err := c.ListUserPasswords(ctx, user)
			return err
		}, 48, 4200},
		{"change", "", nil, func(ctx context.Context, c *passwords.Client) error {
			return c.ChangePassword(ctx, user, "login", passwords.ChangePassword{
				OldPassword: passwords.NewSecret("an-old-example-value"), NewPassword: passwords.NewSecret("a-new-example-value"),
				CheckConfirmation: true, NewPasswordConfirmation: passwords.NewSecret("a-new-example-value"),
			})
		}, 32, 2700},
		{"generate", "text/plain;charset=UTF-8", []byte("7kQ2mX9pLr4t"), func(ctx context.Context, c *passwords.Client) error {
			_, err := c.GeneratePassword(ctx, "login")
			return err
		}, 26, 2400},
	}
	// The size of a seeded body varies: its budget is in proportion to it. A body that
	// is not pooled takes its own size on top.
	for seed := range uint64(3) {
		body := bodies.SeededListData(seed)
		budgets = append(budgets, budget{fmt.Sprintf("list-data of seed %d", seed), "application/json", body, listData,
			float64(len(body)) / 35, float64(len(body)) * 1.5})
	}
	const runs = 500
	for _, b := range budgets {
		client, err := passwords.New("https://cyclos.example.org/api", passwords.WithSessionToken(passwords.NewSecret("a-session-token-of-32-characters")),
			passwords.WithHTTPClient(&http.Client{Transport: answering(b.media, b.body)}))
		if err != nil {
			t.Fatal(err)
		}
		run := func() {
			if err := b.call(context.Background(), client); err != nil {
				t.Fatal(err)
			}
		}
		if allocs := testing.AllocsPerRun(runs, run); allocs > b.maxAllocs {
			t.Errorf("%s: %.0f allocations, want at most %.0f", b.name, allocs, b.maxAllocs)
		}
		if bytes := bytesPerRun(runs, run); bytes > b.maxBytes {
			t.Errorf("%s: %.0f bytes, want at most %.0f", b.name, bytes, b.maxBytes)
		}
	}
}

// TestBudgetsWouldBeMissed checks that the measurement notices what is allocated.
func TestBudgetsWouldBeMissed(t *testing.T) {
	var kept []byte
	run := func() { kept = make([]byte, 4096) }
	if allocs, bytes := testing.AllocsPerRun(1000, run), bytesPerRun(1000, run); allocs != 1 || bytes < 4096 || bytes > 4200 {
		t.Errorf("%.0f allocations of %.0f bytes, want 1 of %d", allocs, bytes, len(kept))
	}
}

// answering returns a transport that allocates little itself.
func answering(media string, body []byte) http.RoundTripper {
	header, status := http.Header{}, http.StatusNoContent
	if media != "" {
		header.Set("Content-Type", media)
		status = http.StatusOK
	}
	return testkit.RoundTripper(func(r *http.Request) (*http.Response, error) {
		if r.Body != nil {
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				return nil, err
			}
			if err := r.Body.Close(); err != nil {
				return nil, err
			}
		}
		reader := new(memoryBody)
		reader.Reset(body)
		return &http.Response{StatusCode: status, Header: header, Body: reader, ContentLength: int64(len(body)), Request: r}, nil
	})
}

type memoryBody struct{ bytes.Reader }

func (*memoryBody) Close() error { return nil }

// bytesPerRun is [testing.AllocsPerRun] for bytes.
func bytesPerRun(runs int, run func()) float64 {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	run() // allocates what later runs reuse
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range runs {
		run()
	}
	runtime.ReadMemStats(&after)
	return float64(after.TotalAlloc-before.TotalAlloc) / float64(runs)
}

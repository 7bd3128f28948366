package passwords

import (
	"context"
	"log/slog"
	"time"
)

// log writes the line of one attempt. What it does not name must not be logged.
func (c *Client) log(ctx context.Context, op operation, attempt, status int, took time.Duration) {
	if c.settings.logger == nil {
		return
	}
	c.settings.logger.LogAttrs(ctx, slog.LevelInfo, "cyclos passwords request",
		slog.String("operation", op.id),
		slog.String("method", op.method),
		slog.String("path", op.path),
		slog.Int("status", status),
		slog.Duration("duration", took),
		slog.Int("attempt", attempt),
	)
}

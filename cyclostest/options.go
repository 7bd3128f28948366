package cyclostest

import (
	"errors"
	"time"
)

// Option configures a server. New and NewServer panic if an option is invalid.
type Option func(*config) error

type config struct {
	world World
	now   func() time.Time
	minor int
}

func newConfig(opts []Option) (config, error) {
	c := config{world: DefaultWorld(), now: time.Now, minor: lastMinor}
	for _, opt := range opts {
		if err := opt(&c); err != nil {
			return c, err
		}
	}
	return c, nil
}

// WithWorld replaces the default world. An inconsistent world is invalid, for
// example a world with a duplicate login name.
func WithWorld(w World) Option {
	return func(c *config) error {
		c.world = w
		return nil
	}
}

// WithClock replaces time.Now as the source of dates, expiry and the end of
// blocks. The server calls now from several goroutines, but never concurrently. A
// nil clock is invalid. Fault.Delay does not use the clock.
func WithClock(now func() time.Time) Option {
	return func(c *config) error {
		if now == nil {
			return errors.New("the clock is nil")
		}
		c.now = now
		return nil
	}
}

// Version sets the emulated Cyclos version, "4.9" to "4.16". Other versions are
// invalid. The default is 4.16.
func Version(v string) Option {
	return func(c *config) (err error) {
		c.minor, err = parseVersion(v)
		return err
	}
}

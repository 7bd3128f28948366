package cyclostest

import (
	"errors"
	"time"
)

// Option sets up a server. New and NewServer panic on options that are not
// valid.
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

// WithWorld replaces the default world. A world that does not fit together, for
// example because a login name is given twice, is not valid.
func WithWorld(w World) Option {
	return func(c *config) error {
		c.world = w
		return nil
	}
}

// WithClock replaces time.Now as the source of dates, expiry and the end of
// blocks. The server calls it from many goroutines, one at a time. A nil clock
// is not valid. Fault.Delay does not follow it.
func WithClock(now func() time.Time) Option {
	return func(c *config) error {
		if now == nil {
			return errors.New("the clock is nil")
		}
		c.now = now
		return nil
	}
}

// Version makes the server behave as a Cyclos of this version, "4.9" to "4.16".
// Others are not valid. The default is 4.16.
func Version(v string) Option {
	return func(c *config) (err error) {
		c.minor, err = parseVersion(v)
		return err
	}
}

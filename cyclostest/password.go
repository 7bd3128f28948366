package cyclostest

import (
	"crypto/subtle"
	"slices"
	"time"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// password is a user's password.
type password struct {
	typ          *PasswordType
	status       gen.PasswordStatusEnum
	date         time.Time // date of the last transition, zero if there was none
	value        string
	valueDate    time.Time
	tries        int       // consecutive failed attempts
	blockedUntil time.Time // zero if the block does not end
	history      []event   // newest first, at most maxHistory
}

// maxHistory keeps responses small: clients limit the size of what they read.
const maxHistory = 200

// event is an entry in the history of a password.
type event struct {
	action gen.PasswordActionEnum
	by     *user
	date   time.Time
}

// apply applies a transition. by is nil if the server performs it.
func (p *password) apply(row transition, by *user, at time.Time) {
	p.status, p.date = row.To, at
	switch row.To {
	case active:
		p.tries = 0
	case temporarilyBlocked:
		p.blockedUntil = at.Add(p.typ.BlockFor)
	}
	if row.History != "" {
		newest := p.history[:min(len(p.history), maxHistory-1)]
		p.history = slices.Insert(newest, 0, event{row.History, by, at})
	}
}

func (p *password) set(value string, at time.Time) {
	p.value, p.valueDate = value, at
}

// advance applies the transitions that are due at now. The end of a block comes
// first, because it makes the password active and thus able to expire.
func (p *password) advance(now time.Time) {
	if !p.blockedUntil.IsZero() && !now.Before(p.blockedUntil) {
		p.applyServerAction(lifecycle.BlockEnds, p.blockedUntil)
	}
	if p.typ.ExpiresAfter > 0 {
		if end := p.valueDate.Add(p.typ.ExpiresAfter); !now.Before(end) {
			p.applyServerAction(lifecycle.Expire, end)
		}
	}
}

// applyServerAction performs an action of the server if it is possible.
func (p *password) applyServerAction(a action, at time.Time) {
	if row, ok := findTransition(a, lifecycle.ByServer, p.typ, p.status); ok {
		p.apply(row, nil, at)
	}
}

// matches reports whether value is the current value. A password without a value
// matches nothing.
func (p *password) matches(value string) bool {
	return p.value != "" && subtle.ConstantTimeCompare([]byte(p.value), []byte(value)) == 1
}

// attempt reports whether value is the current value. It counts failed attempts
// and blocks the password after too many. If the password is not active, it
// returns false and counts nothing.
func (p *password) attempt(value string, now time.Time) bool {
	if p.status != active {
		return false
	}
	if p.matches(value) {
		p.tries = 0
		return true
	}
	p.tries++
	if p.typ.MaxTries > 0 && p.tries >= p.typ.MaxTries {
		p.applyServerAction(lifecycle.FailedAttempts, now)
	}
	return false
}

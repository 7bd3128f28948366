package cyclostest

import (
	"crypto/subtle"
	"slices"
	"time"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// password is one password of one user.
type password struct {
	typ          *PasswordType
	status       gen.PasswordStatusEnum
	date         time.Time // of the last transition, zero if there was none
	value        string
	valueDate    time.Time
	tries        int       // wrong ones in a row
	blockedUntil time.Time // zero for good
	history      []event   // newest first
}

// event is something that was done to a password.
type event struct {
	action gen.PasswordActionEnum
	by     *user
	date   time.Time
}

// apply moves the password along a row of the life cycle. by is nil for what
// the server does by itself.
func (p *password) apply(row transition, by *user, at time.Time) {
	p.status, p.date = row.To, at
	switch row.To {
	case active:
		p.tries = 0
	case temporarily:
		p.blockedUntil = at.Add(p.typ.BlockFor)
	}
	if row.History != "" {
		p.history = slices.Insert(p.history, 0, event{row.History, by, at})
	}
}

func (p *password) set(value string, at time.Time) {
	p.value, p.valueDate = value, at
}

// settle does what the passing of time has done until now: a block for a time
// ends, and after that an active value may have expired.
func (p *password) settle(now time.Time) {
	if !p.blockedUntil.IsZero() && !now.Before(p.blockedUntil) {
		p.pass(lifecycle.BlockEnds, p.blockedUntil)
	}
	if p.typ.ExpiresAfter > 0 {
		if end := p.valueDate.Add(p.typ.ExpiresAfter); !now.Before(end) {
			p.pass(lifecycle.Expire, end)
		}
	}
}

// pass performs an action of the server if the life cycle has it now.
func (p *password) pass(a action, at time.Time) {
	if row, ok := possible(a, lifecycle.ByServer, p.typ, p.status); ok {
		p.apply(row, nil, at)
	}
}

// matches says whether value is the current value. A password without a value
// matches nothing.
func (p *password) matches(value string) bool {
	return p.value != "" && subtle.ConstantTimeCompare([]byte(p.value), []byte(value)) == 1
}

// try says whether value is the current value, counts a wrong one, and blocks
// the password when there were too many. It does nothing to passwords that are
// not active: their status has to be looked at first.
func (p *password) try(value string, now time.Time) bool {
	if p.status != active {
		return false
	}
	if p.matches(value) {
		p.tries = 0
		return true
	}
	p.tries++
	if p.typ.MaxTries > 0 && p.tries >= p.typ.MaxTries {
		p.pass(lifecycle.WrongTries, now)
	}
	return false
}

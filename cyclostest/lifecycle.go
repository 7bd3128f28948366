package cyclostest

import (
	"slices"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// Short names keep what works with the life cycle readable.
type (
	action     = lifecycle.Action
	who        = lifecycle.Who
	transition = lifecycle.Transition
)

const (
	neverCreated = gen.PasswordStatusEnumNeverCreated
	pending      = gen.PasswordStatusEnumPending
	active       = gen.PasswordStatusEnumActive
	expired      = gen.PasswordStatusEnumExpired
	reset        = gen.PasswordStatusEnumReset
	disabled     = gen.PasswordStatusEnumDisabled
	temporarily  = gen.PasswordStatusEnumTemporarilyBlocked
	indefinitely = gen.PasswordStatusEnumIndefinitelyBlocked
)

// holds says whether the type of a password meets what a transition asks of it.
func holds(when lifecycle.Condition, t *PasswordType) bool {
	switch when {
	case lifecycle.AuthorizationNeeded:
		return t.NeedsAuthorization
	case lifecycle.AuthorizationNotNeeded:
		return !t.NeedsAuthorization
	case lifecycle.BlocksForTime:
		return t.BlockFor > 0
	case lifecycle.BlocksForGood:
		return t.BlockFor == 0
	default:
		return true
	}
}

// permitted says whether the table lets w perform a on any password at all.
func permitted(a action, w who) bool {
	return slices.ContainsFunc(lifecycle.Transitions, func(row transition) bool {
		return row.Action == a && row.Who == w
	})
}

// possible returns the row by which w performs a on a password of type t in
// status s, and false where the table has none.
func possible(a action, w who, t *PasswordType, s gen.PasswordStatusEnum) (transition, bool) {
	for _, row := range lifecycle.Transitions {
		if row.Action == a && row.Who == w && slices.Contains(row.Modes, t.Mode) &&
			holds(row.When, t) && slices.Contains(row.From, s) {
			return row, true
		}
	}
	return transition{}, false
}

// permissions tells what w may do with a password of type t in status s.
func permissions(w who, t *PasswordType, s gen.PasswordStatusEnum) gen.PasswordActions {
	can := func(a action) bool {
		_, ok := possible(a, w, t, s)
		return ok
	}
	return gen.PasswordActions{
		Change:          can(lifecycle.Change),
		Generate:        can(lifecycle.Generate),
		ChangeGenerated: can(lifecycle.ChangeGenerated),
		AllowGeneration: can(lifecycle.AllowGeneration),
		ResetGenerated:  can(lifecycle.ResetGenerated),
		ResetAndSend:    can(lifecycle.ResetAndSend),
		Disable:         can(lifecycle.Disable),
		Enable:          can(lifecycle.Enable),
		Unblock:         can(lifecycle.Unblock),
	}
}

// requiresOld says whether w has to give the current value to change a password
// of type t in status s. The owner of a manual password has to, unless a row
// for this status waives it: that also covers blocked and disabled passwords,
// which have no row as long as they are.
func requiresOld(w who, t *PasswordType, s gen.PasswordStatusEnum) bool {
	if w != lifecycle.ByOwner || t.Mode != gen.PasswordModeEnumManual {
		return false
	}
	row, ok := possible(lifecycle.Change, w, t, s)
	return !ok || row.NeedsOld
}

package cyclostest

import (
	"slices"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// Short names for the types and values of the life cycle.
type (
	action     = lifecycle.Action
	who        = lifecycle.Who
	transition = lifecycle.Transition
)

const (
	neverCreated        = gen.PasswordStatusEnumNeverCreated
	pending             = gen.PasswordStatusEnumPending
	active              = gen.PasswordStatusEnumActive
	expired             = gen.PasswordStatusEnumExpired
	reset               = gen.PasswordStatusEnumReset
	disabled            = gen.PasswordStatusEnumDisabled
	temporarilyBlocked  = gen.PasswordStatusEnumTemporarilyBlocked
	indefinitelyBlocked = gen.PasswordStatusEnumIndefinitelyBlocked
)

// conditionMet reports whether a password type meets the condition of a
// transition.
func conditionMet(when lifecycle.Condition, t *PasswordType) bool {
	switch when {
	case lifecycle.AuthorizationNeeded:
		return t.NeedsAuthorization
	case lifecycle.AuthorizationNotNeeded:
		return !t.NeedsAuthorization
	case lifecycle.BlocksForTime:
		return t.BlockFor > 0
	case lifecycle.BlocksForGood:
		return t.BlockFor == 0
	case lifecycle.EnableLiftsBlocks:
		return t.EnableLiftsBlocks
	case lifecycle.AccessPassword:
		return t.access
	default:
		return true
	}
}

// permitted reports whether w may perform a on any password.
func permitted(a action, w who) bool {
	return slices.ContainsFunc(lifecycle.Transitions, func(row transition) bool {
		return row.Action == a && row.PermitsTo(w)
	})
}

// findTransition returns the transition by which w performs a on a password of
// type t in status s, and false if there is none.
func findTransition(a action, w who, t *PasswordType, s gen.PasswordStatusEnum) (transition, bool) {
	for _, row := range lifecycle.Transitions {
		if row.Action == a && row.PermitsTo(w) && slices.Contains(row.Modes, t.Mode) &&
			conditionMet(row.When, t) && slices.Contains(row.From, s) {
			return row, true
		}
	}
	return transition{}, false
}

// permissions returns the actions that w may perform on a password of type t in
// status s.
func permissions(w who, t *PasswordType, s gen.PasswordStatusEnum) gen.PasswordActions {
	can := func(a action) bool {
		_, ok := findTransition(a, w, t, s)
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

// requiresOldPassword reports whether w needs the current value to change a
// password of type t in status s. Owners of manual passwords need it unless the
// transition for s waives it. Blocked and disabled passwords have no transition,
// so the result is true for them too.
func requiresOldPassword(w who, t *PasswordType, s gen.PasswordStatusEnum) bool {
	if w != lifecycle.ByOwner || t.Mode != gen.PasswordModeEnumManual {
		return false
	}
	row, ok := findTransition(lifecycle.Change, w, t, s)
	return !ok || row.NeedsOld
}

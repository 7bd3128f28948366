package cyclostest

import (
	"slices"

	"github.com/cyclos-go/passwords/gen"
)

// action is what can happen to a password.
type action string

const (
	actionChange          action = "change"
	actionForceChange     action = "change with forceChange"
	actionGenerate        action = "generate"
	actionChangeGenerated action = "changeGenerated"
	actionAllowGeneration action = "allowGeneration"
	actionResetGenerated  action = "resetGenerated"
	actionResetAndSend    action = "resetAndSend"
	actionDisable         action = "disable"
	actionEnable          action = "enable"
	actionUnblock         action = "unblock"
	actionWrongTries      action = "wrong tries"
	actionBlockEnds       action = "block ends"
	actionExpire          action = "expire"
)

// who acts on a password.
type who string

const (
	byOwner   who = "owner"
	byManager who = "manager"
	byServer  who = "server" // the passing of time, or wrong tries
	byNobody  who = "nobody" // a caller who has no say over the password
)

// condition is what a transition asks of the password type beside its mode.
type condition string

const (
	always                 condition = ""
	authorizationNeeded    condition = "the type needs authorization"
	authorizationNotNeeded condition = "the type needs no authorization"
	blocksForTime          condition = "the type blocks for a time"
	blocksForGood          condition = "the type blocks until unblocked"
)

func (c condition) holds(t *PasswordType) bool {
	switch c {
	case authorizationNeeded:
		return t.NeedsAuthorization
	case authorizationNotNeeded:
		return !t.NeedsAuthorization
	case blocksForTime:
		return t.BlockFor > 0
	case blocksForGood:
		return t.BlockFor == 0
	default:
		return true
	}
}

// known says how sure it is that a Cyclos server does the same.
type known string

const (
	documented known = "documented"
	seen       known = "seen in clients"
	inferred   known = "inferred"
)

// transition is one row of the life cycle.
type transition struct {
	Action   action
	Who      who
	Modes    []gen.PasswordModeEnum
	When     condition
	From     []gen.PasswordStatusEnum
	To       gen.PasswordStatusEnum
	NeedsOld bool // the current value has to be given
	History  gen.PasswordActionEnum
	Known    known
}

// Short names keep the table readable.
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

type (
	modes    = []gen.PasswordModeEnum
	statuses = []gen.PasswordStatusEnum
)

var (
	manual    = modes{gen.PasswordModeEnumManual}
	generated = modes{gen.PasswordModeEnumGenerated}
	storable  = modes{gen.PasswordModeEnumManual, gen.PasswordModeEnumGenerated, gen.PasswordModeEnumOTP}
)

// transitions is the whole life cycle. What it does not list is not possible.
// It is never modified.
var transitions = []transition{
	{actionChange, byOwner, manual, always, statuses{active}, active, true, gen.PasswordActionEnumChange, inferred},
	{actionChange, byOwner, manual, always, statuses{neverCreated, pending, expired, reset}, active, false, gen.PasswordActionEnumChange, inferred},
	{actionChange, byManager, manual, always, statuses{neverCreated, pending, active, expired, reset}, active, false, gen.PasswordActionEnumChange, inferred},
	{actionForceChange, byManager, manual, always, statuses{neverCreated, pending, active, expired, reset}, reset, false, gen.PasswordActionEnumChange, inferred},
	{actionGenerate, byOwner, generated, authorizationNotNeeded, statuses{neverCreated}, active, false, gen.PasswordActionEnumActivate, documented},
	{actionGenerate, byOwner, generated, always, statuses{pending, expired, reset}, active, false, gen.PasswordActionEnumActivate, documented},
	{actionChangeGenerated, byOwner, generated, always, statuses{active}, active, false, gen.PasswordActionEnumChange, documented},
	{actionAllowGeneration, byManager, generated, authorizationNeeded, statuses{neverCreated}, pending, false, gen.PasswordActionEnumAllowActivation, documented},
	{actionResetGenerated, byManager, generated, always, statuses{active}, pending, false, gen.PasswordActionEnumReset, documented},
	{actionResetGenerated, byManager, generated, always, statuses{expired, reset, temporarily, indefinitely}, pending, false, gen.PasswordActionEnumReset, inferred},
	{actionResetAndSend, byManager, manual, always, statuses{active}, reset, false, gen.PasswordActionEnumResetAndSend, seen},
	{actionResetAndSend, byManager, manual, always, statuses{neverCreated, pending, expired, reset, temporarily, indefinitely}, reset, false, gen.PasswordActionEnumResetAndSend, inferred},
	{actionDisable, byOwner, storable, always, statuses{pending, active, expired, reset, temporarily, indefinitely}, disabled, false, gen.PasswordActionEnumDisable, documented},
	{actionDisable, byManager, storable, always, statuses{pending, active, expired, reset, temporarily, indefinitely}, disabled, false, gen.PasswordActionEnumDisable, documented},
	{actionEnable, byManager, storable, always, statuses{disabled}, active, false, gen.PasswordActionEnumEnable, inferred},
	{actionUnblock, byManager, storable, always, statuses{temporarily, indefinitely}, active, false, gen.PasswordActionEnumUnblock, inferred},
	{actionWrongTries, byServer, storable, blocksForTime, statuses{active}, temporarily, false, "", documented},
	{actionWrongTries, byServer, storable, blocksForGood, statuses{active}, indefinitely, false, "", documented},
	{actionBlockEnds, byServer, storable, always, statuses{temporarily}, active, false, "", inferred},
	{actionExpire, byServer, storable, always, statuses{active}, expired, false, "", inferred},
}

// permitted says whether the table lets w perform a on any password at all.
func permitted(a action, w who) bool {
	return slices.ContainsFunc(transitions, func(row transition) bool {
		return row.Action == a && row.Who == w
	})
}

// possible returns the row by which w performs a on a password of type t in
// status s, and false where the table has none.
func possible(a action, w who, t *PasswordType, s gen.PasswordStatusEnum) (transition, bool) {
	for _, row := range transitions {
		if row.Action == a && row.Who == w && slices.Contains(row.Modes, t.Mode) &&
			row.When.holds(t) && slices.Contains(row.From, s) {
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
		Change:          can(actionChange),
		Generate:        can(actionGenerate),
		ChangeGenerated: can(actionChangeGenerated),
		AllowGeneration: can(actionAllowGeneration),
		ResetGenerated:  can(actionResetGenerated),
		ResetAndSend:    can(actionResetAndSend),
		Disable:         can(actionDisable),
		Enable:          can(actionEnable),
		Unblock:         can(actionUnblock),
	}
}

// requiresOld says whether w has to give the current value to change a password
// of type t in status s. The owner of a manual password has to, unless a row
// for this status waives it: that also covers blocked and disabled passwords,
// which have no row as long as they are.
func requiresOld(w who, t *PasswordType, s gen.PasswordStatusEnum) bool {
	if w != byOwner || !slices.Contains(manual, t.Mode) {
		return false
	}
	row, ok := possible(actionChange, w, t, s)
	return !ok || row.NeedsOld
}

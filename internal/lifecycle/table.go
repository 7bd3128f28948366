// Package lifecycle is the table of everything that can happen to a password.
// Package cyclostest implements it, and docs/lifecycle.md is generated from it.
package lifecycle

import "github.com/cyclos-go/passwords/gen"

// Action is what can happen to a password.
type Action string

// The actions of callers, and those of the server itself.
const (
	Change          Action = "change"
	ForceChange     Action = "change with forceChange"
	Generate        Action = "generate"
	ChangeGenerated Action = "changeGenerated"
	AllowGeneration Action = "allowGeneration"
	ResetGenerated  Action = "resetGenerated"
	ResetAndSend    Action = "resetAndSend"
	Disable         Action = "disable"
	Enable          Action = "enable"
	Unblock         Action = "unblock"
	FailedAttempts  Action = "failed attempts"
	BlockEnds       Action = "block ends"
	Expire          Action = "expire"
)

// Who acts on a password.
type Who string

// The relations of a caller to a password.
const (
	ByOwner         Who = "owner"
	ByManager       Who = "manager"
	ByAdministrator Who = "administrator" // a manager with more rights than a broker
	ByServer        Who = "server"        // by a timeout or after failed attempts
	ByNobody        Who = "nobody"        // a caller without rights to the password
)

// Condition is what a transition requires of the password type besides its mode.
type Condition string

// Always is the zero Condition, which every type meets.
const (
	Always                 Condition = ""
	AuthorizationNeeded    Condition = "the type needs authorization"
	AuthorizationNotNeeded Condition = "the type needs no authorization"
	BlocksForTime          Condition = "the type blocks for a time"
	BlocksForGood          Condition = "the type blocks until unblocked"
	EnableLiftsBlocks      Condition = "the type lets enable lift blocks"
	AccessPassword         Condition = "it is the main channel's access password"
)

// Known is the evidence that a Cyclos server does the same.
type Known string

// Documented is the best evidence; Inferred may be wrong.
const (
	Documented Known = "documented"
	Inferred   Known = "inferred"
)

// Transition is one row of the table.
type Transition struct {
	Action   Action
	Who      Who
	Modes    []gen.PasswordModeEnum
	When     Condition
	From     []gen.PasswordStatusEnum
	To       gen.PasswordStatusEnum
	NeedsOld bool // the current value is required
	History  gen.PasswordActionEnum
	Known    Known
}

// PermitsTo reports whether w may perform the action.
func (t Transition) PermitsTo(w Who) bool {
	return t.Who == w || t.Who == ByManager && w == ByAdministrator
}

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

// Transitions is the whole life cycle: what it does not list is impossible. It must
// not be modified.
var Transitions = []Transition{
	{Change, ByOwner, manual, Always, statuses{active}, active, true, gen.PasswordActionEnumChange, Inferred},
	{Change, ByOwner, manual, Always, statuses{neverCreated, expired, reset}, active, false, gen.PasswordActionEnumChange, Inferred},
	{Change, ByManager, manual, Always, statuses{neverCreated, active, expired, reset}, active, false, gen.PasswordActionEnumChange, Inferred},
	{ForceChange, ByManager, manual, Always, statuses{neverCreated, active, expired, reset}, reset, false, gen.PasswordActionEnumChange, Inferred},
	{Generate, ByOwner, generated, AuthorizationNotNeeded, statuses{neverCreated}, active, false, gen.PasswordActionEnumActivate, Documented},
	{Generate, ByOwner, generated, Always, statuses{pending, expired, reset}, active, false, gen.PasswordActionEnumActivate, Documented},
	{ChangeGenerated, ByOwner, generated, Always, statuses{active}, active, false, gen.PasswordActionEnumChange, Documented},
	{AllowGeneration, ByAdministrator, generated, AuthorizationNeeded, statuses{neverCreated}, pending, false, gen.PasswordActionEnumAllowActivation, Documented},
	{ResetGenerated, ByManager, generated, Always, statuses{active}, pending, false, gen.PasswordActionEnumReset, Documented},
	{ResetGenerated, ByManager, generated, Always, statuses{expired, reset, temporarily, indefinitely}, pending, false, gen.PasswordActionEnumReset, Inferred},
	{ResetAndSend, ByManager, manual, Always, statuses{active}, reset, false, gen.PasswordActionEnumResetAndSend, Documented},
	{ResetAndSend, ByManager, manual, Always, statuses{neverCreated, expired, reset, temporarily, indefinitely}, reset, false, gen.PasswordActionEnumResetAndSend, Inferred},
	{ResetAndSend, ByManager, generated, AccessPassword, statuses{active}, reset, false, gen.PasswordActionEnumResetAndSend, Documented},
	{ResetAndSend, ByManager, generated, AccessPassword, statuses{neverCreated, pending, expired, reset, temporarily, indefinitely}, reset, false, gen.PasswordActionEnumResetAndSend, Inferred},
	{Disable, ByOwner, generated, Always, statuses{pending}, disabled, false, gen.PasswordActionEnumDisable, Documented},
	{Disable, ByOwner, storable, Always, statuses{active, expired, reset, temporarily, indefinitely}, disabled, false, gen.PasswordActionEnumDisable, Documented},
	{Disable, ByManager, generated, Always, statuses{pending}, disabled, false, gen.PasswordActionEnumDisable, Documented},
	{Disable, ByManager, storable, Always, statuses{active, expired, reset, temporarily, indefinitely}, disabled, false, gen.PasswordActionEnumDisable, Documented},
	{Enable, ByManager, storable, Always, statuses{disabled}, active, false, gen.PasswordActionEnumEnable, Inferred},
	{Enable, ByManager, storable, EnableLiftsBlocks, statuses{temporarily, indefinitely}, active, false, gen.PasswordActionEnumEnable, Inferred},
	{Unblock, ByManager, storable, Always, statuses{temporarily, indefinitely}, active, false, gen.PasswordActionEnumUnblock, Inferred},
	{FailedAttempts, ByServer, storable, BlocksForTime, statuses{active}, temporarily, false, "", Documented},
	{FailedAttempts, ByServer, storable, BlocksForGood, statuses{active}, indefinitely, false, "", Documented},
	{BlockEnds, ByServer, storable, Always, statuses{temporarily}, active, false, "", Inferred},
	{Expire, ByServer, storable, Always, statuses{active}, expired, false, "", Inferred},
}

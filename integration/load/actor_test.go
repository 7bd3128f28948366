package load_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/gen"
)

// actor changes and reads the passwords of one user, and knows what they must be.
type actor struct {
	*load
	tb             testing.TB
	random         *rand.Rand
	manager, owner *passwords.Client
	user           cyclostest.User
	named          passwords.ManagedUser

	login  string           // value of the login password
	values int              // number of login passwords so far
	pin    passwords.Secret // zero if the response with its value was lost
	status map[string]passwords.Status

	// told counts the confirmed changes by operation, lost the executed changes
	// that were not confirmed.
	told, lost           map[gen.OperationID]int
	unknown, failedReads int
	events               map[event]int // of all executed changes
}

// event is an entry in the history of a password type.
type event struct {
	passwordType string
	action       passwords.Action
}

func newActor(l *load, tb testing.TB, i int, manager, owner *passwords.Client, user cyclostest.User) *actor {
	return &actor{
		load: l, tb: tb, random: rand.New(rand.NewPCG(1, uint64(i))),
		manager: manager, owner: owner, user: user, named: passwords.Principal(user.LoginName), login: "fake",
		status: map[string]passwords.Status{
			typeLogin: passwords.StatusActive, typePIN: passwords.StatusNeverCreated, typeTrade: passwords.StatusActive,
		},
		told: map[gen.OperationID]int{}, lost: map[gen.OperationID]int{}, events: map[event]int{},
	}
}

// act performs one operation that the current statuses allow.
func (a *actor) act() {
	switch kind := a.random.IntN(10); {
	case kind < 3:
		a.read()
	case kind < 5:
		a.changeLogin()
	case kind < 8:
		a.movePIN()
	default:
		a.moveTrade()
	}
}

// The faults. Those of a change leave its outcome unknown to the client, except for
// the delays and the code emailSending, with which the server reports that it
// executed nothing.
var (
	readFaults = []cyclostest.Fault{
		{Status: http.StatusServiceUnavailable}, {Cut: true}, {Delay: 5 * time.Millisecond},
	}
	changeFaults = []cyclostest.Fault{
		{Status: http.StatusServiceUnavailable},
		{Status: http.StatusServiceUnavailable, Body: `{"code":"emailSending"}`},
		{Cut: true},
		{Delay: 5 * time.Millisecond},
		{Delay: 5 * time.Millisecond, AfterExecution: true},
		{Status: http.StatusServiceUnavailable, AfterExecution: true},
		{Status: http.StatusServiceUnavailable, Body: `{"code":"UPSTREAM_TIMEOUT"}`, AfterExecution: true},
		{Cut: true, AfterExecution: true},
	}
)

// inject queues a fault in one of oneIn cases. The fault applies to the next call of
// the operation, which another actor may make. If there is none, inject returns the
// zero fault.
func (a *actor) inject(id gen.OperationID, faults []cyclostest.Fault) cyclostest.Fault {
	if a.random.IntN(a.oneIn) > 0 {
		return cyclostest.Fault{}
	}
	fault := faults[a.random.IntN(len(faults))]
	fault.Operation = id
	a.server.Inject(fault)
	return fault
}

// read calls a safe operation and checks what it returns.
func (a *actor) read() {
	ctx, pins := a.tb.Context(), 0
	id := []gen.OperationID{
		gen.OperationListUserPasswords, gen.OperationGetUserPasswordsListData, gen.OperationGetUserPasswordsData,
	}[a.random.IntN(3)]
	if a.inject(id, readFaults).Operation != "" {
		a.readsFailed.Add(1)
	}
	check := func(passwordType string, got passwords.Status) {
		if passwordType != typePIN {
			return
		}
		if pins++; got != a.status[typePIN] {
			a.tb.Errorf("%s: the PIN is %s, want %s", id, got, a.status[typePIN])
		}
	}
	started, err := time.Now(), error(nil)
	switch id {
	case gen.OperationListUserPasswords:
		var all []passwords.PasswordStatusAndType
		all, err = a.owner.ListUserPasswords(ctx, passwords.Self())
		for _, p := range all {
			check(p.Type.InternalName, p.Status)
		}
	case gen.OperationGetUserPasswordsListData:
		var data *passwords.DataForUserPasswords
		if data, err = a.manager.GetUserPasswordsListData(ctx, a.named, "user.id", "passwords.-history"); err == nil {
			for _, p := range data.Passwords {
				check(p.Type.InternalName, p.Status)
			}
			if data.User.ID != a.user.ID {
				a.tb.Error("got the data of another user")
			}
		}
	default:
		var p *passwords.PasswordStatusAndActions
		if p, err = a.manager.GetUserPasswordsData(ctx, passwords.UserID(a.user.ID), typePIN, "-history"); err == nil {
			check(p.Type.InternalName, p.Status)
		}
	}
	a.latency.add(time.Since(started))
	switch {
	case err == nil && pins != 1:
		a.tb.Errorf("%s: got %d PINs, want 1", id, pins)
	case err != nil && !isInjected(err):
		a.tb.Errorf("%s: %v", id, err)
	case err != nil:
		a.failedReads++
	}
}

// isInjected reports whether err can be the effect of a fault.
func isInjected(err error) bool {
	var e *passwords.Error
	return errors.Is(err, passwords.ErrUnavailable) ||
		errors.As(err, &e) && e.StatusCode == 0 && !errors.Is(err, passwords.ErrInvalidArgument) && !errors.Is(err, context.DeadlineExceeded)
}

// deed is a change of a password.
type deed struct {
	operationID  gen.OperationID
	passwordType string
	action       passwords.Action // "" if the history has no entry
	to           passwords.Status
	call         func(context.Context) error
	// done reports whether the server executed the deed. The default compares the
	// status.
	done func() bool
}

// do reports whether the deed was executed, and checks that the result of the call
// agrees.
func (a *actor) do(d deed) bool {
	if f := a.inject(d.operationID, changeFaults); f.AfterExecution && (f.Cut || f.Status != 0) {
		a.responsesLost[d.operationID].Add(1)
	}
	started := time.Now()
	err := d.call(a.tb.Context())
	a.latency.add(time.Since(started))
	if d.done == nil {
		d.done = func() bool { return a.server.Status(a.user.LoginName, d.passwordType) == d.to }
	}
	done := d.done()
	switch {
	case err == nil:
		if a.told[d.operationID]++; !done {
			a.tb.Errorf("%s was confirmed but not executed", d.operationID)
		}
	case errors.Is(err, passwords.ErrOutcomeUnknown) && isInjected(err):
		if a.unknown++; done {
			a.lost[d.operationID]++
		}
	case passwords.IsCode(err, passwords.CodeEmailSending):
		if done {
			a.tb.Errorf("%s was refused but executed", d.operationID)
		}
	default:
		a.tb.Errorf("%s: %v", d.operationID, err)
	}
	if done {
		a.status[d.passwordType] = d.to
		if d.action != "" {
			a.events[event{d.passwordType, d.action}]++
		}
	}
	return done
}

// changeLogin has the owner or the manager change the login password.
func (a *actor) changeLogin() {
	a.values++
	value := fmt.Sprintf("fake-%s-%d", a.user.LoginName, a.values)
	client, user := a.manager, passwords.User(a.named)
	change := passwords.ChangePassword{NewPassword: passwords.NewSecret(value)}
	if a.random.IntN(2) == 0 {
		client, user = a.owner, passwords.Self()
		change.OldPassword = passwords.NewSecret(a.login)
	}
	if a.do(deed{
		operationID: gen.OperationChangePassword, passwordType: typeLogin, action: passwords.ActionChange, to: passwords.StatusActive,
		call: func(ctx context.Context) error { return client.ChangePassword(ctx, user, typeLogin, change) },
		done: func() bool { return a.server.Check(a.user.LoginName, typeLogin, value) },
	}) {
		a.login = value
	}
}

// movePIN moves the PIN to a next status: generated, changed, disabled or reset.
func (a *actor) movePIN() {
	switch choice, status := a.random.IntN(4), a.status[typePIN]; {
	case status == passwords.StatusNeverCreated, status == passwords.StatusPending:
		a.generate(gen.OperationGeneratePassword, passwords.ActionActivate, nil, a.owner.GeneratePassword)
	case status == passwords.StatusDisabled:
		a.do(deed{
			operationID: gen.OperationEnablePassword, passwordType: typePIN, action: passwords.ActionEnable, to: passwords.StatusActive,
			call: func(ctx context.Context) error { return a.manager.EnablePassword(ctx, a.named, typePIN) },
		})
	case choice == 0:
		a.do(deed{
			operationID: gen.OperationDisablePassword, passwordType: typePIN, action: passwords.ActionDisable, to: passwords.StatusDisabled,
			call: func(ctx context.Context) error { return a.owner.DisablePassword(ctx, passwords.Self(), typePIN) },
		})
	case choice == 1, a.pin.IsZero(): // a lost value cannot be read again
		a.do(deed{
			operationID: gen.OperationResetGeneratedPassword, passwordType: typePIN, action: passwords.ActionReset, to: passwords.StatusPending,
			call: func(ctx context.Context) error { return a.manager.ResetGeneratedPassword(ctx, a.named, typePIN) },
		})
	default:
		old := a.pin
		a.generate(gen.OperationChangeGenerated, passwords.ActionChange,
			func() bool { return !a.server.Check(a.user.LoginName, typePIN, old.Reveal()) },
			func(ctx context.Context, passwordType string) (passwords.Secret, error) {
				return a.owner.ChangeGenerated(ctx, passwordType, passwords.Secret{})
			})
	}
}

// generate stores the returned value, and checks that it is the one in force.
func (a *actor) generate(id gen.OperationID, action passwords.Action, done func() bool, call func(context.Context, string) (passwords.Secret, error)) {
	var value passwords.Secret
	if !a.do(deed{
		operationID: id, passwordType: typePIN, action: action, to: passwords.StatusActive, done: done,
		call: func(ctx context.Context) (err error) {
			value, err = call(ctx, typePIN)
			return err
		},
	}) {
		return
	}
	a.pin = value
	if !value.IsZero() && !a.server.Check(a.user.LoginName, typePIN, value.Reveal()) {
		a.tb.Errorf("%s returned a value that is not in force", id)
	}
}

// moveTrade blocks and unblocks the trade password, or has it sent and changed.
func (a *actor) moveTrade() {
	wrong := passwords.ChangePassword{OldPassword: passwords.NewSecret("wrong"), NewPassword: passwords.NewSecret("fake-other")}
	switch choice, status := a.random.IntN(2), a.status[typeTrade]; {
	case status == passwords.StatusIndefinitelyBlocked:
		a.do(deed{
			operationID: gen.OperationUnblockPassword, passwordType: typeTrade, action: passwords.ActionUnblock, to: passwords.StatusActive,
			call: func(ctx context.Context) error { return a.manager.UnblockPassword(ctx, a.named, typeTrade) },
		})
	case status == passwords.StatusReset:
		a.do(deed{
			operationID: gen.OperationChangePassword, passwordType: typeTrade, action: passwords.ActionChange, to: passwords.StatusActive,
			call: func(ctx context.Context) error {
				return a.owner.ChangePassword(ctx, passwords.Self(), typeTrade, passwords.ChangePassword{NewPassword: passwords.NewSecret("fake")})
			},
		})
	case choice == 0:
		a.do(deed{
			operationID: gen.OperationResetAndSendPassword, passwordType: typeTrade, action: passwords.ActionResetAndSend, to: passwords.StatusReset,
			call: func(ctx context.Context) error { return a.manager.ResetAndSendPassword(ctx, a.named, typeTrade) },
		})
	default:
		a.do(deed{
			operationID: gen.OperationChangePassword, passwordType: typeTrade, to: passwords.StatusIndefinitelyBlocked,
			call: func(ctx context.Context) error {
				err := a.owner.ChangePassword(ctx, passwords.Self(), typeTrade, wrong)
				if passwords.IsCode(err, passwords.CodeIndefinitelyBlocked) {
					return nil // the wrong old password is meant to block
				}
				return err
			},
		})
	}
}

// compare checks the history, the statuses and the values on the server against
// what the actor knows. No call may be running.
func (a *actor) compare(sent int) {
	data, err := a.manager.GetUserPasswordsListData(a.tb.Context(), a.named)
	if err != nil {
		a.tb.Errorf("reading the history: %v", err)
		return
	}
	events, wanted := map[event]int{}, maps.Clone(a.events)
	for _, p := range data.Passwords {
		if want := a.status[p.Type.InternalName]; p.Status != want {
			a.tb.Errorf("%s: the %s is %s, want %s", a.user.LoginName, p.Type.InternalName, p.Status, want)
		}
		if len(p.History) == maxHistory {
			maps.DeleteFunc(wanted, func(e event, _ int) bool { return e.passwordType == p.Type.InternalName })
			continue // older events are forgotten
		}
		for _, log := range p.History {
			events[event{p.Type.InternalName, log.Action}]++
		}
	}
	if !maps.Equal(events, wanted) {
		a.tb.Errorf("%s: the history is %v, want %v", a.user.LoginName, events, wanted)
	}
	if want := a.events[event{typeTrade, passwords.ActionResetAndSend}]; sent != want {
		a.tb.Errorf("%s: %d messages were sent, want %d", a.user.LoginName, sent, want)
	}
	if !a.server.Check(a.user.LoginName, typeLogin, a.login) {
		a.tb.Errorf("%s: the login password is not the last one", a.user.LoginName)
	}
	if a.status[typePIN] == passwords.StatusActive && !a.pin.IsZero() && !a.server.Check(a.user.LoginName, typePIN, a.pin.Reveal()) {
		a.tb.Errorf("%s: the PIN is not the last one", a.user.LoginName)
	}
}

package passwords_test

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
)

// loadActor knows what the passwords of its user have to be.
type loadActor struct {
	*load
	tb             testing.TB
	random         *rand.Rand
	manager, owner *passwords.Client
	user           cyclostest.User
	named          passwords.ManagedUser

	login  string           // its value
	values int              // how many there were
	pin    passwords.Secret // zero if its value was lost
	status map[string]passwords.Status

	// told counts, by operation, the changes that were confirmed, lost those
	// which took place and were not.
	told, lost           map[string]int
	unknown, failedReads int
	events               map[loadEvent]int // all that took place
}

// loadEvent is what the history of a password type has to tell.
type loadEvent struct {
	passwordType string
	action       passwords.Action
}

func newActor(l *load, tb testing.TB, i int, manager, owner *passwords.Client, user cyclostest.User) *loadActor {
	return &loadActor{
		load: l, tb: tb, random: rand.New(rand.NewPCG(1, uint64(i))),
		manager: manager, owner: owner, user: user, named: passwords.Principal(user.LoginName), login: "fake",
		status: map[string]passwords.Status{
			loadLogin: passwords.StatusActive, loadPIN: passwords.StatusNeverCreated, loadTrade: passwords.StatusActive,
		},
		told: map[string]int{}, lost: map[string]int{}, events: map[loadEvent]int{},
	}
}

// act does one thing which is possible now.
func (a *loadActor) act() {
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

// The faults. Those of a change leave the client in doubt, but for the second
// one, by which the server says that nothing happened, and the delays.
var (
	loadReadFaults = []cyclostest.Fault{
		{Status: http.StatusServiceUnavailable}, {Cut: true}, {Delay: 5 * time.Millisecond},
	}
	loadChangeFaults = []cyclostest.Fault{
		{Status: http.StatusServiceUnavailable},
		{Status: http.StatusServiceUnavailable, Body: `{"code":"emailSending"}`},
		{Cut: true},
		{Delay: 5 * time.Millisecond},
		{Delay: 5 * time.Millisecond, AfterExecution: true},
		{Status: http.StatusServiceUnavailable, AfterExecution: true},
		{Cut: true, AfterExecution: true},
	}
)

// inject orders a fault for some call of the operation, perhaps that of another
// actor, now and then.
func (a *loadActor) inject(operationID string, faults []cyclostest.Fault) {
	if a.random.IntN(a.oneIn) > 0 {
		return
	}
	fault := faults[a.random.IntN(len(faults))]
	fault.Operation = operationID
	if len(faults) == len(loadReadFaults) {
		a.readsFailed.Add(1)
	} else if fault.AfterExecution && (fault.Cut || fault.Status != 0) {
		a.answersLost[operationID].Add(1)
	}
	a.server.Inject(fault)
}

// read compares what is read with what it has to be.
func (a *loadActor) read() {
	ctx, pins := a.tb.Context(), 0
	id := []string{"listUserPasswords", "getUserPasswordsListData", "getUserPasswordsData"}[a.random.IntN(3)]
	a.inject(id, loadReadFaults)
	check := func(passwordType string, got passwords.Status) {
		if passwordType != loadPIN {
			return
		}
		if pins++; got != a.status[loadPIN] {
			a.tb.Errorf("%s: the PIN is %s, want %s", id, got, a.status[loadPIN])
		}
	}
	started, err := time.Now(), error(nil)
	switch id {
	case "listUserPasswords":
		var all []passwords.PasswordStatusAndType
		all, err = a.owner.ListUserPasswords(ctx, passwords.Self())
		for _, p := range all {
			check(p.Type.InternalName, p.Status)
		}
	case "getUserPasswordsListData":
		var data *passwords.DataForUserPasswords
		if data, err = a.manager.GetUserPasswordsListData(ctx, a.named, "user.id", "passwords.-history"); err == nil {
			for _, p := range data.Passwords {
				check(p.Type.InternalName, p.Status)
			}
			if data.User.ID != a.user.ID {
				a.tb.Error("the data of another user were read")
			}
		}
	default:
		var p *passwords.PasswordStatusAndActions
		if p, err = a.manager.GetUserPasswordsData(ctx, passwords.UserID(a.user.ID), loadPIN, "-history"); err == nil {
			check(p.Type.InternalName, p.Status)
		}
	}
	a.latency.add(time.Since(started))
	switch {
	case err == nil && pins != 1:
		a.tb.Errorf("%s: %d PINs", id, pins)
	case err != nil && !loadIsInjected(err):
		a.tb.Errorf("%s: %v", id, err)
	case err != nil:
		a.failedReads++
	}
}

// loadIsInjected reports whether err may come from a fault.
func loadIsInjected(err error) bool {
	var e *passwords.Error
	return errors.Is(err, passwords.ErrUnavailable) ||
		errors.As(err, &e) && e.StatusCode == 0 && !errors.Is(err, passwords.ErrInvalidArgument) && !errors.Is(err, context.DeadlineExceeded)
}

// loadDeed is one change of one password.
type loadDeed struct {
	operationID, passwordType string
	action                    passwords.Action // "" leaves no history
	to                        passwords.Status
	call                      func(context.Context) error
	// done tells whether the server has executed it; by default whether the
	// status is the new one.
	done func() bool
}

// do reports whether the deed has taken place. What the client is told has to
// agree with that.
func (a *loadActor) do(d loadDeed) bool {
	a.inject(d.operationID, loadChangeFaults)
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
			a.tb.Errorf("%s was confirmed and did not take place", d.operationID)
		}
	case errors.Is(err, passwords.ErrOutcomeUnknown) && loadIsInjected(err):
		if a.unknown++; done {
			a.lost[d.operationID]++
		}
	case passwords.IsCode(err, passwords.CodeEmailSending):
		if done {
			a.tb.Errorf("%s was refused and took place", d.operationID)
		}
	default:
		a.tb.Errorf("%s: %v", d.operationID, err)
	}
	if done {
		a.status[d.passwordType] = d.to
		if d.action != "" {
			a.events[loadEvent{d.passwordType, d.action}]++
		}
	}
	return done
}

// changeLogin has the owner or the manager change the login password.
func (a *loadActor) changeLogin() {
	a.values++
	value := fmt.Sprintf("fake-%s-%d", a.user.LoginName, a.values)
	client, user := a.manager, passwords.User(a.named)
	change := passwords.ChangePassword{NewPassword: passwords.NewSecret(value)}
	if a.random.IntN(2) == 0 {
		client, user = a.owner, passwords.Self()
		change.OldPassword = passwords.NewSecret(a.login)
	}
	if a.do(loadDeed{
		operationID: "changePassword", passwordType: loadLogin, action: passwords.ActionChange, to: passwords.StatusActive,
		call: func(ctx context.Context) error { return client.ChangePassword(ctx, user, loadLogin, change) },
		done: func() bool { return a.server.Check(a.user.LoginName, loadLogin, value) },
	}) {
		a.login = value
	}
}

// movePIN takes the PIN one step on its way from generated over changed to
// disabled or reset.
func (a *loadActor) movePIN() {
	switch choice := a.random.IntN(4); a.status[loadPIN] {
	case passwords.StatusNeverCreated, passwords.StatusPending:
		a.generate("generatePassword", passwords.ActionActivate, nil, a.owner.GeneratePassword)
	case passwords.StatusDisabled:
		a.do(loadDeed{
			operationID: "enablePassword", passwordType: loadPIN, action: passwords.ActionEnable, to: passwords.StatusActive,
			call: func(ctx context.Context) error { return a.manager.EnablePassword(ctx, a.named, loadPIN) },
		})
	default:
		switch {
		case choice == 0:
			a.do(loadDeed{
				operationID: "disablePassword", passwordType: loadPIN, action: passwords.ActionDisable, to: passwords.StatusDisabled,
				call: func(ctx context.Context) error { return a.owner.DisablePassword(ctx, passwords.Self(), loadPIN) },
			})
		case choice == 1, a.pin.IsZero(): // a value that was lost cannot be had again
			a.do(loadDeed{
				operationID: "resetGeneratedPassword", passwordType: loadPIN, action: passwords.ActionReset, to: passwords.StatusPending,
				call: func(ctx context.Context) error { return a.manager.ResetGeneratedPassword(ctx, a.named, loadPIN) },
			})
		default:
			old := a.pin
			a.generate("changeGenerated", passwords.ActionChange,
				func() bool { return !a.server.Check(a.user.LoginName, loadPIN, old.Reveal()) },
				func(ctx context.Context, passwordType string) (passwords.Secret, error) {
					return a.owner.ChangeGenerated(ctx, passwordType, passwords.Secret{})
				})
		}
	}
}

// generate keeps the value that is returned, which has to be the one that holds.
func (a *loadActor) generate(id string, action passwords.Action, done func() bool, call func(context.Context, string) (passwords.Secret, error)) {
	var value passwords.Secret
	if !a.do(loadDeed{
		operationID: id, passwordType: loadPIN, action: action, to: passwords.StatusActive, done: done,
		call: func(ctx context.Context) (err error) {
			value, err = call(ctx, loadPIN)
			return err
		},
	}) {
		return
	}
	a.pin = value
	if !value.IsZero() && !a.server.Check(a.user.LoginName, loadPIN, value.Reveal()) {
		a.tb.Errorf("%s returned a value that does not hold", id)
	}
}

// moveTrade blocks and unblocks the trade password, or has it sent and changed.
func (a *loadActor) moveTrade() {
	wrong := passwords.ChangePassword{OldPassword: passwords.NewSecret("wrong"), NewPassword: passwords.NewSecret("fake-other")}
	switch choice := a.random.IntN(2); a.status[loadTrade] {
	case passwords.StatusIndefinitelyBlocked:
		a.do(loadDeed{
			operationID: "unblockPassword", passwordType: loadTrade, action: passwords.ActionUnblock, to: passwords.StatusActive,
			call: func(ctx context.Context) error { return a.manager.UnblockPassword(ctx, a.named, loadTrade) },
		})
	case passwords.StatusReset:
		a.do(loadDeed{
			operationID: "changePassword", passwordType: loadTrade, action: passwords.ActionChange, to: passwords.StatusActive,
			call: func(ctx context.Context) error {
				return a.owner.ChangePassword(ctx, passwords.Self(), loadTrade, passwords.ChangePassword{NewPassword: passwords.NewSecret("fake")})
			},
		})
	default:
		if choice == 0 {
			a.do(loadDeed{
				operationID: "resetAndSendPassword", passwordType: loadTrade, action: passwords.ActionResetAndSend, to: passwords.StatusReset,
				call: func(ctx context.Context) error { return a.manager.ResetAndSendPassword(ctx, a.named, loadTrade) },
			})
			return
		}
		a.do(loadDeed{
			operationID: "changePassword", passwordType: loadTrade, to: passwords.StatusIndefinitelyBlocked,
			call: func(ctx context.Context) error {
				err := a.owner.ChangePassword(ctx, passwords.Self(), loadTrade, wrong)
				if passwords.IsCode(err, passwords.CodeIndefinitelyBlocked) {
					return nil // what a wrong old password is there for
				}
				return err
			},
		})
	}
}

// compare holds the history, the status and the values against what the actor
// knows, after all is done.
func (a *loadActor) compare(sent int) {
	data, err := a.manager.GetUserPasswordsListData(a.tb.Context(), a.named)
	if err != nil {
		a.tb.Errorf("reading the history: %v", err)
		return
	}
	events := map[loadEvent]int{}
	for _, p := range data.Passwords {
		if want := a.status[p.Type.InternalName]; p.Status != want {
			a.tb.Errorf("%s: the %s is %s, want %s", a.user.LoginName, p.Type.InternalName, p.Status, want)
		}
		for _, log := range p.History {
			events[loadEvent{p.Type.InternalName, log.Action}]++
		}
	}
	if !maps.Equal(events, a.events) {
		a.tb.Errorf("%s: the history is %v, want %v", a.user.LoginName, events, a.events)
	}
	if want := a.events[loadEvent{loadTrade, passwords.ActionResetAndSend}]; sent != want {
		a.tb.Errorf("%s: %d messages were sent, want %d", a.user.LoginName, sent, want)
	}
	if !a.server.Check(a.user.LoginName, loadLogin, a.login) {
		a.tb.Errorf("%s: the login password is not the last one", a.user.LoginName)
	}
	if a.status[loadPIN] == passwords.StatusActive && !a.pin.IsZero() && !a.server.Check(a.user.LoginName, loadPIN, a.pin.Reveal()) {
		a.tb.Errorf("%s: the PIN is not the last one", a.user.LoginName)
	}
}

package cyclostest

import (
	"slices"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/gen"
)

const (
	sampleManual    = "sample-77"
	sampleGenerated = "7777"
)

type statuses = []gen.PasswordStatusEnum

// allStatuses are those of a manual password. A generated one can also be pending.
var allStatuses = statuses{
	neverCreated, active, expired, reset, disabled, temporarilyBlocked, indefinitelyBlocked,
}

func statusesOf(passwordType string) statuses {
	if passwordType == TypePIN || passwordType == TypeCardPIN {
		return append(statuses{pending}, allStatuses...)
	}
	return allStatuses
}

// expectation is a line of the expected life cycle, for an action, a caller and a
// password type. The lines are independent of the table in package lifecycle.
type expectation struct {
	operation string // last segment of the path
	token     string
	typ       string
	from      []gen.PasswordStatusEnum
	to        gen.PasswordStatusEnum
	history   gen.PasswordActionEnum
	otherwise gen.ForbiddenErrorCode
}

func expectations() []expectation {
	const (
		illegal = gen.ForbiddenErrorCodeIllegalAction
		denied  = gen.ForbiddenErrorCodePermissionDenied
	)
	usable := statuses{neverCreated, active, expired, reset}
	disablable := statuses{active, expired, reset, temporarilyBlocked, indefinitelyBlocked}
	blocked := statuses{temporarilyBlocked, indefinitelyBlocked}
	resettable := statuses{active, expired, reset, temporarilyBlocked, indefinitelyBlocked}
	sendable := statuses{neverCreated, active, expired, reset, temporarilyBlocked, indefinitelyBlocked}
	return []expectation{
		{"change", AnaSession, TypeLogin, usable, active, "change", illegal},
		{"change", BrokerSession, TypeLogin, usable, active, "change", illegal},
		{"change?force", BrokerSession, TypeLogin, usable, reset, "change", illegal},
		{"change?force", AnaSession, TypeLogin, usable, active, "change", illegal},
		{"change", AnaSession, TypePIN, nil, "", "", illegal},
		{"change", BrokerSession, TypeOTP, nil, "", "", illegal},
		{"change", BenSession, TypeLogin, nil, "", "", denied},
		{"generate", AnaSession, TypePIN, statuses{neverCreated, pending, expired, reset}, active, "activate", illegal},
		{"generate", AnaSession, TypeCardPIN, statuses{pending, expired, reset}, active, "activate", illegal},
		{"generate", AnaSession, TypeLogin, nil, "", "", illegal},
		{"change-generated", AnaSession, TypePIN, statuses{active}, active, "change", illegal},
		{"change-generated", AnaSession, TypeTradePIN, nil, "", "", illegal},
		{"allow-generation", AdminSession, TypeCardPIN, statuses{neverCreated}, pending, "allow_activation", illegal},
		{"allow-generation", AdminSession, TypePIN, nil, "", "", illegal},
		{"allow-generation", BrokerSession, TypeCardPIN, nil, "", "", denied},
		{"allow-generation", AnaSession, TypeCardPIN, nil, "", "", denied},
		{"reset-generated", BrokerSession, TypePIN, resettable, pending, "reset", illegal},
		{"reset-generated", BrokerSession, TypeLogin, nil, "", "", illegal},
		{"reset-generated", AnaSession, TypePIN, nil, "", "", denied},
		{"reset-and-send", BrokerSession, TypeLogin, sendable, reset, "resetAndSend", illegal},
		{"reset-and-send", BrokerSession, TypePIN, nil, "", "", illegal},
		{"reset-and-send", AnaSession, TypeLogin, nil, "", "", denied},
		{"disable", AnaSession, TypeLogin, disablable, disabled, "disable", illegal},
		{"disable", AdminSession, TypePIN, append(disablable, pending), disabled, "disable", illegal},
		{"disable", BrokerSession, TypeOTP, disablable, disabled, "disable", illegal},
		{"disable", BrokerSession, TypeScript, nil, "", "", illegal},
		{"disable", BenSession, TypeLogin, nil, "", "", denied},
		{"enable", BrokerSession, TypeLogin, statuses{disabled}, active, "enable", illegal},
		{"enable", AnaSession, TypeLogin, nil, "", "", denied},
		{"unblock", AdminSession, TypeLogin, blocked, active, "unblock", illegal},
		{"unblock", BrokerSession, TypePIN, blocked, active, "unblock", illegal},
		{"unblock", AnaSession, TypeLogin, nil, "", "", denied},
	}
}

func TestLifeCycle(t *testing.T) {
	t.Parallel()
	for _, e := range expectations() {
		e.checkAll(t, func(*World) {})
	}
}

// TestLifeCycleByConfiguration covers what the configuration of a server permits in
// addition.
func TestLifeCycleByConfiguration(t *testing.T) {
	t.Parallel()
	const illegal = gen.ForbiddenErrorCodeIllegalAction
	notDisabled := statuses{neverCreated, pending, active, expired, reset, temporarilyBlocked, indefinitelyBlocked}
	expectation{"reset-and-send", BrokerSession, TypePIN, notDisabled, reset, "resetAndSend", illegal}.
		checkAll(t, func(w *World) { w.Channels[0].PasswordType = TypePIN })
	enable := expectation{"enable", BrokerSession, TypeLogin, statuses{disabled, temporarilyBlocked, indefinitelyBlocked}, active, "enable", illegal}
	enable.checkAll(t, func(w *World) { w.PasswordTypes[0].EnableLiftsBlocks = true })
}

func (e expectation) checkAll(t *testing.T, configure func(*World)) {
	for _, from := range statusesOf(e.typ) {
		t.Run(strings.Join([]string{e.operation, strings.TrimPrefix(e.token, "fake-session-"), e.typ, string(from)}, "/"), func(t *testing.T) {
			t.Parallel()
			e.check(t, from, configure)
		})
	}
}

func (e expectation) check(t *testing.T, from gen.PasswordStatusEnum, configure func(*World)) {
	w := withPassword(Ana, passwordInStatus(e.typ, from))
	configure(&w)
	r := start(t, WithWorld(w))
	possible := slices.Contains(e.from, from)
	if got := e.offered(r); got != possible {
		t.Fatalf("the permissions contain the operation: got %t, want %t", got, possible)
	}
	got := r.post(e.path(), session(e.token), e.body(from), header(confirmationPassword, AnaPassword))
	if !possible {
		got.want(t, 403, `{"code":"`+string(e.otherwise)+`"}`)
		r.wantStatus(Ana, e.typ, from)
		return
	}
	if got.status != 200 && got.status != 204 {
		t.Fatalf("got %d %s", got.status, got.body)
	}
	r.wantStatus(Ana, e.typ, e.to)
	history := r.data(AdminSession, Ana, e.typ).History
	if len(history) != 1 || history[0].Action != e.history {
		t.Fatalf("got history %v, want %s", history, e.history)
	}
}

func (e expectation) path() string {
	operation, _, _ := strings.Cut(e.operation, "?")
	if operation == "generate" || operation == "change-generated" {
		return "/passwords/" + e.typ + "/" + operation
	}
	return "/ana/passwords/" + e.typ + "/" + operation
}

func (e expectation) body(from gen.PasswordStatusEnum) edit {
	switch {
	case strings.HasSuffix(e.operation, "?force"):
		return body(`{"newPassword":"another-88","forceChange":true,"oldPassword":"` + sampleManual + `"}`)
	case e.token == AnaSession && from == active:
		return body(`{"newPassword":"another-88","oldPassword":"` + sampleManual + `"}`)
	default:
		return body(`{"newPassword":"another-88"}`)
	}
}

// offered reports whether the permissions contain the operation.
func (e expectation) offered(r *rig) bool {
	got := r.get("/ana/passwords/"+e.typ, session(e.token))
	if got.status == 403 {
		return false
	}
	var data gen.PasswordStatusAndActions
	got.decode(r.t, &data)
	p := data.Permissions
	return map[string]bool{
		"change": p.Change, "change?force": p.Change, "generate": p.Generate,
		"change-generated": p.ChangeGenerated, "allow-generation": p.AllowGeneration,
		"reset-generated": p.ResetGenerated, "reset-and-send": p.ResetAndSend,
		"disable": p.Disable, "enable": p.Enable, "unblock": p.Unblock,
	}[e.operation]
}

func TestRequireOldPasswordForChange(t *testing.T) {
	t.Parallel()
	required := statuses{active, disabled, temporarilyBlocked, indefinitelyBlocked}
	for _, status := range allStatuses {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			r := start(t, WithWorld(withPassword(Ana, passwordInStatus(TypeLogin, status))))
			own := r.data(AnaSession, self, TypeLogin).RequireOldPasswordForChange
			if own != slices.Contains(required, status) {
				t.Errorf("for the owner: got %t", own)
			}
			if r.data(BrokerSession, Ana, TypeLogin).RequireOldPasswordForChange {
				t.Error("for a manager: got true")
			}
		})
	}
	r := start(t)
	if r.data(AnaSession, self, TypePIN).RequireOldPasswordForChange {
		t.Error("for a generated password: got true")
	}
}

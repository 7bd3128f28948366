package cyclostest

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/gen"
)

func TestGenerate(t *testing.T) {
	t.Parallel()
	r := start(t)
	got := r.post("/passwords/pin/generate", session(BenSession))
	if got.status != 200 || got.header.Get("Content-Type") != "text/plain;charset=UTF-8" {
		t.Fatalf("got %d %s", got.status, got.header.Get("Content-Type"))
	}
	if !regexp.MustCompile(`^[0-9]{4}$`).MatchString(got.body) || !r.Check(Ben, TypePIN, got.body) {
		t.Fatal("the response is not the new value")
	}
	r.get("/self/passwords", basic(Ben, got.body), header(headerChannel, ChannelPOS)).want(t, 200, "")

	next := r.generated("/passwords/pin/change-generated", session(BenSession), header(confirmationPassword, BenPassword))
	if next == got.body || !r.Check(Ben, TypePIN, next) {
		t.Fatal("the value did not change")
	}
	r.ok("/ben/passwords/pin/reset-generated", session(BrokerSession))
	if r.Check(Ben, TypePIN, next) {
		t.Fatal("the value is valid after the reset")
	}
	r.generated("/passwords/pin/generate", session(BenSession))
}

func TestGenerateWithAuthorization(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.post("/passwords/cardPin/generate", session(AnaSession)).want(t, 403, `{"code":"illegalAction"}`)
	r.ok("/ana/passwords/cardPin/allow-generation", session(AdminSession))
	r.wantStatus(Ana, TypeCardPIN, pending)
	r.generated("/passwords/cardPin/generate", session(AnaSession))
	r.wantStatus(Ana, TypeCardPIN, active)
}

func TestConfirmation(t *testing.T) {
	t.Parallel()
	const typ = `,"passwordType":{"id":"-7762070814178012101","internalName":"login","name":"Login password"}}`
	confirmed := header("confirmationPassword", BenPassword)
	for name, test := range map[string]struct {
		status gen.PasswordStatusEnum
		edits  []edit
		want   string // "" for success
	}{
		"right":                {active, []edit{confirmed}, ""},
		"missing":              {active, nil, `{"code":"invalidPassword"` + typ},
		"empty":                {active, []edit{header("confirmationPassword", "")}, `{"code":"invalidPassword"` + typ},
		"wrong":                {active, []edit{header("confirmationPassword", "wrong")}, `{"code":"invalidPassword"` + typ},
		"totp":                 {active, []edit{header("confirmationPassword", "totp:123456")}, `{"code":"invalidPassword"` + typ},
		"temporarily blocked":  {temporarilyBlocked, []edit{confirmed}, `{"code":"temporarilyBlocked"` + typ},
		"indefinitely blocked": {indefinitelyBlocked, []edit{confirmed}, `{"code":"indefinitelyBlocked"` + typ},
		"expired":              {expired, []edit{confirmed}, `{"code":"expiredPassword"` + typ},
		"reset":                {reset, []edit{confirmed}, `{"code":"resetPassword"}`},
		"disabled":             {disabled, []edit{confirmed}, `{"code":"disabledPassword"}`},
		"never created":        {neverCreated, []edit{confirmed}, `{"code":"invalidPassword"` + typ},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := Password{Type: TypeLogin, Value: BenPassword, Status: test.status}
			if test.status == neverCreated {
				p.Value = ""
			}
			r := start(t, WithWorld(withPassword(Ben, p)))
			got := r.post("/passwords/cardPin/change-generated", append(test.edits, session(BenSession))...)
			if test.want == "" {
				got.want(t, 200, "")
			} else {
				got.want(t, 403, test.want)
			}
			if unchanged := r.Check(Ben, TypeCardPIN, BenCardPIN); unchanged != (test.want != "") {
				t.Errorf("got unchanged value: %t", unchanged)
			}
		})
	}
}

func TestFailedConfirmationsBlock(t *testing.T) {
	t.Parallel()
	r := start(t)
	for range 5 {
		r.post("/passwords/cardPin/change-generated", session(BenSession)).want(t, 403, "") // not a failed attempt
	}
	for i, attempt := range []struct{ value, want string }{
		{"wrong", "invalidPassword"}, {"wrong", "invalidPassword"}, {"wrong", "temporarilyBlocked"}, {"wrong", "temporarilyBlocked"},
		{BenPassword, "temporarilyBlocked"},
	} {
		got := r.post("/passwords/cardPin/change-generated?fields=code", session(BenSession), header("confirmationPassword", attempt.value))
		var e gen.ForbiddenError
		if err := json.Unmarshal([]byte(got.body), &e); err != nil || got.status != 403 || string(e.Code) != attempt.want {
			t.Errorf("attempt %d: got status %d and %s, want %s: %v", i, got.status, e.Code, attempt.want, err)
		}
	}
	r.get("/self/passwords", basic(Ben, BenPassword)).want(t, 401, `{"code":"login","passwordStatus":"temporarilyBlocked"}`)
}

// The channel decides which password confirms, whatever type is changed.
func TestConfirmationByChannel(t *testing.T) {
	t.Parallel()
	w := DefaultWorld()
	w.Channels[1].Confirmation = TypeTradePIN
	w.Channels = append(w.Channels, Channel{InternalName: "free", PasswordType: TypeLogin})
	r := start(t, WithWorld(w))
	for _, attempt := range []struct {
		channel, value, problem string
	}{
		{ChannelMain, AnaTradePIN, TypeLogin}, {ChannelMain, AnaPassword, ""},
		{ChannelPOS, AnaPassword, TypeTradePIN}, {ChannelPOS, AnaTradePIN, ""},
		{"free", "", ""},
	} {
		got := r.post("/passwords/pin/change-generated", session(AnaSession), header(headerChannel, attempt.channel),
			header(confirmationPassword, attempt.value))
		if attempt.problem == "" {
			got.want(t, 200, "")
			continue
		}
		got.want(t, 403, "")
		if !strings.Contains(got.body, `"internalName":"`+attempt.problem+`"`) {
			t.Errorf("%s: got %s", attempt.channel, got.body)
		}
	}
}

// The header has no separators and no escapes.
func TestConfirmationIsLiteral(t *testing.T) {
	t.Parallel()
	const value = `a,b%41 "c";d=1`
	r := start(t, WithWorld(withPassword(Ben, Password{Type: TypeLogin, Value: value})))
	r.post("/passwords/cardPin/change-generated", session(BenSession), header("confirmationPassword", value)).want(t, 200, "")
	r.post("/passwords/cardPin/change-generated", session(BenSession), header("confirmationPassword", value, value)).
		want(t, 422, `{"code":"dataConversion"}`)
}

func TestConfirmationPasswordInput(t *testing.T) {
	t.Parallel()
	r := start(t)
	input := func(token, user string, edits ...edit) *gen.PasswordInput {
		var data gen.DataForUserPasswords
		r.get("/"+user+"/passwords/list-data", append(edits, session(token))...).decode(t, &data)
		return data.ConfirmationPasswordInput
	}
	in := input(BenSession, self)
	if in == nil || in.InternalName != TypeLogin || !in.HasActivePassword || in.MinLength != 8 {
		t.Errorf("for ben: got %+v", in)
	}
	if input(OperatorSession, self) != nil || input(AdminSession, Ben) != nil {
		t.Error("got an input, but no generated password can be changed")
	}
	if input(BenSession, self, header(headerChannel, ChannelPOS)) != nil {
		t.Error("got an input in a channel without a confirmation")
	}
	r.ok("/self/passwords/login/disable", session(BenSession))
	if in := input(BenSession, self); in == nil || in.HasActivePassword || in.PasswordStatus != disabled || in.ActiveCredentials != nil {
		t.Errorf("with a disabled password: got %+v", in)
	}
}

func TestGeneratedValueByAccept(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		version, accept, want string
	}{
		{"4.9", "application/json", "application/json"},
		{"4.11", "application/json, text/plain;q=0.5", "application/json"},
		{"4.11", "text/plain, application/json;q=0.9", "text/plain;charset=UTF-8"},
		{"4.11", "*/*", "text/plain;charset=UTF-8"},
		{"4.11", "", "text/plain;charset=UTF-8"},
		{"4.12", "application/json", "text/plain;charset=UTF-8"},
		{"4.16", "application/json", "text/plain;charset=UTF-8"},
	} {
		r := start(t, WithVersion(test.version))
		got := r.post("/passwords/pin/generate", session(BenSession), header("Accept", test.accept))
		if got.status != 200 || got.header.Get("Content-Type") != test.want {
			t.Errorf("%s, %s: got %d %s", test.version, test.accept, got.status, got.header.Get("Content-Type"))
			continue
		}
		value := got.body
		if test.want == "application/json" {
			if err := json.Unmarshal([]byte(got.body), &value); err != nil {
				t.Errorf("%s, %s: the response is not a JSON string", test.version, test.accept)
			}
		}
		if !r.Check(Ben, TypePIN, value) {
			t.Errorf("%s, %s: the response is not the new value", test.version, test.accept)
		}
	}
}

func TestPrefersJSON(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		accept []string
		want   bool
	}{
		{nil, false},
		{[]string{"application/json"}, true},
		{[]string{"APPLICATION/JSON"}, true},
		{[]string{"application/*"}, true},
		{[]string{"text/*"}, false},
		{[]string{"*/*"}, false},
		{[]string{"application/json, text/plain"}, false},
		{[]string{"text/plain", "application/json"}, false},
		{[]string{"text/plain;q=0.5", "application/json;q=0.6"}, true},
		{[]string{"text/plain;q=0, */*;q=0.1"}, true},
		{[]string{"application/json;q=0, */*"}, false},
		{[]string{"application/json;q=0"}, false},
		{[]string{"application/json;q=nan, text/plain;q=0.1"}, false},
		{[]string{"application/json;q=2, text/plain;q=0.1"}, false},
		{[]string{"application/json;q=, text/plain;q=0.1"}, false},
		{[]string{"application/json;q=0.1, application/json;q=0.9, text/plain;q=0.5"}, true},
		{[]string{"image/png, ;;;, application/xml"}, false},
	} {
		if got := prefersJSON(test.accept); got != test.want {
			t.Errorf("%q: got %t, want %t", test.accept, got, test.want)
		}
	}
}

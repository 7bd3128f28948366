package cyclostest

import (
	"slices"
	"testing"

	"github.com/cyclos-go/passwords/gen"
)

func TestResetAndSend(t *testing.T) {
	t.Parallel()
	const email, sms = gen.SendMediumEnumEmail, gen.SendMediumEnumSMS
	const (
		unreachable = `{"code":"validation","properties":["sendMediums"],"propertyErrors":{"sendMediums":["the user cannot be reached by this medium"]}}`
		conversion  = `{"code":"dataConversion"`
	)
	for name, test := range map[string]struct {
		version, user, query string
		want                 []gen.SendMediumEnum
		problem              string
	}{
		"all available":      {"4.16", Ana, "", []gen.SendMediumEnum{email, sms}, ""},
		"all available, old": {"4.11", Ana, "", []gen.SendMediumEnum{email, sms}, ""},
		"only sms available": {"4.16", "'self", "", []gen.SendMediumEnum{sms}, ""},
		"none available":     {"4.16", AnaOperator, "", nil, unreachable},
		"sms":                {"4.16", Ana, "?sendMediums=sms", []gen.SendMediumEnum{sms}, ""},
		"both":               {"4.12", Ana, "?sendMediums=sms&sendMediums=email", []gen.SendMediumEnum{sms, email}, ""},
		"twice the same":     {"4.16", Ana, "?sendMediums=sms&sendMediums=sms", []gen.SendMediumEnum{sms}, ""},
		"no phone":           {"4.16", Ben, "?sendMediums=email&sendMediums=sms", nil, unreachable},
		"unknown":            {"4.16", Ana, "?sendMediums=fax", nil, conversion + `,"value":"fax"}`},
		"joined, new":        {"4.12", Ana, "?sendMediums=email,sms", nil, conversion + `,"value":"email,sms"}`},
		"joined, old":        {"4.11", Ana, "?sendMediums=email,sms", []gen.SendMediumEnum{email, sms}, ""},
		"one, old":           {"4.9", Ana, "?sendMediums=sms", []gen.SendMediumEnum{sms}, ""},
		"repeated, old":      {"4.11", Ana, "?sendMediums=email&sendMediums=sms", []gen.SendMediumEnum{email, sms}, ""},
		"both forms, old":    {"4.11", Ana, "?sendMediums=email,sms&sendMediums=sms", []gen.SendMediumEnum{email, sms}, ""},
		"empty, old":         {"4.11", Ana, "?sendMediums=", nil, conversion + `}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, WithVersion(test.version))
			got := r.post("/"+test.user+"/passwords/login/reset-and-send"+test.query, session(AdminSession))
			if test.problem != "" {
				got.want(t, 422, test.problem)
				if len(r.Messages()) > 0 {
					t.Error("a message was sent")
				}
				return
			}
			got.want(t, 204, "")
			var mediums []gen.SendMediumEnum
			for _, m := range r.Messages() {
				mediums = append(mediums, m.Medium)
			}
			if !slices.Equal(mediums, test.want) {
				t.Errorf("got mediums %v, want %v", mediums, test.want)
			}
		})
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.ok("/ana/passwords/login/reset-and-send?sendMediums=email&sendMediums=sms", session(BrokerSession))
	r.ok("/ben/passwords/tradePin/reset-and-send", session(BrokerSession))
	sent := r.Messages()
	if len(sent) != 3 {
		t.Fatalf("got %d messages, want 3", len(sent))
	}
	for i, want := range []Message{
		{User: Ana, PasswordType: TypeLogin, Medium: gen.SendMediumEnumEmail, To: "ana@example.org", Date: startTime},
		{User: Ana, PasswordType: TypeLogin, Medium: gen.SendMediumEnumSMS, To: "+31612345678", Date: startTime},
		{User: Ben, PasswordType: TypeTradePIN, Medium: gen.SendMediumEnumEmail, To: "ben@example.org", Date: startTime},
	} {
		if !r.Check(want.User, want.PasswordType, sent[i].Value) {
			t.Errorf("message %d does not contain the value", i)
		}
		sent[i].Value = ""
		if sent[i] != want {
			t.Errorf("message %d: got %+v, want %+v", i, sent[i], want)
		}
	}
	value := r.Messages()[0].Value
	r.wantStatus(Ana, TypeLogin, reset)
	r.get("/self/passwords", basic(Ana, value)).want(t, 403, `{"code":"resetPassword"}`)
}

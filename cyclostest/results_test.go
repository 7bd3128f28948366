package cyclostest

import (
	"strings"
	"testing"
	"time"

	"github.com/cyclos-go/passwords/gen"
)

func TestHistory(t *testing.T) {
	t.Parallel()
	r := start(t)
	if data := r.data(AnaSession, self, TypePIN); data.History != nil {
		t.Errorf("history of an unchanged password: got %+v", data.History)
	}
	r.clock.advance(time.Hour)
	r.ok("/ana/passwords/pin/reset-generated", session(BrokerSession))
	r.clock.advance(time.Hour)
	r.generated("/passwords/pin/generate", session(AnaSession))
	r.clock.advance(time.Hour)
	r.ok("/ana/passwords/pin/disable", session(AdminSession))
	r.ok("/ana/passwords/pin/enable", session(AdminSession))

	type entry struct {
		action gen.PasswordActionEnum
		by     string
		hours  int
	}
	for token, want := range map[string][]entry{
		AnaSession:    {{"enable", "", 3}, {"disable", "", 3}, {"activate", "Ana Morales", 2}, {"reset", "Bruno Broker", 1}},
		BrokerSession: {{"enable", "", 3}, {"disable", "", 3}, {"activate", "Ana Morales", 2}, {"reset", "Bruno Broker", 1}},
		AdminSession:  {{"enable", "Ada Admin", 3}, {"disable", "Ada Admin", 3}, {"activate", "Ana Morales", 2}, {"reset", "Bruno Broker", 1}},
	} {
		history := r.data(token, Ana, TypePIN).History
		if len(history) != len(want) {
			t.Fatalf("%s: got %d entries, want %d", token, len(history), len(want))
		}
		for i, e := range history {
			by := ""
			if e.By != nil {
				by = e.By.Display
			}
			at := startTime.Add(time.Duration(want[i].hours) * time.Hour).Truncate(time.Millisecond)
			if e.Action != want[i].action || by != want[i].by || !e.Date.Equal(at) {
				t.Errorf("%s, entry %d: got %s by %q at %s, want %+v", token, i, e.Action, by, e.Date, want[i])
			}
		}
	}
}

func TestDateFormat(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.get("/self/passwords/pin?fields=date", session(AnaSession)).want(t, 200, `{"date":"2018-06-25T10:17:37.085+02:00"}`)
	r = start(t, WithClock(func() time.Time { return time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC) }))
	r.ok("/self/passwords/pin/disable", session(AnaSession))
	got := r.get("/self/passwords/pin?fields=history.date", session(AnaSession))
	got.want(t, 200, `{"history":[{"date":"2020-01-02T03:04:05.000+00:00"}]}`)
	if got := cyclosDate("no date"); got != "no date" {
		t.Errorf("got %q", got)
	}
	if strings.Contains(r.get("/self/passwords/cardPin", session(AnaSession)).body, `"date"`) {
		t.Error("a neverCreated password has a date")
	}
}

func TestOperatorInResults(t *testing.T) {
	t.Parallel()
	r := start(t)
	var data gen.DataForUserPasswords
	r.get("/ana.till/passwords/list-data", session(AnaSession)).decode(t, &data)
	// The mediums of a user without addresses are an empty list.
	if data.User.User == nil || data.User.User.Display != "Ana Morales" || data.SendMediums == nil || len(data.SendMediums) > 0 {
		t.Errorf("got %+v", data)
	}
}

// The locator is the string by which the user was found.
func TestLocator(t *testing.T) {
	t.Parallel()
	const id = "7762070814178012003"
	r := start(t)
	for key, want := range map[string]string{
		self: "", id: "", "+" + id: "", "ANA": "ANA", "'ana": "'ana", "'+31612345678": "'+31612345678",
		"email:ana@example.org": "email:ana@example.org", "id:" + id: "id:" + id,
	} {
		var data gen.DataForUserPasswords
		r.get("/"+key+"/passwords/list-data", session(AnaSession)).decode(t, &data)
		if data.User.ID != id || data.User.Locator != want {
			t.Errorf("%s: got user %s with locator %q, want %q", key, data.User.ID, data.User.Locator, want)
		}
	}
}

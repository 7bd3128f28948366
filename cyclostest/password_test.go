package cyclostest

import (
	"testing"
	"time"
)

func TestExpiry(t *testing.T) {
	t.Parallel()
	const days = 24 * time.Hour
	r := start(t)
	r.clock.advance(90*days - time.Nanosecond)
	r.wantStatus(Ana, TypeTradePIN, active)
	r.clock.advance(time.Nanosecond)
	r.wantStatus(Ana, TypeTradePIN, expired)
	r.wantStatus(Ana, TypeLogin, active)
	data := r.data(AnaSession, self, TypeTradePIN)
	if !data.Date.Equal(startTime.Add(90*days).Truncate(time.Millisecond)) || data.RequireOldPasswordForChange {
		t.Errorf("got %s, %t", data.Date, data.RequireOldPasswordForChange)
	}
	r.ok("/self/passwords/tradePin/change", session(AnaSession), body(`{"newPassword":"123456"}`))
	r.clock.advance(89 * days)
	r.wantStatus(Ana, TypeTradePIN, active)

	r.clock.advance(365 * days)
	r.wantStatus(Ana, TypePIN, expired)
	r.generated("/passwords/pin/generate", session(AnaSession))
	r.wantStatus(Ana, TypePIN, active)
}

func TestExpiryAfterBlock(t *testing.T) {
	t.Parallel()
	date := startTime.Add(-365 * 24 * time.Hour)
	w := withPassword(Ana, Password{Type: TypePIN, Value: AnaPIN, Status: temporarilyBlocked, Date: date})
	r := start(t, WithWorld(w))
	r.wantStatus(Ana, TypePIN, expired) // the block ended first

	w = withPassword(Ana, Password{Type: TypePIN, Value: AnaPIN, Status: disabled, Date: date})
	r = start(t, WithWorld(w))
	r.wantStatus(Ana, TypePIN, disabled)
	r.ok("/ana/passwords/pin/enable", session(BrokerSession))
	r.wantStatus(Ana, TypePIN, expired)
}

// The end of a block must have no effect if the password is no longer blocked.
func TestEndOfFormerBlock(t *testing.T) {
	t.Parallel()
	p := Password{Type: TypeLogin, Value: AnaPassword, Status: temporarilyBlocked}
	for _, operation := range []string{"disable", "reset-and-send"} {
		r := start(t, WithWorld(withPassword(Ana, p)))
		r.ok("/ana/passwords/login/"+operation, session(BrokerSession))
		before := r.Status(Ana, TypeLogin)
		r.clock.advance(time.Hour)
		r.wantStatus(Ana, TypeLogin, before)
	}
}

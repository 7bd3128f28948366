package cyclostest

import (
	"testing"
)

func TestUnknownNamesPanic(t *testing.T) {
	t.Parallel()
	s := New()
	mustPanic(t, func() { s.NewSession("nobody") })
	mustPanic(t, func() { s.Status("nobody", TypeLogin) })
	mustPanic(t, func() { s.Check(Ana, "nope", "") })
}

func TestEndedSession(t *testing.T) {
	t.Parallel()
	r := start(t)
	token := r.NewSession(Ben)
	if token == r.NewSession(Ben) {
		t.Fatal("two sessions have the same token")
	}
	r.get("/self/passwords", session(token)).want(t, 200, "")
	r.EndSession(token)
	r.EndSession("unknown")
	r.get("/self/passwords", session(token)).want(t, 401, `{"code":"loggedOut"}`)
}

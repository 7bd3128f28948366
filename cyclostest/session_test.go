package cyclostest

import (
	"testing"
	"time"

	"github.com/cyclos-go/passwords/gen"
)

// login logs in and returns the token.
func (r *rig) login(query string, edits ...edit) string {
	r.t.Helper()
	var auth gen.Auth
	r.post("/auth/session"+query, edits...).decode(r.t, &auth)
	if auth.SessionToken == "" {
		r.t.Fatal("got no token")
	}
	return auth.SessionToken
}

// TestSessionsEndByTheClock: each request prolongs the session of a login. Other
// sessions do not end.
func TestSessionsEndByTheClock(t *testing.T) {
	t.Parallel()
	for query, idle := range map[string]time.Duration{
		"": defaultSessionTimeout, "?timeoutInSeconds=60&fields=sessionToken": time.Minute,
	} {
		r := start(t)
		token := r.login(query, basic(Ana, AnaPassword))
		for range 3 {
			r.clock.advance(idle - 1)
			r.get("/self/passwords", session(token)).want(t, 200, "")
		}
		r.clock.advance(idle)
		for range 2 {
			r.get("/self/passwords", session(token)).want(t, 401, `{"code":"loggedOut"}`)
		}
		r.get("/self/passwords", session(AnaSession)).want(t, 200, "")
		if got := r.Calls(gen.OperationLogin); got != 1 {
			t.Errorf("%d logins were counted", got)
		}
		if got := r.Requests()[0]; got.Operation != gen.OperationLogin || got.Caller != Ana || !got.Executed || got.Parameters.Has(timeoutInSeconds) != (query != "") {
			t.Errorf("the login was recorded as %v", got)
		}
	}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	r := start(t, WithWorld(withPassword(Ben, Password{Type: TypeLogin, Value: BenPassword, Status: disabled})))
	for name, test := range map[string]struct {
		query  string
		edits  []edit
		status int
		want   string
	}{
		"other fields":      {"?fields=user", []edit{basic(Ana, AnaPassword)}, 200, "{}"},
		"wrong password":    {"", []edit{basic(Ana, "wrong")}, 401, `{"code":"login"}`},
		"disabled password": {"", []edit{basic(Ben, BenPassword)}, 401, `{"code":"login","passwordStatus":"disabled"}`},
		"session":           {"", []edit{session(AnaSession)}, 401, `{"code":"missingAuthorization"}`},
		"nobody":            {"", nil, 401, `{"code":"missingAuthorization"}`},
		"zero timeout":      {"?timeoutInSeconds=0", []edit{basic(Ana, AnaPassword)}, 422, `{"code":"dataConversion","value":"0"}`},
		"timeout of a word": {"?timeoutInSeconds=x", []edit{basic(Ana, AnaPassword)}, 422, `{"code":"dataConversion","value":"x"}`},
		"malformed fields":  {"?fields=a,-a", []edit{basic(Ana, AnaPassword)}, 422, `{"code":"queryParse","value":"-a"}`},
	} {
		t.Run(name, func(t *testing.T) { r.post("/auth/session"+test.query, test.edits...).want(t, test.status, test.want) })
	}
}

func TestLogout(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, token := range []string{r.login("", basic(Ana, AnaPassword)), r.NewSession(Ana), AnaSession} {
		r.do("DELETE", "/auth/session", session(token)).want(t, 204, "")
		r.do("DELETE", "/auth/session", session(token)).want(t, 401, `{"code":"loggedOut"}`)
	}
	r.do("DELETE", "/auth/session", basic(Ana, AnaPassword)).want(t, 204, "")
	r.get("/self/passwords", session(BenSession)).want(t, 200, "")
}

// TestManyLoginsStayBounded: sessions that ended are forgotten, even if their tokens
// are never used again.
func TestManyLoginsStayBounded(t *testing.T) {
	t.Parallel()
	r := start(t)
	for range 3000 {
		c := &call{state: r.world, request: r.request("POST", "/auth/session"), caller: r.mustUser(Ana), used: r.mustPassword(Ana, TypeLogin), now: r.clock.Now()}
		if _, p := c.login(); p != nil {
			t.Fatal(p)
		}
		r.clock.advance(time.Minute)
	}
	if got := len(r.world.sessions); got > 1100 || len(r.world.lifetimes) > got {
		t.Errorf("%d sessions are kept", got)
	}
}

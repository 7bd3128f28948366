package cyclostest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cyclos-go/passwords/gen"
)

func TestAuthentication(t *testing.T) {
	t.Parallel()
	r := start(t)
	const (
		ok        = ""
		missing   = `{"code":"missingAuthorization"}`
		login     = `{"code":"login"}`
		loggedOut = `{"code":"loggedOut"}`
		client    = `{"code":"invalidAccessClient"}`
		channel   = `{"code":"inaccessibleChannel"}`
		principal = `{"code":"inaccessiblePrincipal"}`
	)
	for name, test := range map[string]struct {
		edits  []edit
		status int
		body   string
	}{
		"nothing":              {nil, 401, missing},
		"empty authorization":  {[]edit{header("Authorization", "")}, 401, missing},
		"bearer":               {[]edit{header("Authorization", "Bearer x")}, 401, login},
		"malformed basic":      {[]edit{header("Authorization", "Basic %")}, 401, login},
		"basic and session":    {[]edit{basic(Ana, AnaPassword), session(AnaSession)}, 401, missing},
		"session and client":   {[]edit{session(AnaSession), header(headerAccessClient, AnaClientToken)}, 401, missing},
		"session twice":        {[]edit{header(headerSession, AnaSession, AnaSession)}, 401, missing},
		"session and empty":    {[]edit{session(AnaSession), header("Authorization", "")}, 401, missing},
		"login name":           {[]edit{basic(Ana, AnaPassword)}, 200, ok},
		"login name, capitals": {[]edit{basic("ANA", AnaPassword)}, 200, ok},
		"email":                {[]edit{basic("Ana@Example.org", AnaPassword)}, 200, ok},
		"phone":                {[]edit{basic("+31612345678", AnaPassword)}, 200, ok},
		"account number":       {[]edit{basic("ACC-0003", AnaPassword)}, 200, ok},
		"digits":               {[]edit{basic(NamedDigits, NamedPassword)}, 200, ok},
		"named self":           {[]edit{basic(NamedSelf, NamedPassword)}, 200, ok},
		"quote is literal":     {[]edit{basic("'"+Ana, AnaPassword)}, 401, login},
		"any principal":        {[]edit{basic("ACC-0003", AnaPassword), header(headerPrincipalType, "*")}, 200, ok},
		"right principal":      {[]edit{basic("ACC-0003", AnaPassword), header(headerPrincipalType, PrincipalAccountNumber)}, 200, ok},
		"wrong principal":      {[]edit{basic("ACC-0003", AnaPassword), header(headerPrincipalType, PrincipalEmail)}, 401, login},
		"unknown principal":    {[]edit{basic(Ana, AnaPassword), header(headerPrincipalType, "token")}, 403, principal},
		"device pin":           {[]edit{basic(Ana, AnaPassword), header(headerPrincipalType, "#")}, 403, principal},
		"unknown user":         {[]edit{basic("nobody", AnaPassword)}, 401, login},
		"empty user":           {[]edit{basic("", AnaPassword)}, 401, login},
		"wrong password":       {[]edit{basic(Ben, AnaPassword)}, 401, login},
		"session":              {[]edit{session(AnaSession)}, 200, ok},
		"unknown session":      {[]edit{session("nope")}, 401, loggedOut},
		"empty session":        {[]edit{session("")}, 401, loggedOut},
		"client":               {[]edit{header(headerAccessClient, AnaClientToken)}, 200, ok},
		"client with prefix":   {[]edit{header(headerAccessClient, BenClientPrefix+BenClientToken)}, 200, ok},
		"client, no prefix":    {[]edit{header(headerAccessClient, BenClientToken)}, 401, client},
		"client, more prefix":  {[]edit{header(headerAccessClient, BenClientPrefix+AnaClientToken)}, 401, client},
		"main channel":         {[]edit{session(AnaSession), header(headerChannel, ChannelMain)}, 200, ok},
		"unknown channel":      {[]edit{session(AnaSession), header(headerChannel, "tv")}, 403, channel},
		"closed channel":       {[]edit{session(AnaSession), header(headerChannel, ChannelAdmin)}, 403, channel},
		"open channel":         {[]edit{session(BrokerSession), header(headerChannel, ChannelAdmin)}, 200, ok},
		"channel with pin":     {[]edit{basic(Ana, AnaPIN), header(headerChannel, ChannelPOS)}, 200, ok},
		"channel, wrong type":  {[]edit{basic(NamedSelf, NamedPassword), header(headerChannel, ChannelPOS)}, 401, `{"code":"login","passwordStatus":"neverCreated"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := r.get("/self/passwords?fields=status", test.edits...)
			got.want(t, test.status, test.body)
			if got.header.Get("Content-Type") != "application/json" {
				t.Errorf("got media type %q", got.header.Get("Content-Type"))
			}
		})
	}
}

func TestLoginReportsStatus(t *testing.T) {
	t.Parallel()
	for _, status := range allStatuses {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			r := start(t, WithActiveLoginOnly(), WithWorld(withPassword(Ana, passwordInStatus(TypeLogin, status))))
			got := r.get("/self/passwords", basic(Ana, sampleManual))
			if status == active {
				got.want(t, 200, "")
				return
			}
			got.want(t, 401, `{"code":"login","passwordStatus":"`+string(status)+`"}`)
			r.get("/self/passwords", basic(Ana, "wrong")).want(t, 401, got.body)
			r.get("/self/passwords", session(AnaSession)).want(t, 200, "")
		})
	}
}

// TestLoginToChangeThePassword: an expired or reset password is good for one thing,
// to change it.
func TestLoginToChangeThePassword(t *testing.T) {
	t.Parallel()
	newValue := body(`{"newPassword":"chosen-111"}`)
	for status, denied := range map[gen.PasswordStatusEnum]string{
		reset:   `{"code":"resetPassword"}`,
		expired: `{"code":"expiredPassword","passwordType":{"id":"-7762070814178012101","internalName":"login","name":"Login password"}}`,
	} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			r := start(t, WithWorld(withPassword(Ana, passwordInStatus(TypeLogin, status))))
			login := basic(Ana, sampleManual)
			opened := session(r.login("", login))
			permitted := []string{"/self/passwords/login/change", "/passwords/login/generate", "/auth/session"}
			for _, op := range gen.Operations {
				for _, typ := range []string{TypeLogin, TypeTradePIN, "nothing"} {
					for _, user := range []string{self, AnaOperator, "nobody"} {
						path := strings.NewReplacer("{user}", user, "{type}", typ).Replace(op.Path)
						if !slices.Contains(permitted, path) {
							r.do(op.Method, path, login, newValue).want(t, 403, denied)
							r.do(op.Method, path, opened, newValue).want(t, 403, denied)
						}
					}
				}
			}
			r.wantStatus(Ana, TypeTradePIN, active)
			r.get("/self/passwords", login, header(headerChannel, ChannelAdmin)).want(t, 403, `{"code":"inaccessibleChannel"}`)
			r.get("/self/passwords", basic(Ana, "wrong")).want(t, 401, `{"code":"login"}`)
			r.get("/self/passwords", session(AnaSession)).want(t, 200, "") // opened without the password
			r.post("/passwords/login/generate", login).want(t, 403, `{"code":"illegalAction"}`)
			r.ok("/ana/passwords/-7762070814178012101/change", login, newValue)
			r.get("/self/passwords", basic(Ana, "chosen-111")).want(t, 200, "")
			r.get("/self/passwords", opened).want(t, 200, "")
			r.do("DELETE", "/auth/session", opened).want(t, 204, "")
		})
	}
}

// A generated access password was sent to its owner, who generates another one.
func TestLoginToGenerateThePassword(t *testing.T) {
	t.Parallel()
	w := DefaultWorld()
	w.Channels = []Channel{{InternalName: ChannelPOS, PasswordType: TypePIN}}
	r := start(t, WithWorld(w))
	r.ok("/ana/passwords/pin/reset-and-send?sendMediums=sms", session(BrokerSession))
	sent := r.Messages()[0].Value
	if sent == AnaPIN || !r.Check(Ana, TypePIN, sent) {
		t.Fatal("the message does not contain the new value")
	}
	r.get("/self/passwords", basic(Ana, sent)).want(t, 403, `{"code":"resetPassword"}`)
	r.post("/passwords/cardPin/generate", basic(Ana, sent)).want(t, 403, `{"code":"resetPassword"}`)
	value := r.generated("/passwords/pin/generate", basic(Ana, sent))
	r.get("/self/passwords", basic(Ana, value)).want(t, 200, "")
}

// TestEmptyBasicBesideSession: the client of 4.11 sends Basic credentials without
// user and password beside the session token.
func TestEmptyBasicBesideSession(t *testing.T) {
	t.Parallel()
	const missing = `{"code":"missingAuthorization"}`
	empty, wrong := header(headerAuthorization, "Basic Og=="), basic(Ana, "wrong")
	for version, statusCode := range map[string]int{"4.9": 200, "4.11": 200, "4.12": 401, "4.16": 401} {
		r := start(t, WithVersion(version))
		r.get("/self/passwords", session(AnaSession), empty).want(t, statusCode, "")
		r.get("/self/passwords", session("nope"), empty).want(t, 401, "")
		r.get("/self/passwords", empty).want(t, 401, `{"code":"login"}`)
		for name, edits := range map[string][]edit{
			"wrong password": {session(AnaSession), wrong},
			"empty twice":    {session(AnaSession), header(headerAuthorization, "Basic Og==", "Basic Og==")},
			"access client":  {header(headerAccessClient, AnaClientToken), empty},
			"both tokens":    {session(AnaSession), header(headerAccessClient, AnaClientToken), empty},
		} {
			if got := r.get("/self/passwords", edits...); got.status != 401 || got.body != missing {
				t.Errorf("%s, %s: got %d %s", version, name, got.status, got.body)
			}
		}
	}
}

func TestInactiveUser(t *testing.T) {
	t.Parallel()
	for _, status := range []gen.UserStatusEnum{
		gen.UserStatusEnumBlocked, gen.UserStatusEnumDisabled, gen.UserStatusEnumPending,
		gen.UserStatusEnumRemoved, gen.UserStatusEnumPurged,
	} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			r := start(t, WithWorld(withUserStatus(Ana, status)))
			r.get("/self/passwords", basic(Ana, AnaPassword)).want(t, 401, `{"code":"login","userStatus":"`+string(status)+`"}`)
			r.get("/self/passwords", basic(Ana, "wrong")).want(t, 401, `{"code":"login"}`)
			r.get("/self/passwords", session(AnaSession)).want(t, 401, `{"code":"loggedOut"}`)
			r.get("/self/passwords", header(headerAccessClient, AnaClientToken)).want(t, 401, `{"code":"blockedAccessClient"}`)
		})
	}
}

func TestFailedAttemptsBlockTemporarily(t *testing.T) {
	t.Parallel()
	r := start(t)
	try := func(value string) testResponse { return r.get("/self/passwords", basic(Ana, value)) }
	const wrong = `{"code":"login"}`
	const blocked = `{"code":"login","passwordStatus":"temporarilyBlocked"}`
	try("wrong").want(t, 401, wrong)
	try("wrong").want(t, 401, wrong)
	try(AnaPassword).want(t, 200, "") // resets the counter
	try("wrong").want(t, 401, wrong)
	try("wrong").want(t, 401, wrong)
	try("wrong").want(t, 401, blocked)
	try(AnaPassword).want(t, 401, blocked)
	r.wantStatus(Ana, TypeLogin, temporarilyBlocked)

	r.clock.advance(10*time.Minute - time.Nanosecond)
	try(AnaPassword).want(t, 401, blocked)
	r.clock.advance(time.Nanosecond)
	try("wrong").want(t, 401, wrong) // the counter was reset
	try(AnaPassword).want(t, 200, "")
	if got := r.data(AnaSession, self, TypeLogin).Date; !got.Equal(startTime.Add(10 * time.Minute).Truncate(time.Millisecond)) {
		t.Errorf("got %s as the end of the block", got)
	}
}

func TestFailedAttemptsBlockIndefinitely(t *testing.T) {
	t.Parallel()
	r := start(t)
	change := func(old string) testResponse {
		return r.post("/self/passwords/tradePin/change", session(AnaSession),
			body(`{"oldPassword":"`+old+`","newPassword":"123456"}`))
	}
	wrong := `{"code":"validation","properties":["oldPassword"],"propertyErrors":{"oldPassword":["is not correct"]}}`
	change("111111").want(t, 422, wrong)
	change("111111").want(t, 422, wrong)
	change("111111").want(t, 403, `{"code":"indefinitelyBlocked","passwordType":{"id":"7762070814178012106","internalName":"tradePin","name":"Trade PIN"}}`)
	r.clock.advance(1000 * time.Hour)
	r.wantStatus(Ana, TypeTradePIN, indefinitelyBlocked)
	change(AnaTradePIN).want(t, 403, `{"code":"illegalAction"}`)
	r.ok("/ana/passwords/tradePin/unblock", session(BrokerSession))
	change(AnaTradePIN).want(t, 204, "")
}

func TestTypeThatNeverBlocks(t *testing.T) {
	t.Parallel()
	w := DefaultWorld()
	w.PasswordTypes[0].MaxTries = 0
	r := start(t, WithWorld(w))
	for range 20 {
		r.get("/self/passwords", basic(Ana, "wrong")).want(t, 401, `{"code":"login"}`)
	}
	r.wantStatus(Ana, TypeLogin, active)
}

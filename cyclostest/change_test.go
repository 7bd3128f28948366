package cyclostest

import (
	"strings"
	"testing"
)

func TestChangeValidation(t *testing.T) {
	t.Parallel()
	one := func(property string, messages ...string) string {
		return `{"code":"validation","properties":["` + property + `"],"propertyErrors":{"` + property + `":["` +
			strings.Join(messages, `","`) + `"]}}`
	}
	const changing = `{"oldPassword":"fake-ana-2","newPassword":"another-88"}`
	for name, test := range map[string]struct {
		typ, body, want string
	}{
		"no old":       {TypeLogin, `{"newPassword":"another-88"}`, one(oldPassword, "is required")},
		"no new":       {TypeLogin, `{"oldPassword":"fake-ana-2"}`, one(newPassword, "is required")},
		"too short":    {TypeLogin, `{"oldPassword":"fake-ana-2","newPassword":"ab-34"}`, one(newPassword, "must have at least 8 characters")},
		"too long":     {TypeLogin, `{"oldPassword":"fake-ana-2","newPassword":"a1` + strings.Repeat("é", 31) + `"}`, one(newPassword, "must have at most 32 characters")},
		"no lower":     {TypeLogin, `{"oldPassword":"fake-ana-2","newPassword":"ANOTHER-88"}`, one(newPassword, "must contain lowercase letters")},
		"no number":    {TypeLogin, `{"oldPassword":"fake-ana-2","newPassword":"another-one"}`, one(newPassword, "must contain numbers")},
		"the same":     {TypeLogin, `{"oldPassword":"fake-ana-2","newPassword":"fake-ana-2"}`, one(newPassword, "must differ from the current password")},
		"same, no old": {TypeLogin, `{"newPassword":"fake-ana-2"}`, one(oldPassword, "is required")},
		"wrong old":    {TypeLogin, `{"oldPassword":"wrong-000","newPassword":"another-88"}`, one(oldPassword, "is not correct")},
		"unconfirmed":  {TypeLogin, `{"oldPassword":"fake-ana-2","newPassword":"another-88","checkConfirmation":true}`, one(newPasswordConfirmation, "does not match the new password")},
		"misconfirmed": {TypeLogin, `{"oldPassword":"fake-ana-2","newPassword":"another-88","checkConfirmation":true,"newPasswordConfirmation":"another-89"}`, one(newPasswordConfirmation, "does not match the new password")},
		"letters":      {TypeTradePIN, `{"oldPassword":"000002","newPassword":"12a456"}`, one(newPassword, "must contain only the digits 0 to 9")},
		"other digits": {TypeTradePIN, `{"oldPassword":"000002","newPassword":"12345٦"}`, one(newPassword, "must contain only the digits 0 to 9")},
		"all at once": {TypeTradePIN, `{"newPassword":"x","checkConfirmation":true}`,
			`{"code":"validation","properties":["oldPassword","newPassword","newPasswordConfirmation"],"propertyErrors":{` +
				`"newPassword":["must have at least 6 characters","must contain only the digits 0 to 9"],` +
				`"newPasswordConfirmation":["does not match the new password"],"oldPassword":["is required"]}}`},
		"no body":      {TypeLogin, ``, `{"code":"missingParameter","name":"body"}`},
		"not JSON":     {TypeLogin, `secret`, `{"code":"dataConversion"}`},
		"truncated":    {TypeLogin, `{"newPassword":"sec`, `{"code":"dataConversion"}`},
		"wrong type":   {TypeLogin, `{"newPassword":4711}`, `{"code":"dataConversion"}`},
		"blank":        {TypeLogin, " \n", `{"code":"missingParameter","name":"body"}`},
		"after":        {TypeLogin, changing + `x`, `{"code":"dataConversion"}`},
		"two bodies":   {TypeLogin, changing + changing, `{"code":"dataConversion"}`},
		"duplicate":    {TypeLogin, `{"newPassword":"x",` + changing[1:], `{"code":"dataConversion"}`},
		"unknown, two": {TypeLogin, `{"nope":1,"nope":2,` + changing[1:], `{"code":"dataConversion"}`},
		"bad UTF-8":    {TypeLogin, strings.Replace(changing, "another", "an\xffther", 1), `{"code":"dataConversion"}`},
		"half a rune":  {TypeLogin, strings.Replace(changing, "another", `an\ud83dther`, 1), `{"code":"dataConversion"}`},
		"other case":   {TypeLogin, strings.Replace(changing, "newPassword", "NewPassword", 1), `{"code":"dataConversion"}`},
		"a case more":  {TypeLogin, `{"FORCECHANGE":true,` + changing[1:], `{"code":"dataConversion"}`},
		"array":        {TypeLogin, `[` + changing + `]`, `{"code":"dataConversion"}`},
		"too large":    {TypeLogin, `{"newPassword":"` + strings.Repeat("x", maxBody) + `"}`, `{"code":"dataConversion"}`},
		"null":         {TypeTradePIN, `null`, `{"code":"validation","properties":["oldPassword","newPassword"],"propertyErrors":{"newPassword":["is required"],"oldPassword":["is required"]}}`},
		"unknown name": {TypeLogin, `{"oldPassword":"fake-ana-2","nope":1}`, one(newPassword, "is required")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t)
			r.post("/self/passwords/"+test.typ+"/change", session(AnaSession), body(test.body)).want(t, 422, test.want)
			if !r.Check(Ana, TypeLogin, AnaPassword) || !r.Check(Ana, TypeTradePIN, AnaTradePIN) {
				t.Error("the value changed")
			}
		})
	}
}

func TestChange(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.ok("/self/passwords/login/change", basic(Ana, AnaPassword), body(
		`{"oldPassword":"fake-ana-2","newPassword":"another-88","checkConfirmation":true,"newPasswordConfirmation":"another-88"}`))
	r.get("/self/passwords", basic(Ana, AnaPassword)).want(t, 401, `{"code":"login"}`)
	r.get("/self/passwords", basic(Ana, "another-88")).want(t, 200, "")
	if !r.Check(Ana, TypeLogin, "another-88") || r.Check(Ana, TypeLogin, AnaPassword) || r.Check(Ben, TypePIN, "") {
		t.Error("Check does not match the current value")
	}

	r.ok("/ana/passwords/login/change", session(BrokerSession), body(`{"newPassword":"given-000","forceChange":true}`))
	r.get("/self/passwords", basic(Ana, "given-000")).want(t, 403, `{"code":"resetPassword"}`)
	r.ok("/self/passwords/login/change", basic(Ana, "given-000"), body(`{"newPassword":"chosen-111"}`))
	r.get("/self/passwords", basic(Ana, "chosen-111")).want(t, 200, "")
}

func TestCheckConfirmationSince410(t *testing.T) {
	t.Parallel()
	for version, status := range map[string]int{"4.9": 204, "4.10": 422} {
		r := start(t, WithVersion(version))
		r.post("/self/passwords/login/change", session(AnaSession), body(
			`{"oldPassword":"fake-ana-2","newPassword":"another-88","checkConfirmation":true}`)).want(t, status, "")
	}
}

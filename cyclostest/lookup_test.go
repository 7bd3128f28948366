package cyclostest

import (
	"encoding/json"
	"net/url"
	"slices"
	"testing"

	"github.com/cyclos-go/passwords/gen"
)

func TestLookupUser(t *testing.T) {
	t.Parallel()
	w := DefaultWorld()
	w.Users = append(w.Users, User{ID: "77", LoginName: "small"})
	r := start(t, WithWorld(w))
	for key, want := range map[string]string{
		"self":                            Admin,
		"'self":                           NamedSelf,
		"Self":                            NamedSelf,
		Ana:                               Ana,
		"'" + Ana:                         Ana,
		"7762070814178012003":             Ana,
		"+7762070814178012003":            Ana,
		"-7762070814178012005":            Ben,
		"'-7762070814178012005":           "",
		"77":                              "small",
		"+0077":                           "small",
		"٧٧":                              "small",
		"'77":                             "",
		NamedDigits:                       "",
		"'" + NamedDigits:                 NamedDigits,
		NamedQuoted:                       "",
		"'" + NamedQuoted:                 NamedQuoted,
		"''" + NamedQuoted:                "",
		NumericAccount:                    "",
		"'" + NumericAccount:              Ben,
		"+31612345678":                    "",
		"'+31612345678":                   Ana,
		"'31612345678":                    "",
		"ana@example.org":                 Ana,
		"ANA@example.org":                 Ana,
		"acc-0003":                        "",
		"ACC-0003":                        Ana,
		"id:7762070814178012003":          Ana,
		"id:ana":                          "",
		"loginName:ana":                   Ana,
		"email:ana@example.org":           Ana,
		"email:ana":                       "",
		"mobilePhone:+3161234567":         "",
		"*:+31612345678":                  Ana,
		"*:self":                          NamedSelf,
		"accountNumber:" + NumericAccount: Ben,
		"'id:7762070814178012003":         "",
		"other:ana":                       "",
		"*:":                              "",
		"nobody":                          "",
		" ana":                            "",
		"99999999999999999999":            "",
		"'":                               "",
		"..":                              "",
		"a/b":                             "",
		"ana.till":                        AnaOperator,
	} {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			got := r.get("/"+escape(key)+"/passwords/list-data?fields=user", session(AdminSession))
			if want == "" {
				body, _ := json.Marshal(map[string]string{"entityType": "User", "key": key})
				got.want(t, 404, string(body))
				return
			}
			var data gen.DataForUserPasswords
			got.decode(t, &data)
			if id := r.world.userByLogin(want).ID; data.User.ID != id {
				t.Errorf("got %s, want %s", data.User.ID, id)
			}
		})
	}
}

// escape also escapes dot segments, which net/http would resolve.
func escape(segment string) string {
	if segment == ".." {
		return "%2e%2e"
	}
	return url.PathEscape(segment)
}

func TestPasswordTypeByIDOrName(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, key := range []string{TypePIN, "-7762070814178012102"} {
		if got := r.data(AnaSession, self, key); got.Type.InternalName != TypePIN {
			t.Errorf("%s: got %s", key, got.Type.InternalName)
		}
	}
	r.get("/self/passwords/nope", session(AnaSession)).want(t, 404, `{"entityType":"PasswordType","key":"nope"}`)
	r.post("/passwords/nope/generate", session(AnaSession)).want(t, 404, `{"entityType":"PasswordType","key":"nope"}`)
	if got := r.data(AnaSession, self, TypeScript); *got.Permissions != (gen.PasswordActions{}) {
		t.Errorf("permissions for a script: got %+v, want none", *got.Permissions)
	}
}

func TestAllOperationsReportNotFound(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, operation := range []string{
		"change", "disable", "enable", "unblock", "allow-generation", "reset-generated", "reset-and-send",
	} {
		r.post("/nobody/passwords/login/"+operation, session(AdminSession), body(`{}`)).
			want(t, 404, `{"entityType":"User","key":"nobody"}`)
		r.post("/ana/passwords/nope/"+operation, session(AdminSession), body(`{}`)).
			want(t, 404, `{"entityType":"PasswordType","key":"nope"}`)
	}
	for _, path := range []string{"", "/list-data", "/login"} {
		r.get("/nobody/passwords"+path, session(AdminSession)).want(t, 404, `{"entityType":"User","key":"nobody"}`)
	}
}

func TestViewPermissions(t *testing.T) {
	t.Parallel()
	r := start(t)
	sessions := map[string]string{
		Admin: AdminSession, Broker: BrokerSession, Ana: AnaSession, AnaOperator: OperatorSession, Ben: BenSession,
	}
	views := map[string][]string{
		Admin:       {Admin, Broker, Ana, AnaOperator, Ben},
		Broker:      {Broker, Ana, Ben},
		Ana:         {Ana, AnaOperator},
		AnaOperator: {AnaOperator},
		Ben:         {Ben},
	}
	for caller, token := range sessions {
		for owner := range sessions {
			want := 403
			if slices.Contains(views[caller], owner) {
				want = 200
			}
			for _, path := range []string{"", "/list-data", "/login"} {
				if got := r.get("/"+owner+"/passwords"+path, session(token)); got.status != want {
					t.Errorf("%s views %s%s: got status %d, want %d", caller, owner, path, got.status, want)
				}
			}
		}
	}
	r.get("/ben/passwords", session(AnaSession)).want(t, 403, `{"code":"permissionDenied"}`)
}

func TestInvisibleUsers(t *testing.T) {
	t.Parallel()
	for status, want := range map[gen.UserStatusEnum]int{
		gen.UserStatusEnumDisabled: 404, gen.UserStatusEnumRemoved: 404, gen.UserStatusEnumPurged: 404,
		gen.UserStatusEnumBlocked: 403, gen.UserStatusEnumPending: 403,
	} {
		r := start(t, WithWorld(withUserStatus(Ana, status)))
		r.get("/ana/passwords", session(BenSession)).want(t, want, "")
		r.get("/ana/passwords", session(BrokerSession)).want(t, 200, "")
	}
}

func TestManagerOperationsRejectSelf(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, operation := range []string{"allow-generation", "reset-generated", "reset-and-send"} {
		for _, key := range []string{self, Admin, "-7762070814178012001"} {
			r.post("/"+key+"/passwords/login/"+operation, session(AdminSession)).want(t, 403, `{"code":"permissionDenied"}`)
		}
	}
}

func TestParseLong(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"0": 0, "007": 7, "+5": 5, "-5": -5, "-0": 0,
		"9223372036854775807":  9223372036854775807,
		"-9223372036854775808": -9223372036854775808,
		"٣٤":                   34, // Arabic-Indic
		"-१०":                  -10,
		"７":                    7, // fullwidth
		"1٢":                   12,
		"᪉᪐":                   90, // two adjacent Tai Tham digit ranges
		"᠙᥆":                   90, // Mongolian, Limbu
	} {
		if got, ok := parseLong(text); !ok || got != want {
			t.Errorf("%q: got %d %t, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{
		"", "+", "-", "+-1", "--1", "1-", "1 ", " 1", "1.0", "1e3", "0x1", "1_000", "½", "²", "Ⅷ",
		"9223372036854775808", "-9223372036854775809", "\U0001d7d8", "１a", "\xff",
	} {
		if got, ok := parseLong(text); ok {
			t.Errorf("%q: got %d, want no number", text, got)
		}
	}
}

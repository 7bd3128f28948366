package cyclostest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/gen"
)

func everyVersion() []int {
	var minors []int
	for minor := firstMinor; minor <= lastMinor; minor++ {
		minors = append(minors, minor)
	}
	return minors
}

func TestFieldsByVersion(t *testing.T) {
	t.Parallel()
	const list = "/self/passwords/list-data"
	for _, test := range []struct {
		path, field string
		in          func(minor int) bool
	}{
		{"/self/passwords", `"mode"`, func(m int) bool { return m >= 14 }},
		{"/self/passwords", `"minLength"`, func(m int) bool { return m >= 14 }},
		{"/self/passwords", `"lowerCaseLetters"`, func(m int) bool { return m >= 16 }},
		{"/self/passwords/cardPin", `"mode"`, func(int) bool { return true }},
		{"/self/passwords/cardPin", `"description"`, func(int) bool { return true }},
		{"/self/passwords/cardPin", `"minLength"`, func(m int) bool { return m >= 14 }},
		{"/self/passwords/login", `"requireOldPasswordForChange"`, func(m int) bool { return m >= 11 }},
		{"/self/passwords/cardPin", `"history"`, func(m int) bool { return m >= 15 }},
		{list, `"confirmationPasswordInput"`, func(int) bool { return true }},
		{list, `"typeId"`, func(m int) bool { return m == 14 || m == 15 }},
		{list, `"passwordType"`, func(m int) bool { return m >= 16 }},
		{list, `"pinAvailability"`, func(m int) bool { return m >= 12 }},
		{list, `"user"`, func(m int) bool { return m >= 12 }},
		{list, `"shortDisplay"`, func(m int) bool { return m >= 12 && m <= 14 }},
		{list, `"locator"`, func(m int) bool { return m >= 15 }},
		{list, `"sendMediums"`, func(m int) bool { return m >= 14 }},
	} {
		for _, minor := range everyVersion() {
			r := start(t, Version(fmt.Sprint("4.", minor)))
			r.ok("/ben/passwords/cardPin/disable", session(BrokerSession))
			r.ok("/ben/passwords/cardPin/enable", session(BrokerSession))
			got := r.get(test.path, session(BenSession))
			if has := strings.Contains(got.body, test.field); has != test.in(minor) {
				t.Errorf("4.%d: %s contains %s: got %t", minor, test.path, test.field, has)
			}
		}
	}
}

func TestOlderCodes(t *testing.T) {
	t.Parallel()
	for name, s := range enumValues {
		enum, value, _ := strings.Cut(name, ".")
		if !slices.Contains([]string{"ForbiddenErrorCode", "UnauthorizedErrorCode", "UserStatusEnum"}, enum) {
			continue
		}
		older, replaced := olderCodes[enum][value]
		if s.has(firstMinor) {
			if replaced {
				t.Errorf("%s is in all versions and needs no older code", name)
			}
			continue
		}
		if s, ok := enumValues[enum+"."+older]; !replaced || !ok || !s.has(firstMinor) || !s.has(lastMinor) {
			t.Errorf("%s has no older code that is in all versions", name)
		}
	}
	for version, want := range map[string]string{
		"4.16": `{"code":"inaccessiblePrincipal"}`, "4.11": `{"code":"inaccessiblePrincipal"}`, "4.10": `{"code":"permissionDenied"}`,
	} {
		r := start(t, Version(version))
		r.get("/self/passwords", basic(Ana, ""), header(headerPrincipalType, "x")).want(t, 403, want)
	}
	for version, want := range map[string]string{"4.11": "purged", "4.10": "removed"} {
		r := start(t, Version(version), WithWorld(withUserStatus(Ana, gen.UserStatusEnumPurged)))
		r.get("/self/passwords", basic(Ana, AnaPassword)).want(t, 401, `{"code":"login","userStatus":"`+want+`"}`)
	}
}

func TestTrim(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		schema, in, want string
		minor            int
	}{
		"unknown name":       {"NotFoundError", `{"key":"x","nope":1}`, `{"key":"x"}`, 16},
		"removed value":      {"Error", `{"exceptionType":"x","kind":"otp"}`, `{"exceptionType":"x"}`, 14},
		"value still there":  {"Error", `{"exceptionType":"x","kind":"otp"}`, `{"exceptionType":"x","kind":"otp"}`, 13},
		"values in an array": {"PasswordInput", `{"otpSendMediums":["email","fax"]}`, `{"otpSendMediums":["email"]}`, 9},
		"array of arrays":    {"PasswordInput", `{"buttons":[["1","2"]]}`, `{"buttons":[["1","2"]]}`, 9},
		"map of models":      {"InputError", `{"errors":{"a":{"code":"validation","nope":1}},"maxItems":3}`, `{"errors":{"a":{"code":"validation"}},"maxItems":3}`, 9},
		"map of arrays":      {"InputError", `{"indexedErrors":{"a":[null,{"nope":1}]}}`, `{"indexedErrors":{"a":[null,{}]}}`, 9},
		"map of texts":       {"InputError", `{"propertyErrors":{"a":["b"]}}`, `{"propertyErrors":{"a":["b"]}}`, 9},
		"newer schema":       {"UnavailableError", `{"code":"smsSending"}`, `{}`, 13},
	} {
		var tree any
		if err := json.Unmarshal([]byte(test.in), &tree); err != nil {
			t.Fatal(err)
		}
		kept, _ := trim(tree, test.schema, test.minor)
		if got, _ := json.Marshal(kept); string(got) != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
}

func TestParseVersion(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"", "4", "4.8", "4.17", "5.9", "4.x", "4.011", "4.16.18", "v4.16", "4.+9"} {
		if _, err := parseVersion(version); err == nil {
			t.Errorf("%q: got no error", version)
		}
	}
}

package cyclostest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit/spec"
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
		{"/self/passwords/cardPin", `"minLength"`, func(m int) bool { return m >= 13 }},
		{"/self/passwords/login", `"requireOldPasswordForChange"`, func(m int) bool { return m >= 11 }},
		{"/self/passwords/cardPin", `"history"`, func(m int) bool { return m >= 15 }},
		{list, `"confirmationPasswordInput"`, func(int) bool { return true }},
		{list, `"typeId"`, func(m int) bool { return m == 14 || m == 15 }},
		{list, `"passwordType"`, func(m int) bool { return m >= 16 }},
		{list, `"pinAvailability"`, func(m int) bool { return m >= 12 }},
		{list, `"user"`, func(m int) bool { return m >= 12 }},
		{list, `"shortDisplay"`, func(m int) bool { return m >= 12 && m <= 14 }},
		{"/ben/passwords/list-data", `"locator"`, func(m int) bool { return m >= 15 }},
		{list, `"sendMediums"`, func(m int) bool { return m >= 14 }},
	} {
		for _, minor := range everyVersion() {
			r := start(t, WithVersion(fmt.Sprint("4.", minor)))
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
		r := start(t, WithVersion(version))
		r.get("/self/passwords", basic(Ana, ""), header(headerPrincipalType, "x")).want(t, 403, want)
	}
	for version, want := range map[string]string{"4.11": "purged", "4.10": "removed"} {
		r := start(t, WithVersion(version), WithWorld(withUserStatus(Ana, gen.UserStatusEnumPurged)))
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
		"map of models":      {"InputError", `{"errors":{"a":{"code":"validation","nope":1}},"maxItems":3}`, `{"errors":{"a":{"code":"validation"}},"maxItems":3}`, 11},
		"map of arrays":      {"InputError", `{"indexedErrors":{"a":[null,{"nope":1}]}}`, `{"indexedErrors":{"a":[null,{}]}}`, 11},
		"newer map":          {"InputError", `{"code":"aggregated","errors":{},"maxItems":3}`, `{"maxItems":3}`, 10},
		"map of texts":       {"InputError", `{"propertyErrors":{"a":["b"]}}`, `{"propertyErrors":{"a":["b"]}}`, 9},
		"oldest input":       {"PasswordInput", `{"id":"1","internalName":"a","name":"b","description":"c"}`, `{"id":"1","internalName":"a","name":"b"}`, 13},
		"newer schema":       {"UnavailableError", `{"code":"smsSending"}`, `{}`, 13},
	} {
		var tree any
		if err := json.Unmarshal([]byte(test.in), &tree); err != nil {
			t.Fatal(err)
		}
		kept, _ := trim(tree, test.schema, nil, test.minor)
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

// The tests below read the version extensions of the API description. They do not
// use the table that the server uses.

var description = sync.OnceValues(spec.Load)

func apiSpec(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := description()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

type versionMarks struct {
	Since    string                  `json:"x-cyclos-since"`
	Until    string                  `json:"x-cyclos-until"`
	Values   map[string]versionMarks `json:"x-cyclos-values"`
	Formerly []struct {
		Until, Schema string
		Also          []string
	} `json:"x-cyclos-formerly"`
}

func marksOf(t *testing.T, extensions map[string]any) versionMarks {
	t.Helper()
	var m versionMarks
	data, err := json.Marshal(extensions)
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func minorOf(version string, open int) int {
	n, err := strconv.Atoi(strings.TrimPrefix(version, "4."))
	if err != nil {
		return open
	}
	return n
}

func (m versionMarks) allow(minor int) bool {
	return minorOf(m.Since, 0) <= minor && minor <= minorOf(m.Until, 99)
}

// declarations returns the declarations of a property in a schema and its parents.
func declarations(s *openapi3.Schema, name string) []*openapi3.Schema {
	var found []*openapi3.Schema
	if ref := s.Properties[name]; ref != nil {
		found = append(found, ref.Value)
	}
	for _, parent := range s.AllOf {
		found = append(found, declarations(parent.Value, name)...)
	}
	return found
}

// findNewer returns the properties and enumeration values that the version does not
// have according to the API description. also names properties that are allowed in
// addition to the schema.
func findNewer(t *testing.T, where string, value any, s *openapi3.Schema, also []string, minor int) []string {
	t.Helper()
	for len(s.AllOf) == 1 && len(s.Properties) == 0 {
		s = s.AllOf[0].Value
	}
	var found []string
	switch v := value.(type) {
	case []any:
		for _, element := range v {
			found = append(found, findNewer(t, where, element, s.Items.Value, also, minor)...)
		}
	case map[string]any:
		for name, inner := range v {
			if additional := s.AdditionalProperties.Schema; additional != nil {
				found = append(found, findNewer(t, where, inner, additional.Value, nil, minor)...)
				continue
			}
			found = append(found, findNewerProperty(t, where+"."+name, name, inner, s, also, minor)...)
		}
	case string:
		m := marksOf(t, s.Extensions)
		if one, marked := m.Values[v]; marked {
			m = one
		}
		if len(s.Enum) > 0 && (!slices.Contains(s.Enum, any(v)) || !m.allow(minor)) {
			found = append(found, fmt.Sprintf("%s %q", where, v))
		}
	}
	return found
}

func findNewerProperty(t *testing.T, where, name string, value any, s *openapi3.Schema, also []string, minor int) []string {
	t.Helper()
	declared := declarations(s, name)
	allowed := slices.ContainsFunc(declared, func(d *openapi3.Schema) bool { return marksOf(t, d.Extensions).allow(minor) })
	if len(declared) == 0 || !allowed && !slices.Contains(also, name) {
		return []string{where}
	}
	target, extra := declared[0], []string(nil)
	for _, former := range marksOf(t, declared[0].Extensions).Formerly {
		if minor <= minorOf(former.Until, 99) {
			target, extra = apiSpec(t).Components.Schemas[former.Schema].Value, former.Also
			break
		}
	}
	return findNewer(t, where, value, target, extra, minor)
}

// responseSchema returns the schema of an operation's JSON response.
func responseSchema(t *testing.T, operationID gen.OperationID, status int) *openapi3.Schema {
	t.Helper()
	for _, item := range apiSpec(t).Paths.Map() {
		for _, op := range item.Operations() {
			if op.OperationID != string(operationID) {
				continue
			}
			if r := op.Responses.Status(status); r != nil && r.Value.Content[jsonType] != nil {
				return r.Value.Content[jsonType].Schema.Value
			}
		}
	}
	t.Fatalf("%s: the API description has no JSON response with status %d", operationID, status)
	return nil
}

// The test checks successful and failed responses of all operations in all versions.
func TestNoResponseIsNewerThanItsVersion(t *testing.T) {
	t.Parallel()
	for _, minor := range everyVersion() {
		t.Run(fmt.Sprint("4.", minor), func(t *testing.T) {
			t.Parallel()
			type outcome struct {
				id     gen.OperationID
				status int
			}
			seen := map[outcome]bool{}
			world := withPassword(Broker, Password{Type: TypeLogin, Value: BrokerPassword, Status: disabled})
			r := start(t, WithVersion(fmt.Sprint("4.", minor)), WithWorld(world))
			properties := map[gen.OperationID]bool{} // whether a successful response had any
			ask := func(r *rig, operationID gen.OperationID, method, path string, edits ...edit) {
				t.Helper()
				if id, _ := r.router.match(httptest.NewRequest(method, basePath+path, nil)); id != operationID {
					t.Fatalf("%s %s: got operation %q, want %q", method, path, id, operationID)
				}
				got := r.do(method, path, edits...)
				seen[outcome{operationID, got.status}] = true
				if got.status == 200 && strings.Contains(got.body, `":`) {
					properties[operationID] = true
				}
				if got.header.Get("Content-Type") != jsonType {
					if got.status != 204 && (got.status != 200 || got.header.Get("Content-Type") != textType) {
						t.Errorf("%s: got status %d with media type %q", operationID, got.status, got.header.Get("Content-Type"))
					}
					return
				}
				var tree any
				if err := json.Unmarshal([]byte(got.body), &tree); err != nil {
					t.Fatalf("%s: %v", operationID, err)
				}
				if object, ok := tree.(map[string]any); ok && len(object) == 0 {
					t.Errorf("%s: the response with status %d is empty", operationID, got.status)
				}
				for _, what := range findNewer(t, fmt.Sprint(operationID, " ", got.status), tree, responseSchema(t, operationID, got.status), nil, minor) {
					t.Errorf("this version has no %s", what)
				}
			}
			newValue := body(`{"newPassword":"another-88"}`)
			// In this order, the first requests succeed and add entries to the histories.
			for _, call := range []struct {
				id           gen.OperationID
				method, path string
				edits        []edit
			}{
				{"disablePassword", "POST", "/ana.till/passwords/login/disable", []edit{session(AnaSession)}},
				{"changePassword", "POST", "/ana/passwords/login/change", []edit{session(AdminSession), newValue}},
				{"resetAndSendPassword", "POST", "/ben/passwords/tradePin/reset-and-send", []edit{session(AdminSession)}},
				{"generatePassword", "POST", "/passwords/pin/generate", []edit{session(BenSession), header("Accept", jsonType)}},
				{"changeGenerated", "POST", "/passwords/pin/change-generated", []edit{session(BenSession), header("Accept", jsonType), header(confirmationPassword, BenPassword)}},
				{"allowGeneration", "POST", "/ana/passwords/cardPin/allow-generation", []edit{session(AdminSession)}},
				{"resetGeneratedPassword", "POST", "/ana/passwords/pin/reset-generated", []edit{session(AdminSession)}},
				{"disablePassword", "POST", "/ben/passwords/cardPin/disable", []edit{session(AdminSession)}},
				{"enablePassword", "POST", "/ben/passwords/cardPin/enable", []edit{session(BrokerSession)}},
				{"listUserPasswords", "GET", "/self/passwords", []edit{session(AnaSession)}},
				{"getUserPasswordsListData", "GET", "/self/passwords/list-data", []edit{session(BenSession)}},
				{"getUserPasswordsListData", "GET", "/ben/passwords/list-data", []edit{session(AdminSession)}},
				{"getUserPasswordsListData", "GET", "/ana.till/passwords/list-data", []edit{session(AnaSession)}},
				{"getUserPasswordsData", "GET", "/ana.till/passwords/login", []edit{session(AnaSession)}},
				{"changeGenerated", "POST", "/passwords/cardPin/change-generated", []edit{session(BenSession)}},
				{"login", "POST", "/auth/session", []edit{basic(Admin, AdminPassword)}},
				{"changePassword", "POST", "/self/passwords/login/change", []edit{session(AnaSession), body(`{}`)}},
				{"changePassword", "POST", "/self/passwords/login/change", []edit{session(AnaSession)}},
				{"resetAndSendPassword", "POST", "/ben/passwords/login/reset-and-send?sendMediums=fax", []edit{session(AdminSession)}},
				{"listUserPasswords", "GET", "/self/passwords?fields=a,-a", []edit{session(AnaSession)}},
			} {
				ask(r, call.id, call.method, call.path, call.edits...)
			}
			for _, op := range gen.Operations {
				if op.Safe {
					ask(r, op.ID, op.Method, strings.NewReplacer("{user}", "ben", "{type}", "login").Replace(op.Path), session(AdminSession))
				}
			}
			for range 3 {
				r.get("/self/passwords", basic("self", "wrong"))
			}
			ask(r, "unblockPassword", "POST", "/self/passwords/login/unblock", session(AnaSession))
			ask(r, "unblockPassword", "POST", "/'self/passwords/login/unblock", session(AdminSession))

			failing := start(t, WithVersion(fmt.Sprint("4.", minor)), WithWorld(world))
			impossible := start(t, WithVersion(fmt.Sprint("4.", minor)),
				WithClock(func() time.Time { return time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC) }))
			for _, op := range gen.Operations {
				id, method, path := op.ID, op.Method, strings.Replace(op.Path, "{type}", "script", 1)
				mine, nobody := strings.Replace(path, "{user}", "ben", 1), strings.Replace(path, "{user}", "nobody", 1)
				for _, e := range []edit{
					func(*http.Request) {}, header("Authorization", "Bearer x"), header(headerSession, "x"), basic(Ana, "x"),
					header(headerAccessClient, "x"), basic(Broker, BrokerPassword),
				} {
					ask(failing, id, method, mine, e)
				}
				ask(failing, id, method, mine, basic(Ana, ""), header(headerPrincipalType, "x"))
				ask(failing, id, method, mine, session(AnaSession), header(headerChannel, "x"))
				ask(failing, id, method, mine, session(AnaSession), newValue)
				ask(failing, id, method, nobody, session(AnaSession), newValue)
				ask(failing, id, method, strings.Replace(nobody, "script", "nothing", 1), session(AnaSession), newValue)
				ask(impossible, id, method, mine, session(AdminSession), newValue)
				for _, status := range []int{401, 403, 404} {
					if status == 404 && !strings.Contains(op.Path, "{") {
						continue // it names nothing
					}
					if !seen[outcome{id, status}] {
						t.Errorf("%s: no response with status %d", id, status)
					}
				}
				if !seen[outcome{id, 200}] && !seen[outcome{id, 204}] {
					t.Errorf("%s: no successful response: add a call above", id)
				} else if op.Model != nil && !properties[id] && minor == lastMinor {
					t.Errorf("%s: no successful response of the last version has properties: add a call above", id)
				}
			}
			for _, id := range []gen.OperationID{"changePassword", "resetAndSendPassword", "listUserPasswords"} {
				if !seen[outcome{id, 422}] {
					t.Errorf("%s: no response with status 422", id)
				}
			}
		})
	}
}

// fullValue returns a value of a schema with the properties of all versions. pick
// selects the values of enumerations.
func fullValue(s *openapi3.SchemaRef, pick func([]any) any, above []*openapi3.Schema) any {
	v := s.Value
	switch {
	case len(v.AllOf) == 1 && len(v.Properties) == 0:
		return fullValue(v.AllOf[0], pick, above)
	case len(v.Enum) > 0:
		return pick(v.Enum)
	case v.Items != nil:
		return []any{fullValue(v.Items, pick, above)}
	case v.AdditionalProperties.Schema != nil:
		return map[string]any{"any": fullValue(v.AdditionalProperties.Schema, pick, above)}
	case v.Type.Is("string"):
		return "text"
	case v.Type.Is("boolean"):
		return true
	case v.Type.Is("integer"):
		return 1
	}
	object := map[string]any{}
	if slices.Contains(above, v) {
		return object
	}
	var fill func(*openapi3.Schema)
	fill = func(from *openapi3.Schema) {
		for _, parent := range from.AllOf {
			fill(parent.Value)
		}
		for name, property := range from.Properties {
			object[name] = fullValue(property, pick, append(above, v))
		}
	}
	fill(v)
	return object
}

// The server does not use all properties and codes of the models, so this test
// passes each of them to writeJSON.
func TestWriteJSONRemovesNewer(t *testing.T) {
	t.Parallel()
	doc := apiSpec(t)
	longest := 0
	for _, ref := range doc.Components.Schemas {
		longest = max(longest, len(ref.Value.Enum))
	}
	for name, ref := range doc.Components.Schemas {
		if len(ref.Value.Enum) > 0 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for i := range longest {
				model := fullValue(ref, func(values []any) any { return values[i%len(values)] }, nil)
				for _, minor := range everyVersion() {
					w := httptest.NewRecorder()
					if err := writeJSON(w, http.StatusOK, name, model, nil, minor); err != nil {
						t.Fatal(err)
					}
					var tree any
					if err := json.Unmarshal(w.Body.Bytes(), &tree); err != nil {
						t.Fatal(err)
					}
					for _, what := range findNewer(t, name, tree, ref.Value, nil, minor) {
						t.Errorf("4.%d has no %s", minor, what)
					}
				}
			}
		})
	}
}

// The helper findNewer must not miss newer properties and values.
func TestFindNewer(t *testing.T) {
	t.Parallel()
	for text, schema := range map[string]string{
		`{"code":"blockedByTotp"}`:        "ForbiddenError",
		`{"history":[]}`:                  "PasswordStatusAndActions",
		`{"type":{"numbers":"required"}}`: "PasswordStatusAndActions",
		`{"type":{"minLength":1}}`:        "PasswordStatusAndType",
		`{"neverHeardOf":1}`:              "User",
	} {
		var tree any
		if err := json.Unmarshal([]byte(text), &tree); err != nil {
			t.Fatal(err)
		}
		if found := findNewer(t, schema, tree, apiSpec(t).Components.Schemas[schema].Value, nil, firstMinor); len(found) != 1 {
			t.Errorf("%s: got %v, want one result", text, found)
		}
	}
}

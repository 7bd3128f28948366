package passwords_test

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit"
)

func FuzzUser(f *testing.F) {
	for _, row := range testkit.UserCases() {
		f.Add(row.Value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		world := userWorld(value)
		named, id := loginOf(world.Users, value), longOf(value)
		if fuzzUnsendable(value) {
			named = nil
		}
		checkUser(t, world, passwords.Principal(value), named, value, "'"+value)
		checkUser(t, world, passwords.UserID(value), userWith(world.Users, func(u cyclostest.User) bool { return u.ID == id }), value)
		checkLocator(t, world, value)
	})
}

// checkUser calls operations for a user and checks that they act on nobody but
// the one wanted, or are refused if there is none. The forms are those in which
// the user may arrive.
func checkUser(t *testing.T, world cyclostest.World, user passwords.ManagedUser, want *cyclostest.User, forms ...string) {
	t.Helper()
	s := newFuzzedCyclos(world)
	client, ctx := s.as(t, "caller"), t.Context()
	data, errData := client.GetUserPasswordsListData(ctx, user, "user.id")
	_, errList := client.ListUserPasswords(ctx, user)
	one, errOne := client.GetUserPasswordsData(ctx, user, cyclostest.TypeLogin)
	errDisable := client.DisablePassword(ctx, user, cyclostest.TypeLogin)
	if want == nil {
		fuzzWantUnsent(t, errData, errList, errOne, errDisable)
		s.wantCalls(t)
		s.wantStatuses(t, "a refusal", nil)
		return
	}
	if err := errors.Join(errData, errList, errOne, errDisable); err != nil {
		t.Fatalf("user %q: %v", want.LoginName, err)
	}
	if data.User.ID != want.ID || one.Type.InternalName != cyclostest.TypeLogin {
		t.Errorf("user %s was reached, want %s", data.User.ID, want.ID)
	}
	s.wantCalls(t, "getUserPasswordsListData", "listUserPasswords", "getUserPasswordsData", "disablePassword")
	s.wantStatuses(t, "disablePassword", map[passwordOf]gen.PasswordStatusEnum{
		{want.LoginName, cyclostest.TypeLogin}: gen.PasswordStatusEnumDisabled,
	})
	s.wantUserSegment(t, forms...)
}

// checkLocator checks that a locator arrives as it is. Whom it names is up to
// the server.
func checkLocator(t *testing.T, world cyclostest.World, value string) {
	t.Helper()
	s := newFuzzedCyclos(world)
	client, ctx := s.as(t, "caller"), t.Context()
	_, errList := client.ListUserPasswords(ctx, passwords.Locator(value))
	errDisable := client.DisablePassword(ctx, passwords.Locator(value), cyclostest.TypeLogin)
	if fuzzUnsendable(value) || strings.TrimSpace(value) == "self" {
		fuzzWantUnsent(t, errList, errDisable)
		s.wantCalls(t)
		s.wantStatuses(t, "a refusal", nil)
		return
	}
	for _, err := range []error{errList, errDisable} {
		if err != nil && !errors.Is(err, passwords.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	}
	s.wantCalls(t, "listUserPasswords", "disablePassword")
	s.wantUserSegment(t, value)
}

// wantUserSegment checks the user of all requests that arrived.
func (s *fuzzedCyclos) wantUserSegment(t *testing.T, forms ...string) {
	t.Helper()
	for _, r := range s.link.arrived {
		path, _, _ := strings.Cut(r.RequestURI, "?")
		segment, err := url.PathUnescape(strings.Split(path, "/")[2])
		if err != nil || !slices.Contains(forms, segment) {
			t.Errorf("the user arrived as %q, want one of %q", segment, forms)
		}
	}
}

func FuzzPasswordType(f *testing.F) {
	for _, row := range testkit.TypeCases() {
		f.Add(row.Value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		s := newFuzzedCyclos(typeWorld(value))
		manager, ana, ctx := s.as(t, "caller"), s.as(t, "ana"), t.Context()
		user, typ := passwords.Principal("ana"), typeOf(s.world.PasswordTypes, value)
		var reached []string
		step := func(id string, want gen.PasswordStatusEnum, call func() (passwords.Secret, error)) {
			t.Helper()
			secret, err := call()
			if fuzzUnsendable(value) {
				fuzzWantUnsent(t, err)
				s.wantStatuses(t, id, nil)
				return
			}
			if err != nil {
				t.Fatalf("%s: %v", id, err)
			}
			reached = append(reached, id)
			s.wantStatuses(t, id, map[passwordOf]gen.PasswordStatusEnum{{"ana", typ.InternalName}: want})
			if !secret.IsZero() && !s.Check("ana", typ.InternalName, secret.Reveal()) {
				t.Errorf("%s returned the value of another password", id)
			}
		}
		noSecret := func(err error) (passwords.Secret, error) { return passwords.Secret{}, err }
		step("generatePassword", gen.PasswordStatusEnumActive, func() (passwords.Secret, error) { return ana.GeneratePassword(ctx, value) })
		step("changeGenerated", gen.PasswordStatusEnumActive, func() (passwords.Secret, error) { return ana.ChangeGenerated(ctx, value, passwords.Secret{}) })
		step("disablePassword", gen.PasswordStatusEnumDisabled, func() (passwords.Secret, error) { return noSecret(manager.DisablePassword(ctx, user, value)) })
		step("enablePassword", gen.PasswordStatusEnumActive, func() (passwords.Secret, error) { return noSecret(manager.EnablePassword(ctx, user, value)) })
		step("resetGeneratedPassword", gen.PasswordStatusEnumPending, func() (passwords.Secret, error) {
			return noSecret(manager.ResetGeneratedPassword(ctx, user, value))
		})
		data, err := manager.GetUserPasswordsData(ctx, user, value)
		switch {
		case fuzzUnsendable(value), value == "list-data":
			fuzzWantUnsent(t, err)
		case err != nil:
			t.Fatal(err)
		default:
			reached = append(reached, "getUserPasswordsData")
			if data.Type.ID != typ.ID || data.Status != gen.PasswordStatusEnumPending {
				t.Errorf("type %s was read, want %s", data.Type.ID, typ.ID)
			}
		}
		s.wantCalls(t, reached...)
	})
}

// plainBase is what no rule can have anything against.
var plainBase = regexp.MustCompile(`^https://[a-z][a-z0-9]*(\.[a-z][a-z0-9]*)*(:[1-9][0-9]{0,3})?(/[a-z0-9]+)*/?$`)

func FuzzBaseURL(f *testing.F) {
	for _, base := range []string{
		"https://cyclos.example.org/api", "http://localhost:8080/api/", "http://[::1]:8080", "http://[::1%25lo]/api",
		"HTTPS://CYCLOS.example.org", "http://127.0.0.1.example/api", "http://x.localhost./api", "https://münchen.example/é",
		"https://h/a%2Fb", "https://h/%2e%2e/api", "https://h/api?", "https://h/api?x=1", "https://h/api#", "https://h/api;v=1", "https://h//api",
		"https://user:pass@h/api", "https://h@/api", "https:///api", "https://:443/api", "https://h:/api", "ftp://h/api", "//h/api", "",
	} {
		f.Add(base, uint16(len(base)/2))
	}
	f.Fuzz(func(t *testing.T, base string, at uint16) {
		for _, base := range []string{base, fuzzPlanted(base, at)} {
			checkBase(t, base)
			checkBase(t, base, passwords.WithInsecureHTTP())
		}
	})
}

// checkBase checks by the text of the base URL alone that it obeys the rules if
// it is accepted, and where a request then goes.
func checkBase(t *testing.T, base string, opts ...passwords.Option) {
	t.Helper()
	arrived := &fuzzLink{handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })}
	client, err := passwords.New(base, append(opts, passwords.WithHTTPClient(&http.Client{Transport: arrived}))...)
	if err != nil {
		if client != nil || !errors.Is(err, passwords.ErrInvalidArgument) || strings.Contains(err.Error(), fuzzMarker) {
			t.Error("a client along with the error, or not ErrInvalidArgument, or it shows the base URL")
		}
		if plainBase.MatchString(base) {
			t.Errorf("a plain base URL of %d bytes was refused: %v", len(base), err)
		}
		return
	}
	scheme, rest, _ := strings.Cut(base, "://")
	authority, path, _ := strings.Cut(rest, "/")
	path = strings.TrimSuffix(path, "/")
	host, insecure := fuzzHost(authority), len(opts) > 0
	switch {
	case !strings.EqualFold(scheme, "https") && !strings.EqualFold(scheme, "http"):
		t.Error("neither http nor https was accepted")
	case strings.EqualFold(scheme, "http") && !insecure && !fuzzThisMachine(host):
		t.Error("plain http to another machine was accepted")
	case host == "" || strings.ContainsAny(authority, "@\\ \t\r\n"):
		t.Error("a base URL without a host, or with user information, was accepted")
	case strings.ContainsAny(base, "?#;\\"):
		t.Error("a query, a fragment, a path parameter or a backslash was accepted")
	}
	wantSegments := []string{""}
	if path != "" {
		for raw := range strings.SplitSeq(path, "/") {
			segment, err := url.PathUnescape(raw)
			if err != nil || segment == "" || segment == "." || segment == ".." || strings.ContainsAny(segment, `/;\`) {
				t.Error("an ambiguous path was accepted")
			}
			wantSegments = append(wantSegments, segment)
		}
	}
	wantSegments = append(wantSegments, "self", "passwords", "login", "disable")

	err = client.DisablePassword(t.Context(), passwords.Self(), cyclostest.TypeLogin)
	if err != nil && (plainBase.MatchString(base) || strings.Contains(err.Error(), fuzzMarker)) {
		t.Errorf("the request failed, or the error shows the base URL of %d bytes", len(base))
	}
	wantHost, errHost := url.PathUnescape(authority)
	for _, r := range arrived.sent {
		if errHost != nil || !strings.EqualFold(r.URL.Scheme, scheme) || !strings.EqualFold(strings.TrimSuffix(r.URL.Host, ":"), strings.TrimSuffix(wantHost, ":")) {
			t.Error("the request goes to another host")
		}
	}
	for _, r := range arrived.arrived {
		var got []string
		for raw := range strings.SplitSeq(r.RequestURI, "/") {
			segment, err := url.PathUnescape(raw)
			if err != nil {
				t.Error("the path does not arrive")
			}
			got = append(got, segment)
		}
		if !slices.Equal(got, wantSegments) {
			t.Errorf("the request arrived below another path: %d segments, want %d", len(got), len(wantSegments))
		}
		if plainBase.MatchString(base) && r.Host != authority {
			t.Error("the request names another host")
		}
	}
}

// fuzzKind is the error that stands for a status.
var fuzzKind = map[int]error{
	401: passwords.ErrUnauthorized, 403: passwords.ErrForbidden, 404: passwords.ErrNotFound,
	409: passwords.ErrConflict, 422: passwords.ErrInvalidInput, 503: passwords.ErrUnavailable,
}

func FuzzErrorBody(f *testing.F) {
	for _, tc := range testkit.ErrorCases() {
		f.Add(uint16(tc.Reply.Status), tc.Reply.Header["Content-Type"], []byte(tc.Reply.Body), uint16(len(tc.Reply.Body)/2))
	}
	for _, body := range []string{
		"", "{", "null", "[]", "\ufeff{}", `{"code":null}`, `{"code":7}`, `{"code":"login"`, `{"code":"a b"}`, `{"code":"login"}{}`,
		`{"code":"login","code":"other"}`, "{\"code\":\"\xff\"}", `{"code":"` + strings.Repeat("a", 100) + `"}`, "<html>",
	} {
		f.Add(uint16(401), "application/json", []byte(body), uint16(9))
		f.Add(uint16(422), "text/html; charset=utf-16", []byte(body), uint16(0))
	}
	f.Fuzz(func(t *testing.T, status uint16, contentType string, body []byte, at uint16) {
		if status < 100 || status > 999 {
			status = 100 + status%900
		}
		answer := fuzzedAnswer{status: int(status), header: http.Header{
			"Content-Type": {contentType},
			"Location":     {"https://other.example.org/" + fuzzMarker},
		}}
		for _, answer.body = range []string{string(body), fuzzPlanted(body, at)} {
			for _, op := range testkit.Operations() {
				if answer.status == op.OK.Status {
					continue // no error: see FuzzSuccessBody
				}
				_, err := op.Do(t.Context(), answer.client(t))
				checkStatusError(t, op, answer, err)
			}
		}
	})
}

// checkStatusError checks the error for an answer whose status is not that of
// success.
func checkStatusError(t *testing.T, op testkit.Operation, answer fuzzedAnswer, err error) {
	t.Helper()
	var e *passwords.Error
	if !errors.As(err, &e) {
		t.Fatalf("%s: %d with %d bytes is no *Error", op.ID, answer.status, len(answer.body))
	}
	if e.Operation != op.ID || e.StatusCode != answer.status {
		t.Errorf("got operation %s and status %d, want %s and %d", e.Operation, e.StatusCode, op.ID, answer.status)
	}
	wantMarkerless(t, err)
	var kinds []int
	for status, kind := range fuzzKind {
		if errors.Is(err, kind) {
			kinds = append(kinds, status)
		}
	}
	switch {
	case fuzzKind[answer.status] != nil:
		if !slices.Equal(kinds, []int{answer.status}) {
			t.Errorf("status %d matches the errors of %v", answer.status, kinds)
		}
	case answer.status == 405: // the API has it for 503 too, if the body says so
		if len(kinds) > 1 || len(kinds) == 1 && (kinds[0] != 503 || e.Code == "") {
			t.Errorf("status 405 with a code of %d bytes matches the errors of %v", len(e.Code), kinds)
		}
	case len(kinds) > 0 || errors.Is(err, passwords.ErrServer) != (answer.status >= 500 && answer.status < 600):
		t.Errorf("status %d matches the errors of %v", answer.status, kinds)
	}
	if errors.Is(err, passwords.ErrUnexpectedResponse) != (answer.status < 400 || answer.status >= 600) {
		t.Errorf("status %d is an unexpected response, or should be", answer.status)
	}
	bodies := map[int]bool{
		401: e.Unauthorized != nil, 403: e.Forbidden != nil, 404: e.NotFound != nil, 409: e.Conflict != nil,
		422: e.Input != nil, 503: e.Unavailable != nil && answer.status != 405, 405: e.Unavailable != nil && answer.status == 405, 500: e.Server != nil,
	}
	for status, set := range bodies {
		if set && status != answer.status {
			t.Errorf("status %d has the body of %d", answer.status, status)
		}
	}
	// 4xx says that nothing happened, save for two by which a proxy gives up, and
	// reading changes nothing.
	refused := answer.status >= 400 && answer.status < 500 && answer.status != 408 && answer.status != 499
	known := op.Method == http.MethodGet || refused || bodies[answer.status]
	if errors.Is(err, passwords.ErrOutcomeUnknown) == known {
		t.Errorf("%s: the outcome of status %d is unknown: %t", op.ID, answer.status, !known)
	}
}

func FuzzSuccessBody(f *testing.F) {
	for _, op := range testkit.Operations() {
		f.Add(op.OK.Header["Content-Type"], []byte(op.OK.Body), uint16(len(op.OK.Body)/2))
	}
	for _, body := range []string{
		"", " ", "null", "[]", "[null]", "{}", `""`, `"4711"`, "\"\\ud800\"", "\ufeff4711", "4711\r\n", "\xff", "\u00e9",
		`[{"status":"active"}`, `[{"status":"active"}] x`, `[{"status":7}]`, `[{"STATUS":"active"}]`, `[{"status":"a","status":"b"}]`,
		`[{"date":"2026-01-02T03:04:05.678Z"}]`, `[{"date":"2026-01-02T03:04+01:00"}]`, `[{"date":1}]`, "<html><body>4711</body></html>",
	} {
		for _, contentType := range []string{
			"application/json", "text/plain", "text/plain;charset=ISO-8859-1", "text/html", "", "application/problem+json; charset=utf-8", "text/plain; charset=utf-16",
		} {
			f.Add(contentType, []byte(body), uint16(3))
		}
	}
	f.Fuzz(func(t *testing.T, contentType string, body []byte, at uint16) {
		for _, text := range []string{string(body), fuzzPlanted(body, at)} {
			answer := fuzzedAnswer{header: http.Header{"Content-Type": {contentType}}, body: text}
			for _, op := range testkit.Operations() {
				answer.status = op.OK.Status
				value, err := op.Do(t.Context(), answer.client(t))
				checkSuccess(t, op, answer, value, err)
			}
		}
	})
}

// checkSuccess checks that an answer with the status of success is a value or an
// error, and the value what the answer says.
func checkSuccess(t *testing.T, op testkit.Operation, answer fuzzedAnswer, value any, err error) {
	t.Helper()
	var e *passwords.Error
	if err != nil && (!errors.As(err, &e) || e.StatusCode != answer.status || !errors.Is(err, passwords.ErrUnexpectedResponse) ||
		errors.Is(err, passwords.ErrOutcomeUnknown) == (op.Method == http.MethodGet)) {
		t.Errorf("%s: got %v", op.ID, err)
	}
	wantMarkerless(t, err)
	switch value := value.(type) {
	case nil:
		if err != nil {
			t.Errorf("%s: got %v for an answer that has no body", op.ID, err)
		}
	case passwords.Secret:
		wantValueOrError(t, op, !value.IsZero(), err)
		checkSecretBody(t, answer, value)
	case []passwords.PasswordStatusAndType:
		wantValueOrError(t, op, value != nil, err)
		checkListBody(t, answer, value)
	case *passwords.PasswordStatusAndActions:
		wantValueOrError(t, op, value != nil, err)
	case *passwords.DataForUserPasswords:
		wantValueOrError(t, op, value != nil, err)
	default:
		t.Errorf("%s returns a %T", op.ID, value)
	}
}

func TestBaseURLsThatFuzzingFound(t *testing.T) {
	t.Parallel()
	for rest, want := range map[string]bool{
		"a]b/api": false, "]/api": false, "h;v=1/api": false, "a,b/api": false, "<h>/api": false, "h'/api": false, "\xff/api": false,
		"h/a%2Fb": false, "h/a%2fb c": false, "h/a b": true, "h/a%20b": true,
		"a_b.example/api": true, "münchen.example/api": true, "[::1%25lo]/api": true, "10.0.0.1/api": true, "h-1.example./api": true,
	} {
		_, err := passwords.New("https://" + rest)
		if (err == nil) != want || err != nil && !errors.Is(err, passwords.ErrInvalidArgument) {
			t.Errorf("%q: got %v", rest, err)
		}
	}
}

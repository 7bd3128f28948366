package passwords_test

import (
	"bytes"
	"encoding"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// refusals are the error cases in which the server did not execute an unsafe
// operation. In all others it may have.
var refusals = []string{
	"login", "forbidden", "not found", "no such type", "other entity", "only a key", "conflict", "validation",
	"nested input errors", "null among texts", "texts that are none", "a text that is no list", "unavailable", "unavailable as 405", "unavailable beside wrong types", "JSON under another media type",
	"code beside wrong types", "duplicate names", "byte order mark", "ISO-8859-1",
}

// exported returns an error with its exported fields only.
func exported(e passwords.Error) passwords.Error {
	return passwords.Error{
		Operation: e.Operation, StatusCode: e.StatusCode, Code: e.Code, RetryAfter: e.RetryAfter,
		Unauthorized: e.Unauthorized, Forbidden: e.Forbidden, NotFound: e.NotFound, Conflict: e.Conflict,
		Input: e.Input, Unavailable: e.Unavailable, Server: e.Server,
	}
}

// TestErrorsAreDecodedByStatus covers each error on each operation, including those
// with text responses.
func TestErrorsAreDecodedByStatus(t *testing.T) {
	t.Parallel()
	for _, op := range testkit.Operations() {
		for _, tc := range testkit.ErrorCases() {
			t.Run(op.ID+"/"+tc.Name, func(t *testing.T) {
				t.Parallel()
				w := testkit.NewWire(t, tc.Reply)
				value, err := op.Do(t.Context(), testkit.NewClient(t, w.URL))
				if secret, ok := value.(passwords.Secret); ok && !secret.IsZero() {
					t.Error("a secret was returned with the error")
				}
				var got *passwords.Error
				if !errors.As(err, &got) {
					t.Fatalf("got %v", err)
				}
				want := tc.Want
				want.Operation = op.ID
				if !reflect.DeepEqual(exported(*got), want) {
					t.Errorf("got %+v, want %+v", exported(*got), want)
				}
				text := "passwords: " + op.ID + ": " + tc.Text
				unknown := op.Method == "POST" && !slices.Contains(refusals, tc.Name)
				if unknown {
					text += " (the outcome is unknown)"
				}
				if errors.Is(err, passwords.ErrOutcomeUnknown) != unknown {
					t.Errorf("outcome unknown: got %t", !unknown)
				}
				if err.Error() != text {
					t.Errorf("got %q, want %q", err, text)
				}
				asJSON, err2 := json.Marshal(map[string]any{"error": err})
				if err2 != nil || strings.Contains(fmt.Sprintf("%v %+v %#v %s", err, err, err, asJSON), "leak-me") {
					t.Error("the error shows the body")
				}
				for _, sentinel := range testkit.StatusErrors {
					if errors.Is(fmt.Errorf("wrapped: %w", err), sentinel) != (sentinel == tc.Matches) {
						t.Errorf("errors.Is with %q: got %t", sentinel, sentinel != tc.Matches)
					}
				}
				if w.Count() != 1 {
					t.Errorf("%d requests arrived", w.Count())
				}
			})
		}
	}
}

// TestOutcomeIsUnknownBehindAGateway that replaces the response after the server
// executed the operation.
func TestOutcomeIsUnknownBehindAGateway(t *testing.T) {
	t.Parallel()
	const html = "<html>leak-me"
	for _, fault := range []cyclostest.Fault{
		{Status: 503, Body: `{"code":"UPSTREAM_TIMEOUT"}`}, {Status: 405, Body: `{"code":"x"}`}, {Status: 400, Body: html}, {Status: 403, Body: html},
		{Status: 404, Body: html}, {Status: 409, Body: html}, {Status: 422, Body: html}, {Status: 429, Body: html}, {Status: 401}, {Status: 407}, {Status: 502},
		{Status: 403, Body: `{"code":"fromTheFuture"}`}, {Status: 404, Body: `{"message":"no route"}`}, {Status: 302}, {Status: 200, Body: "{}"},
		{Status: 500, Body: `{"exceptionType":"java.lang.IllegalStateException","kind":"general"}`}, {Status: 400, Body: `{"code":"validation"}`},
	} {
		for _, call := range testkit.EmulatorCalls() {
			if call.Safe {
				continue
			}
			server := cyclostest.NewServer(cyclostest.WithWorld(testkit.FaultWorld()))
			fault.AfterExecution = true
			server.Inject(fault)
			err := call.Do(t.Context(), testkit.NewClient(t, server.URL, passwords.WithSessionToken(passwords.NewSecret(call.Session))))
			if !errors.Is(err, passwords.ErrOutcomeUnknown) || !call.Done(server) {
				t.Errorf("%s: %d %s: got %v, executed: %t", call.ID, fault.Status, fault.Body, err, call.Done(server))
			}
			server.Close()
		}
	}
}

// TestREADMESaysWhatComesWithAnUnknownOutcome compares the last column of its table of
// errors with the error cases.
func TestREADMESaysWhatComesWithAnUnknownOutcome(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, sentinel := range map[string]error{
		"ErrUnauthorized": passwords.ErrUnauthorized, "ErrForbidden": passwords.ErrForbidden, "ErrNotFound": passwords.ErrNotFound,
		"ErrConflict": passwords.ErrConflict, "ErrInvalidInput": passwords.ErrInvalidInput, "ErrUnavailable": passwords.ErrUnavailable,
		"ErrTooManyRequests": passwords.ErrTooManyRequests, "ErrServer": passwords.ErrServer, "ErrUnexpectedResponse": passwords.ErrUnexpectedResponse,
	} {
		row := regexp.MustCompile("(?m)^\\|[^|]*`" + name + "`[^|]*\\|.*\\| ([^|]+) \\|$").FindSubmatch(readme)
		if row == nil {
			t.Errorf("%s is not in the table", name)
			continue
		}
		refused := slices.ContainsFunc(testkit.ErrorCases(), func(tc testkit.ErrorCase) bool {
			return tc.Matches == sentinel && slices.Contains(refusals, tc.Name)
		})
		if always := string(row[1]) == "always"; always == refused {
			t.Errorf("%s comes with an unknown outcome: %s, although refusals match it: %t", name, row[1], refused)
		}
	}
}

func TestErrorsReadNaturally(t *testing.T) {
	t.Parallel()
	call := func(r testkit.Reply) *passwords.Error {
		err := testkit.NewClient(t, testkit.NewWire(t, r).URL).DisablePassword(t.Context(), passwords.Principal("ana"), "login")
		var e *passwords.Error
		if !errors.As(err, &e) {
			t.Fatalf("got %v", err)
		}
		return e
	}
	e := call(testkit.JSON(401, `{"code":"login","passwordStatus":"temporarilyBlocked","userStatus":"blocked"}`))
	if e.PasswordStatus() != passwords.StatusTemporarilyBlocked || e.UserStatus() != passwords.UserStatusBlocked || e.PropertyErrors() != nil {
		t.Errorf("got %q, %q", e.PasswordStatus(), e.UserStatus())
	}
	e = call(testkit.JSON(422, `{"code":"validation","propertyErrors":{"newPassword":["too short"]}}`))
	if got := e.PropertyErrors()["newPassword"]; len(got) != 1 || got[0] != "too short" || e.PasswordStatus() != "" || e.UserStatus() != "" {
		t.Errorf("got %v", e.PropertyErrors())
	}
	if !passwords.IsCode(fmt.Errorf("wrapped: %w", e), passwords.CodeLogin, passwords.CodeValidation) ||
		passwords.IsCode(e, passwords.CodeLogin) || passwords.IsCode((*passwords.Error)(nil), "") || passwords.IsCode(nil, "") || passwords.IsCode(errors.New("x"), "") {
		t.Error("IsCode is wrong about a wrapped error, another code, or an error without code")
	}
	if passwords.IsCode(call(testkit.Reply{Status: 403, OffSpec: true}), "") {
		t.Error("IsCode matches an error without code")
	}
}

// TestIsCodeTakesTypedCodes: the code may come from a body, which has a type for each
// status, from a variable, or from the untyped constants, also together.
func TestIsCodeTakesTypedCodes(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.JSON(403, `{"code":"illegalAction"}`))
	err := testkit.NewClient(t, w.URL).DisablePassword(t.Context(), passwords.Principal("ana"), "login")
	var e *passwords.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v", err)
	}
	text := e.Code
	for name, got := range map[string]bool{
		"of the body":      passwords.IsCode(err, e.Forbidden.Code),
		"of the error":     passwords.IsCode(err, text),
		"of gen":           passwords.IsCode(err, gen.ForbiddenErrorCodeIllegalAction),
		"constant":         passwords.IsCode(err, passwords.CodeIllegalAction),
		"typed and const":  passwords.IsCode(err, passwords.ForbiddenCode("x"), passwords.CodeIllegalAction),
		"string and const": passwords.IsCode(err, "x", text, passwords.CodeLogin),
		"list":             passwords.IsCode(err, []passwords.ForbiddenCode{"x", passwords.CodeIllegalAction}...),
		"other status":     passwords.IsCode(err, passwords.UnauthorizedCode(passwords.CodeIllegalAction)),
		"not another":      !passwords.IsCode(err, passwords.ForbiddenCode("x")) && !passwords.IsCode(err, passwords.UnauthorizedCode("")),
	} {
		if !got {
			t.Errorf("%s: got %t", name, got)
		}
	}
}

// TestErrorsAreEncodedAsTheirText: the fields of an error hold data of the user,
// which must not get into logs and queues.
func TestErrorsAreEncodedAsTheirText(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.JSON(422, `{"code":"validation","propertyErrors":{"newPassword":["leak-me"]}}`))
	err := testkit.NewClient(t, w.URL).DisablePassword(t.Context(), passwords.Principal("ana"), "login")
	var e *passwords.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v", err)
	}
	text := "passwords: disablePassword: 422 Unprocessable Entity: validation"
	for name, value := range map[string]any{"pointer": e, "value": *e, "property": map[string]any{"e": e}} {
		want := `"` + text + `"`
		if name == "property" {
			want = `{"e":` + want + `}`
		}
		if got, err := json.Marshal(value); err != nil || string(got) != want {
			t.Errorf("JSON of the %s: got %s, %v", name, got, err)
		}
	}
	var out bytes.Buffer
	if got, err := encoding.BinaryMarshaler(e).MarshalBinary(); err != nil || string(got) != text {
		t.Errorf("binary: got %q, %v", got, err)
	}
	if err := gob.NewEncoder(&out).Encode(e); err != nil || !bytes.Contains(out.Bytes(), []byte(text)) || bytes.Contains(out.Bytes(), []byte("leak-me")) {
		t.Errorf("gob: the text is missing, or the response shows: %v", err)
	}
}

func TestRedirectsSayWhereTo(t *testing.T) {
	t.Parallel()
	longest := strings.Repeat("a.", 126) + "a" // allowed host name
	for location, want := range map[string]struct{ origin, text string }{
		"https://" + longest + "/":        {"https://" + longest, "redirects are not followed: to https://" + longest},
		"https://" + longest + "a/":       {"", "redirects are not followed"},
		"":                                {"", "redirects are not followed"},
		"https://login.example.org/x?y=1": {"https://login.example.org", "redirects are not followed: to https://login.example.org"},
	} {
		reply := testkit.Reply{Status: 302, Header: map[string]string{"Location": location}, OffSpec: true}
		err := testkit.NewClient(t, testkit.NewWire(t, reply).URL).EnablePassword(t.Context(), passwords.Principal("ana"), "login")
		var redirect *passwords.RedirectError
		if !errors.As(err, &redirect) || redirect.Origin != want.origin || redirect.Error() != want.text || !errors.Is(redirect, passwords.ErrUnexpectedResponse) {
			t.Errorf("to %q: got %v", location, err)
		}
	}
}

func TestErrorsOfUnknownStatusHaveNoName(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.Reply{Status: 499, OffSpec: true})
	_, err := testkit.NewClient(t, w.URL).ListUserPasswords(t.Context(), passwords.Self())
	if err == nil || err.Error() != "passwords: listUserPasswords: 499" {
		t.Errorf("got %v", err)
	}
}

package passwords_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cyclos-go/passwords"
)

// sentinels are what a status can match.
var sentinels = []error{
	passwords.ErrUnauthorized, passwords.ErrForbidden, passwords.ErrNotFound, passwords.ErrConflict,
	passwords.ErrInvalidInput, passwords.ErrUnavailable, passwords.ErrServer,
	passwords.ErrUnexpectedResponse, passwords.ErrInvalidArgument,
}

type errorCase struct {
	name    string
	reply   reply
	matches error // nil: none of the sentinels
	text    string
	want    passwords.Error // Operation is filled in
}

func errorCases() []errorCase {
	html := func(status int) reply {
		return reply{status: status, header: map[string]string{"Content-Type": "text/html"}, body: "<h1>leak-me</h1>", offSpec: true}
	}
	off := func(r reply) reply { r.offSpec = true; return r }
	return []errorCase{
		{
			"login", jsonReply(401, `{"code":"login","passwordStatus":"temporarilyBlocked","userStatus":"blocked"}`),
			passwords.ErrUnauthorized, "401 Unauthorized: login",
			passwords.Error{StatusCode: 401, Code: passwords.CodeLogin, Unauthorized: &passwords.UnauthorizedError{
				Code: passwords.CodeLogin, PasswordStatus: passwords.StatusTemporarilyBlocked, UserStatus: passwords.UserStatusBlocked}},
		},
		{
			"forbidden", jsonReply(403, `{"code":"temporarilyBlocked","passwordType":{"id":"1","internalName":"login"}}`),
			passwords.ErrForbidden, "403 Forbidden: temporarilyBlocked",
			passwords.Error{StatusCode: 403, Code: passwords.CodeTemporarilyBlocked, Forbidden: &passwords.ForbiddenError{
				Code: passwords.CodeTemporarilyBlocked, PasswordType: &passwords.EntityReference{ID: "1", InternalName: "login"}}},
		},
		{
			"not found", jsonReply(404, `{"entityType":"User","key":"leak-me"}`),
			passwords.ErrNotFound, "404 Not Found",
			passwords.Error{StatusCode: 404, NotFound: &passwords.NotFoundError{EntityType: "User", Key: "leak-me"}},
		},
		{
			"conflict", jsonReply(409, `{"code":"staleEntity"}`),
			passwords.ErrConflict, "409 Conflict: staleEntity",
			passwords.Error{StatusCode: 409, Code: passwords.CodeStaleEntity, Conflict: &passwords.ConflictError{Code: passwords.CodeStaleEntity}},
		},
		{
			"validation", jsonReply(422, `{"code":"validation","properties":["newPassword"],"propertyErrors":{"newPassword":["leak-me"]}}`),
			passwords.ErrInvalidInput, "422 Unprocessable Entity: validation",
			passwords.Error{StatusCode: 422, Code: passwords.CodeValidation, Input: &passwords.InputError{
				Code: passwords.CodeValidation, Properties: []string{"newPassword"}, PropertyErrors: map[string][]string{"newPassword": {"leak-me"}}}},
		},
		{
			"nested input errors", jsonReply(422, `{"code":"aggregated","errors":{"a":{"code":"validation"}},"indexedErrors":{"b":[null,{"value":"leak-me"}]}}`),
			passwords.ErrInvalidInput, "422 Unprocessable Entity: aggregated",
			passwords.Error{StatusCode: 422, Code: passwords.CodeAggregated, Input: &passwords.InputError{
				Code:          passwords.CodeAggregated,
				Errors:        map[string]passwords.InputError{"a": {Code: passwords.CodeValidation}},
				IndexedErrors: map[string][]*passwords.InputError{"b": {nil, {Value: "leak-me"}}}}},
		},
		{
			"unavailable", jsonReply(503, `{"code":"smsSending","smsStatus":"gatewayUreachable"}`),
			passwords.ErrUnavailable, "503 Service Unavailable: smsSending",
			passwords.Error{StatusCode: 503, Code: passwords.CodeSMSSending, Unavailable: &passwords.UnavailableError{
				Code: passwords.CodeSMSSending, SMSStatus: passwords.SMSStatusGatewayUnreachable}},
		},
		{
			"unavailable as 405", jsonReply(405, `{"code":"emailSending"}`),
			passwords.ErrUnavailable, "405 Method Not Allowed: emailSending",
			passwords.Error{StatusCode: 405, Code: passwords.CodeEmailSending, Unavailable: &passwords.UnavailableError{Code: passwords.CodeEmailSending}},
		},
		{"ordinary 405", html(405), nil, "405 Method Not Allowed", passwords.Error{StatusCode: 405}},
		{"405 with another object", jsonReply(405, `{"message":"leak-me"}`), nil, "405 Method Not Allowed", passwords.Error{StatusCode: 405}},
		{
			"server error", jsonReply(500, `{"exceptionType":"leak-me","exceptionMessage":"leak-me","kind":"general"}`),
			passwords.ErrServer, "500 Internal Server Error",
			passwords.Error{StatusCode: 500, Server: &passwords.ServerError{ExceptionType: "leak-me", ExceptionMessage: "leak-me", Kind: passwords.ErrorKindGeneral}},
		},
		{
			"unknown code", off(jsonReply(403, `{"code":"fromTheFuture","more":[{}]}`)),
			passwords.ErrForbidden, "403 Forbidden: fromTheFuture",
			passwords.Error{StatusCode: 403, Code: "fromTheFuture", Forbidden: &passwords.ForbiddenError{Code: "fromTheFuture"}},
		},
		{
			"code that is none", off(jsonReply(403, `{"code":"leak-me 1234"}`)),
			passwords.ErrForbidden, "403 Forbidden",
			passwords.Error{StatusCode: 403, Code: "leak-me 1234", Forbidden: &passwords.ForbiddenError{Code: "leak-me 1234"}},
		},
		{
			"JSON under another media type",
			reply{status: 403, header: map[string]string{"Content-Type": "text/plain"}, body: ` {"code":"illegalAction"}`, offSpec: true},
			passwords.ErrForbidden, "403 Forbidden: illegalAction",
			passwords.Error{StatusCode: 403, Code: passwords.CodeIllegalAction, Forbidden: &passwords.ForbiddenError{Code: passwords.CodeIllegalAction}},
		},
		{"HTML 401", html(401), passwords.ErrUnauthorized, "401 Unauthorized", passwords.Error{StatusCode: 401}},
		{"HTML 403", html(403), passwords.ErrForbidden, "403 Forbidden", passwords.Error{StatusCode: 403}},
		{"HTML 404", html(404), passwords.ErrNotFound, "404 Not Found", passwords.Error{StatusCode: 404}},
		{"HTML 503", html(503), passwords.ErrUnavailable, "503 Service Unavailable", passwords.Error{StatusCode: 503}},
		{"HTML 502", html(502), passwords.ErrServer, "502 Bad Gateway", passwords.Error{StatusCode: 502}},
		{"HTML 504", html(504), passwords.ErrServer, "504 Gateway Timeout", passwords.Error{StatusCode: 504}},
		{"empty 409", reply{status: 409, offSpec: true}, passwords.ErrConflict, "409 Conflict", passwords.Error{StatusCode: 409}},
		{"null 409", off(jsonReply(409, `null`)), passwords.ErrConflict, "409 Conflict", passwords.Error{StatusCode: 409}},
		{"array 422", off(jsonReply(422, `["leak-me"]`)), passwords.ErrInvalidInput, "422 Unprocessable Entity", passwords.Error{StatusCode: 422}},
		{"truncated 401", off(jsonReply(401, `{"code":"login","passwordSta`)), passwords.ErrUnauthorized, "401 Unauthorized", passwords.Error{StatusCode: 401}},
		{
			"code beside wrong types", off(jsonReply(403, `{"code":"temporarilyBlocked","passwordType":"login"}`)),
			passwords.ErrForbidden, "403 Forbidden: temporarilyBlocked",
			passwords.Error{StatusCode: 403, Code: passwords.CodeTemporarilyBlocked},
		},
		{
			"duplicate names", off(jsonReply(409, `{"code":"x","code":"staleEntity"}`)),
			passwords.ErrConflict, "409 Conflict: staleEntity",
			passwords.Error{StatusCode: 409, Code: passwords.CodeStaleEntity, Conflict: &passwords.ConflictError{Code: passwords.CodeStaleEntity}},
		},
		{
			"byte order mark", off(jsonReply(409, "\ufeff"+`{"code":"staleEntity"}`)),
			passwords.ErrConflict, "409 Conflict: staleEntity",
			passwords.Error{StatusCode: 409, Code: passwords.CodeStaleEntity, Conflict: &passwords.ConflictError{Code: passwords.CodeStaleEntity}},
		},
		{
			"ISO-8859-1",
			reply{status: 422, header: map[string]string{"Content-Type": "application/json;charset=ISO-8859-1"}, body: "{\"code\":\"validation\",\"generalErrors\":[\"n\xe3o\"]}"},
			passwords.ErrInvalidInput, "422 Unprocessable Entity: validation",
			passwords.Error{StatusCode: 422, Code: passwords.CodeValidation, Input: &passwords.InputError{Code: passwords.CodeValidation, GeneralErrors: []string{"não"}}},
		},
		{"wrong types", off(jsonReply(401, `{"code":{"leak-me":1}}`)), passwords.ErrUnauthorized, "401 Unauthorized", passwords.Error{StatusCode: 401}},
		{"400", html(400), nil, "400 Bad Request", passwords.Error{StatusCode: 400}},
		{"beyond 5xx", html(600), passwords.ErrUnexpectedResponse, "600: unexpected response: not the status of this operation", passwords.Error{StatusCode: 600}},
		{"304", reply{status: 304, offSpec: true}, passwords.ErrUnexpectedResponse, "304 Not Modified: unexpected response: not the status of this operation", passwords.Error{StatusCode: 304}},
		{"408", html(408), nil, "408 Request Timeout", passwords.Error{StatusCode: 408}},
		{"500 of a proxy", off(jsonReply(500, `{"message":"leak-me"}`)), passwords.ErrServer, "500 Internal Server Error", passwords.Error{StatusCode: 500}},
		{"503 of a proxy", jsonReply(503, `{"error":"leak-me"}`), passwords.ErrUnavailable, "503 Service Unavailable", passwords.Error{StatusCode: 503}},
		{"unknown status", html(499), nil, "499", passwords.Error{StatusCode: 499}},
		{
			"429 with Retry-After",
			reply{status: 429, header: map[string]string{"Retry-After": "7"}, offSpec: true},
			nil, "429 Too Many Requests", passwords.Error{StatusCode: 429, RetryAfter: 7 * time.Second},
		},
		{
			"503 with a date",
			reply{status: 503, header: map[string]string{"Date": "Mon, 25 Jun 2018 10:17:37 GMT", "Retry-After": "Mon, 25 Jun 2018 10:18:37 GMT"}, offSpec: true},
			passwords.ErrUnavailable, "503 Service Unavailable", passwords.Error{StatusCode: 503, RetryAfter: time.Minute},
		},
		{
			"503 with a past date",
			reply{status: 503, header: map[string]string{"Date": "Mon, 25 Jun 2018 10:17:37 GMT", "Retry-After": "Mon, 25 Jun 2018 10:16:37 GMT"}, offSpec: true},
			passwords.ErrUnavailable, "503 Service Unavailable", passwords.Error{StatusCode: 503},
		},
		{
			"503 with a malformed Retry-After",
			reply{status: 503, header: map[string]string{"Retry-After": "-1"}, offSpec: true},
			passwords.ErrUnavailable, "503 Service Unavailable", passwords.Error{StatusCode: 503},
		},
	}
}

// lostByProxies are the cases in which a change may have taken place.
var lostByProxies = []string{
	"beyond 5xx", "304", "unknown status", "408", "500 of a proxy", "503 of a proxy",
	"HTML 502", "HTML 503", "HTML 504", "503 with a date", "503 with a past date", "503 with a malformed Retry-After",
}

// exported returns an error without what only its methods show.
func exported(e passwords.Error) passwords.Error {
	return passwords.Error{
		Operation: e.Operation, StatusCode: e.StatusCode, Code: e.Code, RetryAfter: e.RetryAfter,
		Unauthorized: e.Unauthorized, Forbidden: e.Forbidden, NotFound: e.NotFound, Conflict: e.Conflict,
		Input: e.Input, Unavailable: e.Unavailable, Server: e.Server,
	}
}

// TestErrorsAreDecodedByStatus covers each error on each operation, also on
// those whose answer is text.
func TestErrorsAreDecodedByStatus(t *testing.T) {
	t.Parallel()
	for _, op := range operations() {
		for _, tc := range errorCases() {
			t.Run(op.id+"/"+tc.name, func(t *testing.T) {
				t.Parallel()
				w := newWire(t, tc.reply)
				value, err := op.call(t.Context(), newClient(t, w.url))
				if secret, ok := value.(passwords.Secret); ok && !secret.IsZero() {
					t.Error("a value came with the error")
				}
				var got *passwords.Error
				if !errors.As(err, &got) {
					t.Fatalf("got %v", err)
				}
				want := tc.want
				want.Operation = op.id
				if !reflect.DeepEqual(exported(*got), want) {
					t.Errorf("got %+v", got)
				}
				text := "passwords: " + op.id + ": " + tc.text
				unknown := op.method == "POST" && slices.Contains(lostByProxies, tc.name)
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
					t.Error("the body shows")
				}
				for _, sentinel := range sentinels {
					if errors.Is(fmt.Errorf("wrapped: %w", err), sentinel) != (sentinel == tc.matches) {
						t.Errorf("errors.Is with %q differs", sentinel)
					}
				}
				if w.count() != 1 {
					t.Errorf("%d requests arrived", w.count())
				}
			})
		}
	}
}

func TestErrorsReadNaturally(t *testing.T) {
	t.Parallel()
	call := func(r reply) *passwords.Error {
		err := newClient(t, newWire(t, r).url).DisablePassword(t.Context(), passwords.Principal("ana"), "login")
		var e *passwords.Error
		if !errors.As(err, &e) {
			t.Fatalf("got %v", err)
		}
		return e
	}
	e := call(jsonReply(401, `{"code":"login","passwordStatus":"temporarilyBlocked","userStatus":"blocked"}`))
	if e.PasswordStatus() != passwords.StatusTemporarilyBlocked || e.UserStatus() != passwords.UserStatusBlocked || e.PropertyErrors() != nil {
		t.Errorf("got %q, %q", e.PasswordStatus(), e.UserStatus())
	}
	e = call(jsonReply(422, `{"code":"validation","propertyErrors":{"newPassword":["too short"]}}`))
	if got := e.PropertyErrors()["newPassword"]; len(got) != 1 || got[0] != "too short" || e.PasswordStatus() != "" || e.UserStatus() != "" {
		t.Errorf("got %v", e.PropertyErrors())
	}
	if !passwords.IsCode(fmt.Errorf("wrapped: %w", e), passwords.CodeLogin, passwords.CodeValidation) ||
		passwords.IsCode(e, passwords.CodeLogin) || passwords.IsCode((*passwords.Error)(nil), "") || passwords.IsCode(nil, "") || passwords.IsCode(errors.New("x"), "") {
		t.Error("IsCode differs")
	}
	if passwords.IsCode(call(reply{status: 403, offSpec: true}), "") {
		t.Error("an absent code is a code")
	}
}

package testkit

import (
	"time"

	"github.com/cyclos-go/passwords"
)

// ErrorCase is a reply and the error that it must become.
type ErrorCase struct {
	Name    string
	Reply   Reply
	Matches error // nil if none of [StatusErrors]
	Text    string
	Want    passwords.Error // without Operation
}

// noAPI is the text of a 404 that is not a response of the API.
const noAPI = "404 Not Found: not a response of the API: does the base URL end in /api?"

// ErrorCases returns a case for each error of the API, and for responses that
// the API description does not allow.
func ErrorCases() []ErrorCase {
	html := func(status int) Reply {
		return Reply{Status: status, Header: map[string]string{"Content-Type": "text/html"}, Body: "<h1>leak-me</h1>", OffSpec: true}
	}
	off := func(r Reply) Reply { r.OffSpec = true; return r }
	return []ErrorCase{
		{
			"login", JSON(401, `{"code":"login","passwordStatus":"temporarilyBlocked","userStatus":"blocked"}`),
			passwords.ErrUnauthorized, "401 Unauthorized: login",
			passwords.Error{StatusCode: 401, Code: passwords.CodeLogin, Unauthorized: &passwords.UnauthorizedError{
				Code: passwords.CodeLogin, PasswordStatus: passwords.StatusTemporarilyBlocked, UserStatus: passwords.UserStatusBlocked}},
		},
		{
			"forbidden", JSON(403, `{"code":"temporarilyBlocked","passwordType":{"id":"1","internalName":"login"}}`),
			passwords.ErrForbidden, "403 Forbidden: temporarilyBlocked",
			passwords.Error{StatusCode: 403, Code: passwords.CodeTemporarilyBlocked, Forbidden: &passwords.ForbiddenError{
				Code: passwords.CodeTemporarilyBlocked, PasswordType: &passwords.EntityReference{ID: "1", InternalName: "login"}}},
		},
		{
			"not found", JSON(404, `{"entityType":"User","key":"leak-me"}`),
			passwords.ErrNotFound, "404 Not Found: no such user",
			passwords.Error{StatusCode: 404, NotFound: &passwords.NotFoundError{EntityType: "User", Key: "leak-me"}},
		},
		{
			"no such type", JSON(404, `{"entityType":"org.cyclos.entities.access.PasswordType"}`),
			passwords.ErrNotFound, "404 Not Found: no such password type",
			passwords.Error{StatusCode: 404, NotFound: &passwords.NotFoundError{EntityType: "org.cyclos.entities.access.PasswordType"}},
		},
		{
			"other entity", JSON(404, `{"entityType":"leak-me.User.x"}`),
			passwords.ErrNotFound, "404 Not Found",
			passwords.Error{StatusCode: 404, NotFound: &passwords.NotFoundError{EntityType: "leak-me.User.x"}},
		},
		{
			"only a key", JSON(404, `{"key":"leak-me"}`),
			passwords.ErrNotFound, "404 Not Found",
			passwords.Error{StatusCode: 404, NotFound: &passwords.NotFoundError{Key: "leak-me"}},
		},
		{"404 with another object", JSON(404, `{"message":"leak-me"}`), passwords.ErrNotFound, noAPI, passwords.Error{StatusCode: 404}},
		{
			"conflict", JSON(409, `{"code":"staleEntity"}`),
			passwords.ErrConflict, "409 Conflict: staleEntity",
			passwords.Error{StatusCode: 409, Code: passwords.CodeStaleEntity, Conflict: &passwords.ConflictError{Code: passwords.CodeStaleEntity}},
		},
		{
			"validation", JSON(422, `{"code":"validation","properties":["newPassword"],"propertyErrors":{"newPassword":["leak-me"]}}`),
			passwords.ErrInvalidInput, "422 Unprocessable Entity: validation",
			passwords.Error{StatusCode: 422, Code: passwords.CodeValidation, Input: &passwords.InputError{
				Code: passwords.CodeValidation, Properties: []string{"newPassword"}, PropertyErrors: map[string][]string{"newPassword": {"leak-me"}}}},
		},
		{
			"nested input errors", JSON(422, `{"code":"aggregated","errors":{"a":{"code":"validation"}},"indexedErrors":{"b":[null,{"value":"leak-me"}]}}`),
			passwords.ErrInvalidInput, "422 Unprocessable Entity: aggregated",
			passwords.Error{StatusCode: 422, Code: passwords.CodeAggregated, Input: &passwords.InputError{
				Code:          passwords.CodeAggregated,
				Errors:        map[string]passwords.InputError{"a": {Code: passwords.CodeValidation}},
				IndexedErrors: map[string][]*passwords.InputError{"b": {nil, {Value: "leak-me"}}}}},
		},
		{
			"unavailable", JSON(503, `{"code":"smsSending","smsStatus":"gatewayUreachable"}`),
			passwords.ErrUnavailable, "503 Service Unavailable: smsSending",
			passwords.Error{StatusCode: 503, Code: passwords.CodeSMSSending, Unavailable: &passwords.UnavailableError{
				Code: passwords.CodeSMSSending, SMSStatus: passwords.SMSStatusGatewayUnreachable}},
		},
		{
			"unavailable as 405", JSON(405, `{"code":"emailSending"}`),
			passwords.ErrUnavailable, "405 Method Not Allowed: emailSending",
			passwords.Error{StatusCode: 405, Code: passwords.CodeEmailSending, Unavailable: &passwords.UnavailableError{Code: passwords.CodeEmailSending}},
		},
		{
			"unavailable beside wrong types", off(JSON(405, `{"code":"smsSending","smsStatus":{}}`)),
			passwords.ErrUnavailable, "405 Method Not Allowed: smsSending",
			passwords.Error{StatusCode: 405, Code: passwords.CodeSMSSending, Unavailable: &passwords.UnavailableError{Code: passwords.CodeSMSSending}},
		},
		{"ordinary 405", html(405), nil, "405 Method Not Allowed", passwords.Error{StatusCode: 405}},
		{
			"405 with another code", off(JSON(405, `{"code":"fromTheFuture"}`)),
			nil, "405 Method Not Allowed: fromTheFuture", passwords.Error{StatusCode: 405, Code: "fromTheFuture"},
		},
		{
			"503 with another code", off(JSON(503, `{"code":"UPSTREAM_TIMEOUT"}`)),
			passwords.ErrUnavailable, "503 Service Unavailable: UPSTREAM_TIMEOUT", passwords.Error{StatusCode: 503, Code: "UPSTREAM_TIMEOUT"},
		},
		{
			"code of another status", off(JSON(422, `{"code":"permissionDenied"}`)),
			passwords.ErrInvalidInput, "422 Unprocessable Entity: permissionDenied",
			passwords.Error{StatusCode: 422, Code: "permissionDenied", Input: &passwords.InputError{Code: "permissionDenied"}},
		},
		{"400 with a code", off(JSON(400, `{"code":"validation"}`)), nil, "400 Bad Request", passwords.Error{StatusCode: 400}},
		{"500 with a code", off(JSON(500, `{"code":"emailSending"}`)), passwords.ErrServer, "500 Internal Server Error", passwords.Error{StatusCode: 500}},
		{"405 with another object", JSON(405, `{"message":"leak-me"}`), nil, "405 Method Not Allowed", passwords.Error{StatusCode: 405}},
		{
			"server error", JSON(500, `{"exceptionType":"leak-me","exceptionMessage":"leak-me","kind":"general"}`),
			passwords.ErrServer, "500 Internal Server Error",
			passwords.Error{StatusCode: 500, Server: &passwords.ServerError{ExceptionType: "leak-me", ExceptionMessage: "leak-me", Kind: passwords.ErrorKindGeneral}},
		},
		{
			"unknown code", off(JSON(403, `{"code":"fromTheFuture","more":[{}]}`)),
			passwords.ErrForbidden, "403 Forbidden: fromTheFuture",
			passwords.Error{StatusCode: 403, Code: "fromTheFuture", Forbidden: &passwords.ForbiddenError{Code: "fromTheFuture"}},
		},
		{
			"code that is none", off(JSON(403, `{"code":"leak-me 1234"}`)),
			passwords.ErrForbidden, "403 Forbidden",
			passwords.Error{StatusCode: 403, Code: "leak-me 1234", Forbidden: &passwords.ForbiddenError{Code: "leak-me 1234"}},
		},
		{
			"JSON under another media type",
			Reply{Status: 403, Header: map[string]string{"Content-Type": "text/plain"}, Body: ` {"code":"illegalAction"}`, OffSpec: true},
			passwords.ErrForbidden, "403 Forbidden: illegalAction",
			passwords.Error{StatusCode: 403, Code: passwords.CodeIllegalAction, Forbidden: &passwords.ForbiddenError{Code: passwords.CodeIllegalAction}},
		},
		{"HTML 401", html(401), passwords.ErrUnauthorized, "401 Unauthorized", passwords.Error{StatusCode: 401}},
		{"HTML 403", html(403), passwords.ErrForbidden, "403 Forbidden", passwords.Error{StatusCode: 403}},
		{"HTML 404", html(404), passwords.ErrNotFound, noAPI, passwords.Error{StatusCode: 404}},
		{"HTML 503", html(503), passwords.ErrUnavailable, "503 Service Unavailable", passwords.Error{StatusCode: 503}},
		{"HTML 502", html(502), passwords.ErrServer, "502 Bad Gateway", passwords.Error{StatusCode: 502}},
		{"HTML 504", html(504), passwords.ErrServer, "504 Gateway Timeout", passwords.Error{StatusCode: 504}},
		{"empty 409", Reply{Status: 409, OffSpec: true}, passwords.ErrConflict, "409 Conflict", passwords.Error{StatusCode: 409}},
		{"null 409", off(JSON(409, `null`)), passwords.ErrConflict, "409 Conflict", passwords.Error{StatusCode: 409}},
		{"array 422", off(JSON(422, `["leak-me"]`)), passwords.ErrInvalidInput, "422 Unprocessable Entity", passwords.Error{StatusCode: 422}},
		{"truncated 401", off(JSON(401, `{"code":"login","passwordSta`)), passwords.ErrUnauthorized, "401 Unauthorized", passwords.Error{StatusCode: 401}},
		{
			"code beside wrong types", off(JSON(403, `{"code":"temporarilyBlocked","passwordType":"login"}`)),
			passwords.ErrForbidden, "403 Forbidden: temporarilyBlocked",
			passwords.Error{StatusCode: 403, Code: passwords.CodeTemporarilyBlocked},
		},
		{
			"duplicate names", off(JSON(409, `{"code":"x","code":"staleEntity"}`)),
			passwords.ErrConflict, "409 Conflict: staleEntity",
			passwords.Error{StatusCode: 409, Code: passwords.CodeStaleEntity, Conflict: &passwords.ConflictError{Code: passwords.CodeStaleEntity}},
		},
		{
			"byte order mark", off(JSON(409, "\ufeff"+`{"code":"staleEntity"}`)),
			passwords.ErrConflict, "409 Conflict: staleEntity",
			passwords.Error{StatusCode: 409, Code: passwords.CodeStaleEntity, Conflict: &passwords.ConflictError{Code: passwords.CodeStaleEntity}},
		},
		{
			"ISO-8859-1",
			Reply{Status: 422, Header: map[string]string{"Content-Type": "application/json;charset=ISO-8859-1"}, Body: "{\"code\":\"validation\",\"generalErrors\":[\"n\xe3o\"]}"},
			passwords.ErrInvalidInput, "422 Unprocessable Entity: validation",
			passwords.Error{StatusCode: 422, Code: passwords.CodeValidation, Input: &passwords.InputError{Code: passwords.CodeValidation, GeneralErrors: []string{"não"}}},
		},
		{"wrong types", off(JSON(401, `{"code":{"leak-me":1}}`)), passwords.ErrUnauthorized, "401 Unauthorized", passwords.Error{StatusCode: 401}},
		{
			"null among texts", off(JSON(422, `{"code":"validation","generalErrors":[null],"properties":null,"propertyErrors":{"newPassword":[null,"leak-me",null]}}`)),
			passwords.ErrInvalidInput, "422 Unprocessable Entity: validation",
			passwords.Error{StatusCode: 422, Code: passwords.CodeValidation, Input: &passwords.InputError{
				Code: passwords.CodeValidation, PropertyErrors: map[string][]string{"newPassword": {"leak-me"}}}},
		},
		{"texts that are none", off(JSON(422, `{"code":"validation","properties":["leak-me",7]}`)), passwords.ErrInvalidInput,
			"422 Unprocessable Entity: validation", passwords.Error{StatusCode: 422, Code: passwords.CodeValidation}},
		{"a text that is no list", off(JSON(422, `{"code":"validation","properties":"leak-me"}`)), passwords.ErrInvalidInput,
			"422 Unprocessable Entity: validation", passwords.Error{StatusCode: 422, Code: passwords.CodeValidation}},
		{"400", html(400), nil, "400 Bad Request", passwords.Error{StatusCode: 400}},
		{"beyond 5xx", html(600), passwords.ErrUnexpectedResponse, "600: unexpected response: the operation does not have this status", passwords.Error{StatusCode: 600}},
		{"304", Reply{Status: 304, OffSpec: true}, passwords.ErrUnexpectedResponse, "304 Not Modified: unexpected response: the operation does not have this status", passwords.Error{StatusCode: 304}},
		{"408", html(408), nil, "408 Request Timeout", passwords.Error{StatusCode: 408}},
		{"500 of a proxy", off(JSON(500, `{"message":"leak-me"}`)), passwords.ErrServer, "500 Internal Server Error", passwords.Error{StatusCode: 500}},
		{"503 of a proxy", JSON(503, `{"error":"leak-me"}`), passwords.ErrUnavailable, "503 Service Unavailable", passwords.Error{StatusCode: 503}},
		{"unknown status", html(499), nil, "499", passwords.Error{StatusCode: 499}},
		{
			"429 with Retry-After",
			Reply{Status: 429, Header: map[string]string{"Retry-After": "7"}, OffSpec: true},
			passwords.ErrTooManyRequests, "429 Too Many Requests", passwords.Error{StatusCode: 429, RetryAfter: 7 * time.Second},
		},
		{
			"503 with a date",
			Reply{Status: 503, Header: map[string]string{"Date": "Mon, 25 Jun 2018 10:17:37 GMT", "Retry-After": "Mon, 25 Jun 2018 10:18:37 GMT"}, OffSpec: true},
			passwords.ErrUnavailable, "503 Service Unavailable", passwords.Error{StatusCode: 503, RetryAfter: time.Minute},
		},
		{
			"503 with a past date",
			Reply{Status: 503, Header: map[string]string{"Date": "Mon, 25 Jun 2018 10:17:37 GMT", "Retry-After": "Mon, 25 Jun 2018 10:16:37 GMT"}, OffSpec: true},
			passwords.ErrUnavailable, "503 Service Unavailable", passwords.Error{StatusCode: 503},
		},
		{
			"503 with a malformed Retry-After",
			Reply{Status: 503, Header: map[string]string{"Retry-After": "-1"}, OffSpec: true},
			passwords.ErrUnavailable, "503 Service Unavailable", passwords.Error{StatusCode: 503},
		},
	}
}

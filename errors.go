package passwords

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/response"
	"github.com/cyclos-go/passwords/internal/transport"
)

// The causes of errors, for errors.Is. The first seven correspond to HTTP status
// codes.
var (
	ErrUnauthorized = errors.New("unauthorized")        // 401: the caller is not authenticated, see Error.Unauthorized
	ErrForbidden    = errors.New("forbidden")           // 403: the action is not permitted, or not now, see Error.Forbidden
	ErrNotFound     = errors.New("not found")           // 404: no such user or password type, see Error.NotFound
	ErrConflict     = errors.New("conflict")            // 409: the data was changed concurrently, see Error.Conflict
	ErrInvalidInput = errors.New("invalid input")       // 422: for example a new password violates its policy, see Error.Input
	ErrUnavailable  = errors.New("service unavailable") // 503, or 405 with an emailSending or smsSending code, see Error.Unavailable
	ErrServer       = errors.New("server error")        // any other 5xx, see Error.Server

	// ErrUnexpectedResponse is the error for a response that the operation does not
	// promise, such as an HTML page with status 200.
	ErrUnexpectedResponse = response.ErrUnexpected
	// ErrResponseTooLarge is the error for a response body above the limit of
	// WithMaxResponseBytes. Such an error also matches ErrUnexpectedResponse.
	ErrResponseTooLarge = transport.ErrTooLarge
	// ErrOutcomeUnknown is the error for a change that may or may not have taken
	// place: the request was sent, and no conclusive response arrived. Do not blindly
	// repeat the call: a generated value may be lost, a message may have been sent.
	// First look at the status of the password with GetUserPasswordsData.
	ErrOutcomeUnknown = errors.New("the outcome is unknown")
	// ErrInvalidArgument is the error for an invalid option or argument. Nothing was
	// sent.
	ErrInvalidArgument = gen.ErrInvalidArgument
)

// Error is the error of a failed operation of a [Client]. It holds neither
// credentials nor the user that was named. Its text quotes nothing of the response
// except the code.
type Error struct {
	// Operation is the operationId, such as changePassword.
	Operation string
	// StatusCode is the HTTP status, or 0 if no response arrived.
	StatusCode int
	// Code is the code of the API, such as [CodeTemporarilyBlocked], or "" if the
	// response has none. Newer servers send codes that have no constant.
	Code string
	// RetryAfter is the delay that the server or a proxy requests before the next
	// attempt; 0 if there is none.
	RetryAfter time.Duration

	// The body of the response, by its status. At most one of these is set, and none
	// if the body is not that of the API, such as the HTML page of a proxy.

	Unauthorized *UnauthorizedError // 401
	Forbidden    *ForbiddenError    // 403
	NotFound     *NotFoundError     // 404
	Conflict     *ConflictError     // 409
	Input        *InputError        // 422
	Unavailable  *UnavailableError  // 503, and 405 with an emailSending or smsSending code
	Server       *ServerError       // 500

	cause          error
	outcomeUnknown bool
}

// Error returns a text such as "passwords: changePassword: 403 Forbidden:
// temporarilyBlocked".
func (e *Error) Error() string {
	text := "passwords: " + e.Operation
	if e.StatusCode != 0 {
		text += ": " + strconv.Itoa(e.StatusCode)
		if name := http.StatusText(e.StatusCode); name != "" {
			text += " " + name
		}
	}
	if printableCode.MatchString(e.Code) {
		text += ": " + e.Code
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	if e.outcomeUnknown {
		text += " (" + ErrOutcomeUnknown.Error() + ")"
	}
	return text
}

// Format writes the text of Error for every verb. Without it, fmt would print the
// response body of an Error value that is not a pointer.
func (e Error) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, e.Error()) }

// printableCode matches the codes that may stand in an error text.
var printableCode = regexp.MustCompile(`^[A-Za-z_]{1,64}$`)

// Unwrap returns the underlying error, such as
// [context.DeadlineExceeded] or the error of a request editor; nil if there is none.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether target is the error for the status, or [ErrOutcomeUnknown] if
// the outcome is unknown.
func (e *Error) Is(target error) bool {
	return target != nil && target == e.kind() || target == ErrOutcomeUnknown && e.outcomeUnknown
}

// kinds are the errors by status.
var kinds = map[int]error{
	http.StatusUnauthorized:        ErrUnauthorized,
	http.StatusForbidden:           ErrForbidden,
	http.StatusNotFound:            ErrNotFound,
	http.StatusConflict:            ErrConflict,
	http.StatusUnprocessableEntity: ErrInvalidInput,
	http.StatusServiceUnavailable:  ErrUnavailable,
}

func (e *Error) kind() error {
	switch kind := kinds[e.StatusCode]; {
	case kind != nil:
		return kind
	case e.Unavailable != nil:
		return ErrUnavailable
	case e.StatusCode >= 500 && e.StatusCode < 600:
		return ErrServer
	}
	return nil
}

// MarshalText returns the text of Error. Without it, encoders of logs would write the
// response body.
func (e Error) MarshalText() ([]byte, error) { return []byte(e.Error()), nil }

// GobEncode returns the text of Error.
func (e Error) GobEncode() ([]byte, error) { return e.MarshalText() }

// RedirectError is the cause of an [*Error] for a redirect, a 3xx other than 304. It
// matches [ErrUnexpectedResponse].
type RedirectError struct {
	// Origin is the scheme and host of the redirect's target, such as
	// "https://login.example.org"; "" if there is none.
	Origin string
}

// Error names only the origin of the target.
func (e *RedirectError) Error() string {
	if e.Origin == "" {
		return "redirects are not followed"
	}
	return "redirects are not followed: to " + e.Origin
}

// Unwrap returns [ErrUnexpectedResponse].
func (e *RedirectError) Unwrap() error { return ErrUnexpectedResponse }

// UserStatus returns the status of the user who failed to log in, or "" if it is
// unknown.
func (e *Error) UserStatus() UserStatus {
	if e.Unauthorized == nil {
		return ""
	}
	return e.Unauthorized.UserStatus
}

// PasswordStatus returns the status of the password with which the caller failed to
// log in, or "" if it is unknown.
func (e *Error) PasswordStatus() Status {
	if e.Unauthorized == nil {
		return ""
	}
	return e.Unauthorized.PasswordStatus
}

// PropertyErrors returns the server's messages for people by the name of the property,
// such as newPassword; nil if there are none.
func (e *Error) PropertyErrors() map[string][]string {
	if e.Input == nil {
		return nil
	}
	return e.Input.PropertyErrors
}

// IsCode reports whether err is or wraps an [*Error] with one of the codes, given as
// Code constants, as strings, or as typed codes such as [ForbiddenCode]. Only the text
// of a code counts, not its type.
func IsCode[C ~string](err error, codes ...C) bool {
	var e *Error
	return errors.As(err, &e) && e != nil && e.Code != "" && slices.Contains(codes, C(e.Code))
}

// configError wraps an error of New or With, which belong to no operation.
func configError(err error) error { return fmt.Errorf("passwords: %w", err) }

// rejected returns the error for a response without the status of success. The
// status decides. The body adds to it if it is one that the API sends with that
// status, whatever its media type.
func rejected(server *url.URL, op gen.Operation, r response.Response) *Error {
	e := &Error{Operation: string(op.ID), StatusCode: r.Status, RetryAfter: r.RetryAfter()}
	body := r.Object()
	switch r.Status {
	case http.StatusUnauthorized:
		e.Unauthorized, e.Code = response.As[UnauthorizedError](body), body.Code()
	case http.StatusForbidden:
		e.Forbidden, e.Code = response.As[ForbiddenError](body), body.Code()
	case http.StatusNotFound:
		e.NotFound = response.As[NotFoundError](body)
	case http.StatusConflict:
		e.Conflict, e.Code = response.As[ConflictError](body), body.Code()
	case http.StatusUnprocessableEntity:
		e.Input, e.Code = response.As[InputError](body), body.Code()
	case http.StatusServiceUnavailable, http.StatusMethodNotAllowed:
		if e.Code = body.Code(); e.Code != "" { // else a wrong method, or the response of a proxy
			e.Unavailable = response.As[UnavailableError](body)
		}
	case http.StatusInternalServerError:
		if server := response.As[ServerError](body); server != nil && server.ExceptionType != "" { // else the response of a proxy
			e.Server = server
		}
	}
	switch {
	case r.Status < 300, r.Status == http.StatusNotModified, r.Status >= 600:
		e.cause = response.Unexpected("the operation does not have this status")
	case r.Status < 400:
		e.cause = &RedirectError{Origin: r.RedirectOrigin(server)}
	}
	e.outcomeUnknown = !op.Safe && (e.cause != nil || lostByProxy(e))
	return e
}

// lostByProxy reports whether the status may be that of a proxy that did not receive
// the server's response. A body of the API comes from the server itself.
func lostByProxy(e *Error) bool {
	const clientClosedRequest = 499
	switch {
	case e.StatusCode == http.StatusRequestTimeout, e.StatusCode == clientClosedRequest:
		return true
	case e.StatusCode >= 500:
		return e.Server == nil && e.Unavailable == nil
	}
	return false
}

package passwords

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/response"
	"github.com/cyclos-go/passwords/internal/transport"
)

// What went wrong, for errors.Is. The first seven stand for answers of the
// server, by status.
var (
	ErrUnauthorized = errors.New("unauthorized")        // 401: who calls is not known, see Error.Unauthorized
	ErrForbidden    = errors.New("forbidden")           // 403: may not do this, or not now, see Error.Forbidden
	ErrNotFound     = errors.New("not found")           // 404: no such user or password type, see Error.NotFound
	ErrConflict     = errors.New("conflict")            // 409: somebody else was quicker, see Error.Conflict
	ErrInvalidInput = errors.New("invalid input")       // 422: for example a new password against its policy, see Error.Input
	ErrUnavailable  = errors.New("service unavailable") // 503, or a 405 that says so: the e-mail or SMS service is down, see Error.Unavailable
	ErrServer       = errors.New("server error")        // any other 5xx, see Error.Server

	// ErrUnexpectedResponse stands for an answer that is not what the operation
	// promises, such as an HTML page with status 200.
	ErrUnexpectedResponse = response.ErrUnexpected
	// ErrResponseTooLarge stands for an answer larger than WithMaxResponseBytes
	// allows. It matches ErrUnexpectedResponse too.
	ErrResponseTooLarge = transport.ErrTooLarge
	// ErrOutcomeUnknown stands for a change that may or may not have taken place:
	// the request was written, and no answer arrived that tells. Do not repeat it
	// blindly: a value that was generated is gone, a message may have been sent.
	// Look at the status of the password first, with GetUserPasswordsData, and
	// decide by that.
	ErrOutcomeUnknown = errors.New("the outcome is unknown")
	// ErrInvalidArgument stands for a value that cannot be sent safely. Nothing
	// was sent.
	ErrInvalidArgument = gen.ErrInvalidArgument
)

// Error is what every failed operation of a [Client] returns, as an error. It holds
// neither credentials nor the user that was named, and its text holds nothing of
// the answer but the code.
type Error struct {
	// Operation is the operationId, such as changePassword.
	Operation string
	// StatusCode is the HTTP status, or 0 if no answer arrived.
	StatusCode int
	// Code is the code of the API, such as [CodeTemporarilyBlocked], or "" if the
	// answer has none. Newer servers send codes which have no constant.
	Code string
	// RetryAfter is how long the server, or a proxy, asks to wait; 0 if it does
	// not.
	RetryAfter time.Duration

	// The body of the answer by its status. At most one of these is set, and none
	// if the body is not what the API sends, such as the HTML page of a proxy.

	Unauthorized *UnauthorizedError // 401
	Forbidden    *ForbiddenError    // 403
	NotFound     *NotFoundError     // 404
	Conflict     *ConflictError     // 409
	Input        *InputError        // 422
	Unavailable  *UnavailableError  // 503, and 405 where the server words it so
	Server       *ServerError       // 500

	cause          error
	outcomeUnknown bool
}

// Error returns a text like "passwords: changePassword: 403 Forbidden:
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

// Format writes the text of Error for every verb, also of an Error that is no
// pointer, where fmt would show the answer.
func (e Error) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, e.Error()) }

// printableCode keeps what only looks like a code out of error texts.
var printableCode = regexp.MustCompile(`^[A-Za-z_]{1,64}$`)

// Unwrap returns what kept the call from succeeding other than the status of
// the answer, such as [context.DeadlineExceeded] or the error of a request
// editor; nil if there is no such thing.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether target is the error that stands for the status, or
// [ErrOutcomeUnknown] where that holds.
func (e *Error) Is(target error) bool {
	return target != nil && target == e.kind() || target == ErrOutcomeUnknown && e.outcomeUnknown
}

// kinds are the errors that stand for a status.
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

// MarshalText returns the text of Error: encoders of logs would show the body.
func (e Error) MarshalText() ([]byte, error) { return []byte(e.Error()), nil }

// GobEncode returns the text of Error.
func (e Error) GobEncode() ([]byte, error) { return e.MarshalText() }

// RedirectError is the reason of an [*Error] for a redirect, a 3xx other than
// 304. It matches [ErrUnexpectedResponse].
type RedirectError struct {
	// Origin is the scheme and host to which the server points, such as
	// "https://login.example.org"; "" if it names none.
	Origin string
}

// Error names the origin and nothing else of the target.
func (e *RedirectError) Error() string {
	if e.Origin == "" {
		return "redirects are not followed"
	}
	return "redirects are not followed: to " + e.Origin
}

// Unwrap returns [ErrUnexpectedResponse].
func (e *RedirectError) Unwrap() error { return ErrUnexpectedResponse }

// UserStatus returns the status of the user who could not log in, or "" if the
// server does not tell.
func (e *Error) UserStatus() UserStatus {
	if e.Unauthorized == nil {
		return ""
	}
	return e.Unauthorized.UserStatus
}

// PasswordStatus returns the status of the password with which the caller could
// not log in, or "" if the server does not tell.
func (e *Error) PasswordStatus() Status {
	if e.Unauthorized == nil {
		return ""
	}
	return e.Unauthorized.PasswordStatus
}

// PropertyErrors returns the server's messages for people by the name of the
// property they are about, such as newPassword; nil if there are none.
func (e *Error) PropertyErrors() map[string][]string {
	if e.Input == nil {
		return nil
	}
	return e.Input.PropertyErrors
}

// IsCode reports whether err is, or wraps, an [*Error] with one of the codes.
func IsCode(err error, codes ...string) bool {
	var e *Error
	return errors.As(err, &e) && e != nil && e.Code != "" && slices.Contains(codes, e.Code)
}

// configuring marks an error of New and With, which belong to no operation.
func configuring(err error) error { return fmt.Errorf("passwords: %w", err) }

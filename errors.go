package passwords

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/response"
	"github.com/cyclos-go/passwords/internal/transport"
)

// The causes of errors, for errors.Is. The first eight correspond to HTTP status
// codes.
var (
	ErrUnauthorized = errors.New("unauthorized")  // 401: the caller is not authenticated, see Error.Unauthorized
	ErrForbidden    = errors.New("forbidden")     // 403: the action is not permitted, or not now, see Error.Forbidden
	ErrNotFound     = errors.New("not found")     // 404: no such user or password type, see Error.NotFound
	ErrConflict     = errors.New("conflict")      // 409: the data was changed concurrently, see Error.Conflict
	ErrInvalidInput = errors.New("invalid input") // 422: for example a new password violates its policy, see Error.Input
	ErrServer       = errors.New("server error")  // any 5xx except 503, see Error.Server

	// ErrTooManyRequests is the error for a 429, which a proxy sends. See
	// Error.RetryAfter.
	ErrTooManyRequests = errors.New("too many requests")
	// ErrUnavailable is the error for a 503, and for a 405 with an emailSending or
	// smsSending code. If Error.Unavailable is set, the server could not send the
	// e-mail or SMS. Otherwise a proxy or the whole server is unavailable.
	ErrUnavailable = errors.New("service unavailable")

	// ErrUnexpectedResponse is the error for a success or a redirect that the operation
	// does not define, such as an HTML page with status 200.
	ErrUnexpectedResponse = response.ErrUnexpected
	// ErrResponseTooLarge is the error for a response body above the limit of
	// WithMaxResponseBytes. Such an error also matches ErrUnexpectedResponse.
	ErrResponseTooLarge = transport.ErrTooLarge
	// ErrOutcomeUnknown is the error for a change that may or may not have taken
	// place: the request was sent, and no conclusive response arrived. Conclusive
	// are the response that the operation promises, and an error body of the API with
	// a code that this package knows for the status: 401, 403, 405, 409, 422 or 503,
	// or a 404 with an entity type or a key. Everything else is unknown, since a
	// proxy or a failure after the change can cause it: every 429 and 500, an HTML
	// page, no body, and a code that only a newer server has.
	//
	// Such an error can match the error for its status as well: check for
	// ErrOutcomeUnknown first. Do not blindly repeat the call: a generated value may be
	// lost, a message may have been sent. The package comment says how to find out
	// what happened.
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
	Unavailable  *UnavailableError  // 503 and 405 with an emailSending or smsSending code
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
	if e.StatusCode == http.StatusNotFound {
		text += e.missing()
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	if e.outcomeUnknown {
		text += " (" + ErrOutcomeUnknown.Error() + ")"
	}
	return text
}

// missing returns what a 404 did not find, as the end of the text: it quotes nothing.
func (e *Error) missing() string {
	if e.NotFound == nil {
		return ": not a response of the API: does the base URL end in /api?"
	}
	// Some servers send the qualified name of a class.
	name := e.NotFound.EntityType[strings.LastIndexAny(e.NotFound.EntityType, ".$")+1:]
	switch strings.TrimSuffix(name, "VO") {
	case "User":
		return ": no such user"
	case "PasswordType":
		return ": no such password type"
	}
	return ""
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
	http.StatusTooManyRequests:     ErrTooManyRequests,
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

// MarshalBinary returns the text of Error. Encoders of binary formats, such as CBOR,
// ignore MarshalText.
func (e Error) MarshalBinary() ([]byte, error) { return e.MarshalText() }

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
	// refused is set if the body is the server's own, which sends it instead of
	// executing the operation. A code that is not known may be that of a proxy.
	refused := false
	switch r.Status {
	case http.StatusUnauthorized:
		e.Unauthorized, e.Code = response.As[UnauthorizedError](body), body.Code()
		refused = UnauthorizedCode(e.Code).Valid()
	case http.StatusForbidden:
		e.Forbidden, e.Code = response.As[ForbiddenError](body), body.Code()
		refused = ForbiddenCode(e.Code).Valid()
	case http.StatusNotFound:
		if e.NotFound = response.As[NotFoundError](body); e.NotFound != nil && *e.NotFound == (NotFoundError{}) {
			e.NotFound = nil // the response of a proxy
		}
		refused = e.NotFound != nil
	case http.StatusConflict:
		e.Conflict, e.Code = response.As[ConflictError](body), body.Code()
		refused = ConflictCode(e.Code).Valid()
	case http.StatusUnprocessableEntity:
		e.Input, e.Code = response.As[InputError](body), body.Code()
		refused = InputCode(e.Code).Valid()
	case http.StatusServiceUnavailable, http.StatusMethodNotAllowed:
		e.Code = body.Code()
		if refused = UnavailableCode(e.Code).Valid(); refused { // else a wrong method, or the response of a proxy
			e.Unavailable = cmp.Or(response.As[UnavailableError](body), &UnavailableError{Code: UnavailableCode(e.Code)})
		}
	case http.StatusInternalServerError:
		// Never a refusal: the failure may have followed the change.
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
	e.outcomeUnknown = !op.Safe && !refused
	return e
}

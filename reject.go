package passwords

import (
	"bytes"
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
)

// rejected returns the error for an answer whose status is not that of success.
// The status decides; the body adds to it, if it is what the API sends with that
// status, whatever the media type says.
func rejected(operation string, a *answer) *Error {
	e := &Error{Operation: operation, StatusCode: a.status, RetryAfter: retryAfter(a.header)}
	switch a.status {
	case http.StatusUnauthorized:
		e.Unauthorized = errorBody[UnauthorizedError](a)
		e.Code = codeOf(e.Unauthorized, func(b *UnauthorizedError) string { return string(b.Code) })
	case http.StatusForbidden:
		e.Forbidden = errorBody[ForbiddenError](a)
		e.Code = codeOf(e.Forbidden, func(b *ForbiddenError) string { return string(b.Code) })
	case http.StatusNotFound:
		e.NotFound = errorBody[NotFoundError](a)
	case http.StatusConflict:
		e.Conflict = errorBody[ConflictError](a)
		e.Code = codeOf(e.Conflict, func(b *ConflictError) string { return string(b.Code) })
	case http.StatusUnprocessableEntity:
		e.Input = errorBody[InputError](a)
		e.Code = codeOf(e.Input, func(b *InputError) string { return string(b.Code) })
	case http.StatusServiceUnavailable, http.StatusMethodNotAllowed:
		e.Unavailable = errorBody[UnavailableError](a)
		e.Code = codeOf(e.Unavailable, func(b *UnavailableError) string { return string(b.Code) })
		if a.status == http.StatusMethodNotAllowed && e.Code == "" {
			e.Unavailable = nil // an ordinary wrong method
		}
	case http.StatusInternalServerError:
		e.Server = errorBody[ServerError](a)
	}
	switch {
	case a.status < 300:
		e.cause = unexpectedResponse("not the status of this operation")
	case a.status < 400:
		e.cause = unexpectedResponse("redirects are not followed")
	}
	return e
}

// errorBody returns the body as a T, or nil if it is no such JSON object.
func errorBody[T any](a *answer) *T {
	if !bytes.HasPrefix(bytes.TrimSpace(a.body), []byte("{")) {
		return nil
	}
	body := new(T)
	if json.Unmarshal(a.body, body, lenientDates) != nil {
		return nil
	}
	return body
}

func codeOf[T any](body *T, code func(*T) string) string {
	if body == nil {
		return ""
	}
	return code(body)
}

// retryAfter returns how long the header Retry-After asks to wait, given in
// seconds or as a date, which counts from the date of the answer; 0 if it is
// absent, malformed or past.
func retryAfter(header http.Header) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return max(0, date.Sub(now))
}

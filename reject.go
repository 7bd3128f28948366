package passwords

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// rejected returns the error for an answer whose status is not that of success.
// The status decides; the body adds to it, if it is what the API sends with that
// status, whatever the media type says.
func rejected(server *url.URL, op operation, a answer) *Error {
	e := &Error{Operation: op.id, StatusCode: a.status, RetryAfter: retryAfter(a.header)}
	body := a.errorObject()
	switch a.status {
	case http.StatusUnauthorized:
		e.Unauthorized, e.Code = errorBody[UnauthorizedError](body), errorCode(body)
	case http.StatusForbidden:
		e.Forbidden, e.Code = errorBody[ForbiddenError](body), errorCode(body)
	case http.StatusNotFound:
		e.NotFound = errorBody[NotFoundError](body)
	case http.StatusConflict:
		e.Conflict, e.Code = errorBody[ConflictError](body), errorCode(body)
	case http.StatusUnprocessableEntity:
		e.Input, e.Code = errorBody[InputError](body), errorCode(body)
	case http.StatusServiceUnavailable, http.StatusMethodNotAllowed:
		if e.Code = errorCode(body); e.Code != "" { // else an ordinary wrong method, or of a proxy
			e.Unavailable = errorBody[UnavailableError](body)
		}
	case http.StatusInternalServerError:
		if server := errorBody[ServerError](body); server != nil && server.ExceptionType != "" { // else of a proxy
			e.Server = server
		}
	}
	switch {
	case a.status < 300, a.status == http.StatusNotModified, a.status >= 600:
		e.cause = unexpectedResponse("not the status of this operation")
	case a.status < 400:
		e.cause = &RedirectError{Origin: origin(server, a.header.Get("Location"))}
	}
	e.outcomeUnknown = !op.reads() && (e.cause != nil || lostByProxy(e))
	return e
}

// lostByProxy reports whether the status can be that of a proxy which did not
// get the answer of the server. With the body of the API the server itself says
// that it failed.
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

// origin returns the scheme and host of a Location, as seen from base; "" if it
// has none or is no address of the web.
func origin(base *url.URL, location string) string {
	const longestName = 253
	u, err := base.Parse(location)
	if location == "" || err != nil || u.Host == "" || len(u.Host) > longestName || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	origin := (&url.URL{Scheme: u.Scheme, Host: u.Host}).String()
	if _, err := url.Parse(origin); err != nil { // it is stricter with a scheme than without
		return ""
	}
	return origin
}

// errorObject returns the JSON object of an error, nil if there is none.
func (a answer) errorObject() []byte {
	text := a.body
	if _, decoded, err := a.text(); err == nil {
		text = decoded
	}
	text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte(byteOrderMark)))
	if !bytes.HasPrefix(text, []byte("{")) {
		return nil
	}
	return text
}

// errorBody returns the object as a T, nil if it is none.
func errorBody[T any](object []byte) *T {
	body := new(T)
	if unmarshalError(object, body) != nil {
		return nil
	}
	return body
}

// errorCode returns the code of the object, whatever else there is.
func errorCode(object []byte) string {
	var body struct {
		Code string `json:"code"`
	}
	if unmarshalError(object, &body) != nil {
		return ""
	}
	return body.Code
}

// unmarshalError reads generously: half an error tells more than none.
func unmarshalError(object []byte, body any) error {
	return json.Unmarshal(object, body, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// retryAfter returns how long the header Retry-After asks to wait, given in
// seconds or as a date, which counts from the date of the answer; 0 if it is
// absent, malformed or past.
func retryAfter(header http.Header) time.Duration {
	value := header.Get("Retry-After")
	// More than fits is as long as fits, not "at once".
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil || errors.Is(err, strconv.ErrRange) {
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

package passwords

import (
	"net/http"
	"net/url"

	"github.com/cyclos-go/passwords/internal/response"
)

// rejected returns the error for an answer whose status is not that of success.
// The status decides; the body adds to it, if it is what the API sends with that
// status, whatever the media type says.
func rejected(server *url.URL, op operation, a response.Response) *Error {
	e := &Error{Operation: op.id, StatusCode: a.Status, RetryAfter: a.RetryAfter()}
	body := a.Object()
	switch a.Status {
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
		if e.Code = body.Code(); e.Code != "" { // else an ordinary wrong method, or of a proxy
			e.Unavailable = response.As[UnavailableError](body)
		}
	case http.StatusInternalServerError:
		if server := response.As[ServerError](body); server != nil && server.ExceptionType != "" { // else of a proxy
			e.Server = server
		}
	}
	switch {
	case a.Status < 300, a.Status == http.StatusNotModified, a.Status >= 600:
		e.cause = response.Unexpected("not the status of this operation")
	case a.Status < 400:
		e.cause = &RedirectError{Origin: a.RedirectOrigin(server)}
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

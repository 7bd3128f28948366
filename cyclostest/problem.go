package cyclostest

import (
	"net/http"

	"github.com/cyclos-go/passwords/gen"
)

// problem is an error response of the API.
type problem struct {
	status int
	schema string // schema of the body
	body   any
}

func unauthorized(body gen.UnauthorizedError) *problem {
	return &problem{http.StatusUnauthorized, "UnauthorizedError", body}
}

func unauthorizedCode(code gen.UnauthorizedErrorCode) *problem {
	return unauthorized(gen.UnauthorizedError{Code: code})
}

func forbidden(code gen.ForbiddenErrorCode) *problem {
	return &problem{http.StatusForbidden, "ForbiddenError", gen.ForbiddenError{Code: code}}
}

// forbiddenPassword reports a problem with a password of type t that the operation
// requires. Only four codes include the type.
func forbiddenPassword(code gen.ForbiddenErrorCode, t *PasswordType) *problem {
	body := gen.ForbiddenError{Code: code}
	switch code {
	case gen.ForbiddenErrorCodeInvalidPassword, gen.ForbiddenErrorCodeExpiredPassword,
		gen.ForbiddenErrorCodeTemporarilyBlocked, gen.ForbiddenErrorCodeIndefinitelyBlocked:
		body.PasswordType = t.reference()
	}
	return &problem{http.StatusForbidden, "ForbiddenError", body}
}

func notFound(entityType, key string) *problem {
	return &problem{http.StatusNotFound, "NotFoundError", gen.NotFoundError{EntityType: entityType, Key: key}}
}

func invalidInput(body gen.InputError) *problem {
	return &problem{http.StatusUnprocessableEntity, "InputError", body}
}

// malformedFields reports a malformed or contradictory entry of fields.
func malformedFields(entry string) *problem {
	return invalidInput(gen.InputError{Code: gen.InputErrorCodeQueryParse, Value: entry})
}

// invalidProperties reports errors in the order of names. It omits names without
// errors and returns nil if there are no errors.
func invalidProperties(names []string, errs map[string][]string) *problem {
	body := gen.InputError{Code: gen.InputErrorCodeValidation, PropertyErrors: map[string][]string{}}
	for _, name := range names {
		if len(errs[name]) > 0 {
			body.Properties = append(body.Properties, name)
			body.PropertyErrors[name] = errs[name]
		}
	}
	if len(body.Properties) == 0 {
		return nil
	}
	return invalidInput(body)
}

// internalError reports a bug in this package, or a date from the clock or the
// world that JSON cannot represent.
func internalError() *problem {
	return &problem{http.StatusInternalServerError, "Error", gen.Error{
		ExceptionType: "java.lang.IllegalStateException", Kind: gen.ErrorKindGeneral,
	}}
}

package cyclostest

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/cyclos-go/passwords/gen"
)

// Media types of responses.
const (
	jsonType = "application/json"
	textType = "text/plain;charset=UTF-8"
)

// response is the response of a successful operation.
type response struct {
	schema string // schema of the body or of its array elements, "" if it is no model
	body   any    // nil for 204
	fields *selection
	asText bool // body is a string and is sent as plain text
}

// write sends the response without the properties and values that version 4.minor
// does not have. It fails if the body cannot be encoded; nothing is sent then.
func (a response) write(w http.ResponseWriter, minor int) error {
	if a.body == nil {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if a.asText {
		w.Header().Set("Content-Type", textType)
		_, _ = w.Write([]byte(a.body.(string))) // fails only if the client disconnected
		return nil
	}
	return writeJSON(w, http.StatusOK, a.schema, a.body, a.fields, minor)
}

// writeJSON sends the selected fields of the body, limited to version 4.minor. It
// fails if the body cannot be encoded; nothing is sent then.
func writeJSON(w http.ResponseWriter, status int, schemaName string, body any, fields *selection, minor int) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		return err
	}
	if schemaName != "" {
		tree, _ = trim(tree, schemaName, nil, minor)
	}
	fields.apply(tree)
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(tree); err != nil {
		return err
	}
	w.Header().Set("Content-Type", jsonType)
	w.WriteHeader(status)
	_, _ = out.WriteTo(w) // fails only if the client disconnected
	return nil
}

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

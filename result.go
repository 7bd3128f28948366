package passwords

import (
	"net/http"

	"github.com/cyclos-go/passwords/internal/decode"
	"github.com/cyclos-go/passwords/internal/response"
)

// result is what an operation promises when it succeeds.
type result[T any] struct {
	accept string
	status int
	decode func(response.Response) (T, error)
	// isSecret reports whether the body of what reads held a secret; nil for never.
	isSecret func(T) bool
}

const acceptJSON = "application/json"

// The results of the operations.
var (
	passwordList = result[[]PasswordStatusAndType]{accept: acceptJSON, status: http.StatusOK,
		decode: func(a response.Response) ([]PasswordStatusAndType, error) {
			return response.JSON(a, func(r *decode.Reader, list *[]PasswordStatusAndType) error {
				return decode.List(r, list, (*decode.Reader).PasswordStatusAndType)
			})
		}}
	passwordsListData = result[*DataForUserPasswords]{accept: acceptJSON, status: http.StatusOK,
		decode:   object((*decode.Reader).DataForUserPasswords),
		isSecret: func(data *DataForUserPasswords) bool { return data.TOTPSecret != nil }}
	passwordData = result[*PasswordStatusAndActions]{accept: acceptJSON, status: http.StatusOK,
		decode: object((*decode.Reader).PasswordStatusAndActions)}
	nothing = result[struct{}]{accept: acceptJSON, status: http.StatusNoContent,
		decode: func(response.Response) (none struct{}, err error) { return }}
	// Text is what all versions send. JSON is for errors, and for servers up to
	// 4.11, which offer both.
	generatedValue = result[Secret]{accept: "text/plain, application/json;q=0.5", status: http.StatusOK,
		decode: func(a response.Response) (Secret, error) {
			value, err := response.Value(a)
			return NewSecret(value), err
		}}
)

func object[T any](read func(*decode.Reader, *T) error) func(response.Response) (*T, error) {
	readNew := func(r *decode.Reader, object **T) error {
		*object = new(T)
		return read(r, *object)
	}
	return func(a response.Response) (*T, error) { return response.JSON(a, readNew) }
}

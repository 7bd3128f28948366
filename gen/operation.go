package gen

import "reflect"

// OperationID is the operationId of an operation in the API description.
type OperationID string

// Operation describes one operation of the API.
type Operation struct {
	ID         OperationID
	Tag        string       // the group of the operation, such as Passwords
	Method     string       // such as GET
	Path       string       // the path template below the base URL, such as /{user}/passwords
	Safe       bool         // whether Method is safe (read-only)
	Status     int          // status of a successful response
	AlsoStatus int          // another such status, 0 if there is none
	MediaType  string       // media type of a successful response, empty if it has no body
	Model      reflect.Type // of the body, nil for text or no body
	List       bool         // whether the body is an array of Model
}

// Succeeded reports whether status is that of a successful response.
func (o Operation) Succeeded(status int) bool {
	return status == o.Status || status == o.AlsoStatus && status != 0
}

package gen

// OperationID is the operationId of an operation in the API description.
type OperationID string

// Operation describes one operation of the API.
type Operation struct {
	ID        OperationID
	Method    string // such as GET
	Path      string // the path template below the base URL, such as /{user}/passwords
	Safe      bool   // whether Method is safe: the operation changes nothing on the server
	Status    int    // of a successful response
	MediaType string // of the body of a successful response, empty if it has none
	Model     string // name of the model in that body, empty if it is text or there is none
	List      bool   // whether the body is an array of Model
}

// Operation returns the description of an operation. It is zero if the API has
// no operation with this ID.
func (id OperationID) Operation() Operation {
	for _, op := range Operations {
		if op.ID == id {
			return op
		}
	}
	return Operation{}
}

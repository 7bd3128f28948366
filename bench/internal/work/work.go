// Package work has what every client is asked to do. It imports no client, and
// nothing that would add to the cost of a program that uses one.
package work

import "context"

// The arguments of the operations. They protect nothing.
const (
	User         = "ana"
	OtherUser    = "bruno" // whose list-data has another shape
	PasswordType = "login"
	Token        = "a-session-token-of-32-characters"
	OldPassword  = "an-old-example-value"
	NewPassword  = "a-new-example-value"
	// Sent is the body of change.
	Sent = `{"oldPassword":"` + OldPassword + `","newPassword":"` + NewPassword +
		`","checkConfirmation":true,"newPasswordConfirmation":"` + NewPassword + `"}`
)

// Keep takes the result of a call. It is nil during measurements.
type Keep func(result any)

// Take gives a result to keep, if that is not nil. It allocates only then.
func Take[T any](keep Keep, result T) {
	if keep != nil {
		keep(result)
	}
}

// Client is a client as the benchmarks use it.
type Client interface {
	ListData(ctx context.Context, user string, keep Keep) error
	List(context.Context, Keep) error
	Change(context.Context, Keep) error
	Generate(context.Context, Keep) error
}

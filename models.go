package passwords

import "github.com/cyclos-go/passwords/gen"

// The models of the API which the operations take or return. Every property may
// be absent: scalars and lists are zero then, objects nil. Package gen, which
// declares them, has their fields.
type (
	// PasswordStatusAndType is the state of one password of a user, and which
	// password it is.
	PasswordStatusAndType = gen.PasswordStatusAndType
	// PasswordStatusAndActions is the state of one password of a user, with what
	// the caller may do with it and what happened before.
	PasswordStatusAndActions = gen.PasswordStatusAndActions
	// PasswordActions is what the caller may do with a password now.
	PasswordActions = gen.PasswordActions
	// PasswordLog is one event of the history of a password.
	PasswordLog = gen.PasswordLog
	// PasswordType is a kind of password, such as a login password or a card PIN.
	PasswordType = gen.PasswordType
	// PasswordTypeDetailed is a kind of password with the rules for its values.
	PasswordTypeDetailed = gen.PasswordTypeDetailed
	// PasswordInput is what a user interface needs to ask for a confirmation.
	PasswordInput = gen.PasswordInput
	// PINInput holds the limits for the PIN of a trusted device.
	PINInput = gen.PINInput
	// DataForUserPasswords is all that a page which manages the passwords of a
	// user shows.
	DataForUserPasswords = gen.DataForUserPasswords
	// DataForSetSecurityAnswer holds the security questions to choose from.
	DataForSetSecurityAnswer = gen.DataForSetSecurityAnswer
	// DataForSendingOTP is where a verification code can be sent to.
	DataForSendingOTP = gen.DataForSendingOTP
	// TOTPSecretData is the authenticator app of a user.
	TOTPSecretData = gen.TOTPSecretData
	// UserInfo is a user as shown in a result: the model User of the API.
	UserInfo = gen.User
	// UserPrincipal is a value that identifies a user, with its type: the model
	// Principal of the API.
	UserPrincipal = gen.Principal
	// EntityReference is a pointer to a configured entity.
	EntityReference = gen.EntityReference
	// Phone is a phone number of a user.
	Phone = gen.Phone
	// Image is a picture kept by the server.
	Image = gen.Image
)

// The bodies of the answers other than success, see [Error].
type (
	// UnauthorizedError is the body of a 401.
	UnauthorizedError = gen.UnauthorizedError
	// ForbiddenError is the body of a 403.
	ForbiddenError = gen.ForbiddenError
	// NotFoundError is the body of a 404.
	NotFoundError = gen.NotFoundError
	// ConflictError is the body of a 409.
	ConflictError = gen.ConflictError
	// InputError is the body of a 422.
	InputError = gen.InputError
	// UnavailableError is the body of a 503, or of a 405 that says so.
	UnavailableError = gen.UnavailableError
	// ServerError is the body of a 500: the model Error of the API.
	ServerError = gen.Error
)

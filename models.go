package passwords

import "github.com/cyclos-go/passwords/gen"

// The models of the API that the operations use. Every property may be absent:
// scalars and lists are zero then, objects nil. The fields are documented in package
// gen, under the name after the equals sign.
type (
	// PasswordStatusAndType is the status of a password with its type.
	PasswordStatusAndType = gen.PasswordStatusAndType
	// PasswordStatusAndActions is the status of a password with the permitted actions
	// and the history.
	PasswordStatusAndActions = gen.PasswordStatusAndActions
	// PasswordActions are the actions on a password that are permitted to the caller.
	PasswordActions = gen.PasswordActions
	// PasswordLog is an event in the history of a password.
	PasswordLog = gen.PasswordLog
	// PasswordType is a kind of password, such as a login password or a card PIN.
	PasswordType = gen.PasswordType
	// PasswordTypeDetailed is a kind of password with the rules for its values.
	PasswordTypeDetailed = gen.PasswordTypeDetailed
	// PasswordInput describes how a user interface asks for a confirmation.
	PasswordInput = gen.PasswordInput
	// PINInput holds the limits for the PIN of a trusted device.
	PINInput = gen.PINInput
	// DataForUserPasswords is the data of a page that manages the passwords of a
	// user.
	DataForUserPasswords = gen.DataForUserPasswords
	// DataForSetSecurityAnswer holds the security questions to choose from.
	DataForSetSecurityAnswer = gen.DataForSetSecurityAnswer
	// DataForSendingOTP has the destinations for a verification code.
	DataForSendingOTP = gen.DataForSendingOTP
	// TOTPSecretData is the authenticator app of a user.
	TOTPSecretData = gen.TOTPSecretData
	// UserInfo is a user in a result: the model User of the API.
	UserInfo = gen.User
	// UserPrincipal is a value that identifies a user, with its type: the model
	// Principal of the API.
	UserPrincipal = gen.Principal
	// EntityReference refers to a configured entity.
	EntityReference = gen.EntityReference
	// Phone is a phone number of a user.
	Phone = gen.Phone
	// Image is an image stored by the server.
	Image = gen.Image
)

// The bodies of error responses, see [Error].
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
	// UnavailableError is the body of a 503, or of a 405 with the same codes.
	UnavailableError = gen.UnavailableError
	// ServerError is the body of a 500: the model Error of the API.
	ServerError = gen.Error
)

// The enumerations of the API that the operations use. The constants of each begin
// with its name: StatusActive, ModeManual. A newer server may send values that have
// no constant.
type (
	// Status is the status of a password in its life cycle.
	Status = gen.PasswordStatusEnum
	// Mode says who chooses the value of a password.
	Mode = gen.PasswordModeEnum
	// SendMedium is a medium through which the server sends messages to a user.
	SendMedium = gen.SendMediumEnum
	// Action is an action in the history of a password.
	Action = gen.PasswordActionEnum
	// InputMethod is how a user interface asks for a password.
	InputMethod = gen.PasswordInputMethodEnum
	// Availability says whether something is disabled, optional or required.
	Availability = gen.AvailabilityEnum
	// CredentialType is a means to confirm an operation.
	CredentialType = gen.CredentialTypeEnum
	// UserStatus is the status of a user.
	UserStatus = gen.UserStatusEnum
	// TOTPStatus is the status of an authenticator app.
	TOTPStatus = gen.TOTPStatusEnum
	// PhoneKind is the kind of line a phone has.
	PhoneKind = gen.PhoneKind
	// SMSStatus is the result of sending a text message.
	SMSStatus = gen.OutboundSMSStatusEnum
	// DeviceConfirmationFault is the reason why a confirmation by a trusted device is
	// invalid.
	DeviceConfirmationFault = gen.InvalidDeviceConfirmationEnum
	// ErrorKind is the part of the server in which an error occurred.
	ErrorKind = gen.ErrorKind
)

// The codes in error bodies as typed strings. Their constants are the untyped Code
// constants.
type (
	// UnauthorizedCode is the code of a 401.
	UnauthorizedCode = gen.UnauthorizedErrorCode
	// ForbiddenCode is the code of a 403.
	ForbiddenCode = gen.ForbiddenErrorCode
	// ConflictCode is the code of a 409.
	ConflictCode = gen.ConflictErrorCode
	// InputCode is the code of a 422.
	InputCode = gen.InputErrorCode
	// UnavailableCode is the code of a 503.
	UnavailableCode = gen.UnavailableErrorCode
)

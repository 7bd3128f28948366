package passwords

import "github.com/cyclos-go/passwords/gen"

// The enumerations of the API which the operations take or return. The constants
// of each begin with its name: StatusActive, ModeManual. They are open: a newer
// server may send a value for which there is no constant.
type (
	// Status is where a password is in its life cycle.
	Status = gen.PasswordStatusEnum
	// Mode is how the value of a password comes about.
	Mode = gen.PasswordModeEnum
	// SendMedium is a medium through which the server sends a password.
	SendMedium = gen.SendMediumEnum
	// Action is an action in the history of a password.
	Action = gen.PasswordActionEnum
	// InputMethod is how to ask for a password.
	InputMethod = gen.PasswordInputMethodEnum
	// Availability is whether something may or must be present.
	Availability = gen.AvailabilityEnum
	// CredentialType is a means to confirm an operation.
	CredentialType = gen.CredentialTypeEnum
	// UserStatus is the status of a user as a whole.
	UserStatus = gen.UserStatusEnum
	// TOTPStatus is the state of an authenticator app.
	TOTPStatus = gen.TOTPStatusEnum
	// PhoneKind is the kind of line a phone has.
	PhoneKind = gen.PhoneKind
	// SMSStatus is what became of a text message.
	SMSStatus = gen.OutboundSMSStatusEnum
	// DeviceConfirmationFault is what is wrong with a confirmation by a trusted device.
	DeviceConfirmationFault = gen.InvalidDeviceConfirmationEnum
	// ErrorKind is where in the server an error occurred.
	ErrorKind = gen.ErrorKind
)

// The codes in the bodies of errors, as typed strings. Their constants are the
// untyped Code constants.
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

package passwords

// Codes of [Error.Code] with status 401. They also compare with
// [UnauthorizedError.Code].
const (
	CodeBlockedAccessClient  = "blockedAccessClient"  // the access client is blocked
	CodeInvalidAccessClient  = "invalidAccessClient"  // there is no such access client, or it is not active
	CodeInvalidAccessToken   = "invalidAccessToken"   // the bearer token is not valid
	CodeInvalidChannelUsage  = "invalidChannelUsage"  // this kind of authentication is not possible in the channel
	CodeInvalidNetwork       = "invalidNetwork"       // there is no such network
	CodeLoggedOut            = "loggedOut"            // the session has expired or was ended
	CodeLogin                = "login"                // wrong user or password, see Error.PasswordStatus and Error.UserStatus
	CodeMissingAuthorization = "missingAuthorization" // the request carries no authentication
	CodeRemoteAddressBlocked = "remoteAddressBlocked" // the address of the caller is blocked after too many failures
	CodeUnauthorizedAddress  = "unauthorizedAddress"  // the user may not log in from this address
	CodeUnauthorizedURL      = "unauthorizedUrl"      // the user may not log in at this URL
)

// Codes of [Error.Code] with status 403. They also compare with
// [ForbiddenError.Code].
const (
	CodeBlockedByTOTP                 = "blockedByTotp"                 // too many wrong authenticator codes
	CodeDevicePINRemoved              = "devicePinRemoved"              // the PIN of the device was removed after too many wrong tries
	CodeDisabledPassword              = "disabledPassword"              // the password needed is disabled
	CodeExpiredPassword               = "expiredPassword"               // the password needed has expired
	CodeIllegalAction                 = "illegalAction"                 // not possible in the current status
	CodeInaccessibleChannel           = "inaccessibleChannel"           // the user may not use the channel
	CodeInaccessibleGroup             = "inaccessibleGroup"             // the group of the user may not use the channel
	CodeInaccessibleNetwork           = "inaccessibleNetwork"           // the user may not use the network
	CodeInaccessiblePrincipal         = "inaccessiblePrincipal"         // the principal type cannot be used in the channel
	CodeIndefinitelyBlocked           = "indefinitelyBlocked"           // the password needed is blocked for good by wrong tries
	CodeInvalidDeviceActivationCode   = "invalidDeviceActivationCode"   // the activation code of the device is wrong
	CodeInvalidDeviceConfirmation     = "invalidDeviceConfirmation"     // the confirmation by a trusted device is not valid
	CodeInvalidPassword               = "invalidPassword"               // the password given for the operation is wrong
	CodeInvalidTOTP                   = "invalidTotp"                   // the authenticator code is wrong
	CodeLoginConfirmation             = "loginConfirmation"             // the login has to be confirmed first
	CodeOTPInvalidated                = "otpInvalidated"                // the one-time value was voided by too many wrong tries
	CodeOperatorWithPendingAgreements = "operatorWithPendingAgreements" // the member of the operator has agreements to accept
	CodePendingAgreements             = "pendingAgreements"             // the user has agreements to accept
	CodePermissionDenied              = "permissionDenied"              // the user lacks the permission
	CodeResetPassword                 = "resetPassword"                 // the password needed was reset
	CodeTemporarilyBlocked            = "temporarilyBlocked"            // the password needed is blocked for a while by wrong tries
)

// Codes of [Error.Code] with status 409. They also compare with
// [ConflictError.Code].
const (
	CodeConstraintViolatedOnRemove = "constraintViolatedOnRemove" // something to be removed is still in use
	CodeStaleEntity                = "staleEntity"                // somebody else changed the data meanwhile
)

// Codes of [Error.Code] with status 422. They also compare with
// [InputError.Code].
const (
	CodeAggregated       = "aggregated"       // several errors, in InputError.Errors and IndexedErrors
	CodeDataConversion   = "dataConversion"   // a value could not be read as its type
	CodeFileUploadSize   = "fileUploadSize"   // an uploaded file is too large
	CodeMaxItems         = "maxItems"         // there are too many items
	CodeMissingParameter = "missingParameter" // a required parameter is missing
	CodeQueryParse       = "queryParse"       // a search expression is malformed
	CodeValidation       = "validation"       // values are not acceptable, see Error.PropertyErrors
)

// Codes of [Error.Code] with status 503, or 405. They also compare with
// [UnavailableError.Code].
const (
	CodeEmailSending = "emailSending" // e-mails cannot be sent
	CodeSMSSending   = "smsSending"   // text messages cannot be sent
)

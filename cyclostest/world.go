package cyclostest

import (
	"time"

	"github.com/cyclos-go/passwords/gen"
)

// Role determines the users that a user manages and can see.
type Role string

// The roles. Administrators manage all other users, brokers manage their members,
// members manage their operators, and operators manage no users.
const (
	RoleAdministrator Role = "administrator"
	RoleBroker        Role = "broker"
	RoleMember        Role = "member"
	RoleOperator      Role = "operator"
)

// Internal names of the principal types, for the header Principal-Type and for
// users in the path, such as email:ana@example.org. PrincipalAny means any type.
const (
	PrincipalLoginName     = "loginName"
	PrincipalEmail         = "email"
	PrincipalPhone         = "mobilePhone"
	PrincipalAccountNumber = "accountNumber"
	PrincipalAny           = "*"
)

// World is the initial state of a server. The server copies it, so servers can
// share a World. New panics if a World is inconsistent.
type World struct {
	Users         []User
	PasswordTypes []PasswordType
	Sessions      []Session
	AccessClients []AccessClient
	// Channels are the channels of the server. The first one is the main channel,
	// which requests without the header Channel use. If Channels is empty, there is one channel named
	// main with the first manual password type.
	Channels []Channel
}

// User is a user of a World.
type User struct {
	// ID is a 64-bit decimal number. If it is empty, the server assigns one.
	ID string
	// LoginName is required and must be unique, ignoring case.
	LoginName string
	// Name is the display name. It defaults to the login name.
	Name string
	// Email, Phone and AccountNumber are additional principals. Each must be
	// empty or unique. Email ignores case.
	Email, Phone, AccountNumber string
	// Role defaults to RoleMember.
	Role Role
	// Manager is the login name of a member's broker or of an operator's member.
	// It is required for operators, and must be empty for administrators and
	// brokers.
	Manager string
	// Status defaults to active.
	Status gen.UserStatusEnum
	// Passwords contains at most one password of each type. Passwords of all
	// other types are neverCreated.
	Passwords []Password
}

// Password is the initial state of a User's password.
type Password struct {
	// Type is the internal name of the password type.
	Type string
	// Value must be empty if Status is neverCreated or pending, and set otherwise.
	// It need not satisfy the rules of the type.
	Value string
	// Status defaults to active. Only generated passwords can be pending.
	Status gen.PasswordStatusEnum
	// Date is when the value and the status were set. It defaults to the creation
	// of the server. Expiry and temporary blocks start at this date.
	Date time.Time
}

// PasswordType is a password type of a World.
type PasswordType struct {
	// ID is a 64-bit decimal number. If it is empty, the server assigns one.
	ID string
	// InternalName is required and must be unique.
	InternalName string
	// Name is the display name. It defaults to the internal name.
	Name        string
	Description string
	// Global is whether the type is defined for all networks.
	Global bool
	// Mode is required.
	Mode gen.PasswordModeEnum
	// NeedsAuthorization is whether a manager must allow the first generation of
	// a generated password.
	NeedsAuthorization bool
	// MinLength and MaxLength are numbers of Unicode characters. Zero means no
	// limit.
	MinLength, MaxLength int
	// OnlyNumeric is whether only the digits 0 to 9 are accepted.
	OnlyNumeric bool
	// LowerCaseLetters, UpperCaseLetters, Numbers and SpecialCharacters default
	// to optional. With OnlyNumeric, all except Numbers default to disabled.
	LowerCaseLetters, UpperCaseLetters, Numbers, SpecialCharacters gen.AvailabilityEnum
	// MaxTries is the number of consecutive failed attempts that block a
	// password. Zero means never.
	MaxTries int
	// BlockFor is the duration of a block after failed attempts. Zero means until
	// a manager unblocks the password.
	BlockFor time.Duration
	// EnableLiftsBlocks is whether enablePassword also unblocks a password.
	EnableLiftsBlocks bool
	// ExpiresAfter is the lifetime of a value. Zero means that values do not
	// expire.
	ExpiresAfter time.Duration

	access bool // the main channel uses the type, set by build
}

// Session is a session that is open when the server starts, and does not expire. User
// is a login name.
type Session struct{ Token, User string }

// AccessClient is an activated access client. Requests send Prefix immediately
// followed by Token in the header Access-Client-Token. User is a login name.
type AccessClient struct{ Token, Prefix, User string }

// Channel is a channel through which users access the server.
type Channel struct {
	// InternalName is the value of the header Channel. It is required and must be
	// unique.
	InternalName string
	// PasswordType is the internal name of the password type for Basic
	// authentication in this channel.
	PasswordType string
	// Confirmation is the internal name of the password type that confirms
	// changeGenerated in this channel. If it is empty, no confirmation is required.
	Confirmation string
	// Roles are the roles that may use the channel. If it is empty, all roles may.
	Roles []Role
}

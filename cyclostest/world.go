package cyclostest

import (
	"time"

	"github.com/cyclos-go/passwords/gen"
)

// Role says whom a user manages and what it may see.
type Role string

// The roles. Administrators manage everybody but themselves, brokers their
// members, members their operators, operators nobody.
const (
	RoleAdministrator Role = "administrator"
	RoleBroker        Role = "broker"
	RoleMember        Role = "member"
	RoleOperator      Role = "operator"
)

// The internal names of the principal types, for the header Principal-Type and
// for users in the path such as email:ana@example.org.
const (
	PrincipalLoginName     = "loginName"
	PrincipalEmail         = "email"
	PrincipalPhone         = "mobilePhone"
	PrincipalAccountNumber = "accountNumber"
	PrincipalAny           = "*"
)

// World is what a server starts with. The server copies it, so that one World
// can serve many servers. What does not fit together makes New panic.
type World struct {
	Users         []User
	PasswordTypes []PasswordType
	Sessions      []Session
	AccessClients []AccessClient
	// Channels by which users log in. The first one is used by requests without
	// the header Channel. With none, there is one channel named main, which
	// takes the first manual password type.
	Channels []Channel
}

// User is a user of a World.
type User struct {
	// ID is a 64-bit decimal number. When empty the server assigns one.
	ID string
	// LoginName is required and unique, whatever the case of its letters.
	LoginName string
	// Name is shown to people. When empty the login name is shown.
	Name string
	// Email, Phone and AccountNumber are further principals, each unique among
	// its kind when not empty.
	Email, Phone, AccountNumber string
	// Role is RoleMember when empty.
	Role Role
	// Manager is the login name of the broker of a member, or of the member of
	// an operator. Operators need one, administrators and brokers have none.
	Manager string
	// Status is active when empty.
	Status gen.UserStatusEnum
	// Passwords are those that are not neverCreated, at most one of each type.
	Passwords []Password
}

// Password is the initial state of one password of a User.
type Password struct {
	// Type is the internal name of the password type.
	Type string
	// Value may be empty only where Status is neverCreated or pending.
	Value string
	// Status is active when empty.
	Status gen.PasswordStatusEnum
	// Date is when the value and the status were set: when the server was made
	// if zero. Types that expire count from it, blocks for a time too.
	Date time.Time
}

// PasswordType is a password type of a World.
type PasswordType struct {
	// ID is a 64-bit decimal number. When empty the server assigns one.
	ID string
	// InternalName is required and unique.
	InternalName string
	// Name is shown to people. When empty the internal name is shown.
	Name        string
	Description string
	// Global says that the type belongs to no network in particular.
	Global bool
	// Mode is required.
	Mode gen.PasswordModeEnum
	// NeedsAuthorization says of a generated type that a manager has to allow
	// the first generation.
	NeedsAuthorization bool
	// MinLength and MaxLength count Unicode characters, zero is no limit.
	MinLength, MaxLength int
	// OnlyNumeric admits the digits 0 to 9 alone.
	OnlyNumeric bool
	// The four classes of characters are optional when empty.
	LowerCaseLetters, UpperCaseLetters, Numbers, SpecialCharacters gen.AvailabilityEnum
	// MaxTries is how many wrong tries in a row block a password, zero for
	// never.
	MaxTries int
	// BlockFor is how long wrong tries block a password, zero until a manager
	// unblocks it.
	BlockFor time.Duration
	// ExpiresAfter is how long a value stays active, zero for ever.
	ExpiresAfter time.Duration
	// Confirmation is the internal name of the password type that has to
	// confirm changeGenerated, empty for none.
	Confirmation string
}

// Session is a session that exists when the server starts. User is a login name.
type Session struct{ Token, User string }

// AccessClient is an activated access client. A request is let in when its
// header is Prefix immediately followed by Token. User is a login name.
type AccessClient struct{ Token, Prefix, User string }

// Channel is a way into the server.
type Channel struct {
	// InternalName is what the header Channel holds.
	InternalName string
	// PasswordType is the internal name of the type that Basic authentication
	// takes in this channel.
	PasswordType string
	// Roles are those that may use the channel, all when empty.
	Roles []Role
}

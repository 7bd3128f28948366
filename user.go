package passwords

import "github.com/cyclos-go/passwords/internal/validate"

// User names the user whose passwords an operation acts on: [Self], or a user
// named by [UserID], [Principal] or [Locator]. No other type has the method; what
// embeds one of these is an error from the call.
type User interface {
	isUser()
}

// SelfUser is the authenticated user. See [Self].
type SelfUser struct{}

// ManagedUser is a user named by id or by principal, usually another one than
// the caller. Its zero value names nobody, and is an error from each call. See
// [UserID], [Principal] and [Locator].
type ManagedUser struct {
	value   string
	resolve func(value string) (segment string, err error)
}

// Self returns the authenticated user. The operations which the API does not
// offer to it take a [ManagedUser], so that they do not compile with it.
func Self() SelfUser { return SelfUser{} }

// UserID names a user by id: a decimal 64-bit number, which may be negative.
// Anything else is an error from the call, which matches [ErrInvalidArgument].
func UserID(id string) ManagedUser { return ManagedUser{id, validate.UserID} }

// Principal names a user by something that identifies it: login name, e-mail,
// phone, account number or custom field. A value which the server could take
// for an id, for self or for a locator is sent behind a single quote, which says
// that it is a principal: a number here is never an id. Values that cannot be
// sent safely in a path, such as one with a slash, are an error from the call,
// which matches [ErrInvalidArgument].
func Principal(value string) ManagedUser { return ManagedUser{value, validate.Principal} }

// Locator names a user by a string that is sent as it is, for forms which the
// server understands and this package does not model. It is never quoted:
// prefer [UserID] and [Principal] for values which come from elsewhere. Values
// that cannot be sent safely in a path, and self, are an error from the call,
// which matches [ErrInvalidArgument].
func Locator(value string) ManagedUser { return ManagedUser{value, validate.Locator} }

func (SelfUser) isUser()    {}
func (ManagedUser) isUser() {}

// userSegment returns the path segment for a user before escaping.
func userSegment(user User) (string, error) {
	// Pointers and embeddings satisfy the interface too, and may hold nothing.
	switch user := user.(type) {
	case nil:
		return "", validate.Invalid("the user is nil")
	case SelfUser:
		return validate.Self, nil
	case ManagedUser:
		return user.segment()
	}
	return "", validate.Invalid("the user is neither a SelfUser nor a ManagedUser")
}

func (u ManagedUser) segment() (string, error) {
	if u.resolve == nil {
		return "", validate.Invalid("the user is the zero ManagedUser")
	}
	return u.resolve(u.value)
}

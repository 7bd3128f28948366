package passwords

import (
	"strconv"
	"strings"
	"unicode"
)

// self is how the server spells the authenticated user in a path.
const self = "self"

// User names the user whose passwords an operation acts on: [Self], or a user
// named by [UserID], [Principal] or [Locator]. No other type has the method; what embeds
// one of these is an error from the call.
type User interface {
	isUser()
}

// SelfUser is the authenticated user. See [Self].
type SelfUser struct{}

// ManagedUser is a user named by id or by principal, usually another one than
// the caller. Its zero value names nobody, and is an error from each call. See
// [UserID], [Principal] and [Locator].
type ManagedUser struct {
	value string
	check func(value string) (segment string, err error)
}

// Self returns the authenticated user. The operations which the API does not
// offer to it take a [ManagedUser], so that they do not compile with it.
func Self() SelfUser { return SelfUser{} }

// UserID names a user by id: a decimal 64-bit number, which may be negative.
// Anything else is an error from the call, which matches [ErrInvalidArgument].
func UserID(id string) ManagedUser { return ManagedUser{id, userIDSegment} }

// Principal names a user by something that identifies it: login name, e-mail,
// phone, account number or custom field. A value which the server could take
// for an id, for self or for a locator is sent behind a single quote, which says
// that it is a principal: a number here is never an id. Values that cannot be
// sent safely in a path, such as one with a slash, are an error from the call,
// which matches [ErrInvalidArgument].
func Principal(value string) ManagedUser { return ManagedUser{value, principalSegment} }

// Locator names a user by a string that is sent as it is, for forms which the
// server understands and this package does not model. It is never quoted:
// prefer [UserID] and [Principal] for values which come from elsewhere. Values
// that cannot be sent safely in a path, and self, are an error from the call,
// which matches [ErrInvalidArgument].
func Locator(value string) ManagedUser { return ManagedUser{value, locatorSegment} }

func (SelfUser) isUser()    {}
func (ManagedUser) isUser() {}

// userSegment returns the path segment for a user before escaping.
func userSegment(user User) (string, error) {
	// Pointers and embeddings satisfy the interface too, and may hold nothing.
	switch user := user.(type) {
	case nil:
		return "", invalidArgument("the user is nil")
	case SelfUser:
		return self, nil
	case ManagedUser:
		return user.segment()
	}
	return "", invalidArgument("the user is neither a SelfUser nor a ManagedUser")
}

func (u ManagedUser) segment() (string, error) {
	if u.check == nil {
		return "", invalidArgument("the user is the zero ManagedUser")
	}
	return u.check(u.value)
}

func userIDSegment(id string) (string, error) {
	if _, err := strconv.ParseInt(id, 10, 64); err != nil {
		return "", invalidArgument("the user id is not a decimal 64-bit number")
	}
	return id, nil
}

// isJavaNumber reports what the number parser of the server, which is written in
// Java, may read as an id: an optional sign, then decimal digits of any script.
func isJavaNumber(value string) bool {
	if strings.HasPrefix(value, "+") || strings.HasPrefix(value, "-") {
		value = value[1:]
	}
	return value != "" && !strings.ContainsFunc(value, func(r rune) bool { return !unicode.IsDigit(r) })
}

func principalSegment(value string) (string, error) {
	// Whether the server trims is not known: quoting what is an id or self once
	// trimmed is right in both cases. Servers take id:123, or another principal
	// type and a colon, for a locator in places which are not documented. Behind
	// a quote it can at worst be not found, and never be somebody else.
	trimmed := strings.TrimSpace(value)
	if isJavaNumber(trimmed) || trimmed == self || strings.HasPrefix(trimmed, "'") || strings.Contains(value, ":") {
		return "'" + value, nil
	}
	return value, nil
}

func locatorSegment(value string) (string, error) {
	if strings.TrimSpace(value) == self {
		return "", invalidArgument("the locator means the caller: use Self")
	}
	return value, nil
}

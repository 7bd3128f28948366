package passwords

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/cyclos-go/passwords/internal/validate"
)

// User names the user whose passwords an operation acts on: [Self], or a user
// named by [UserID], [Principal] or [Locator]. No other type implements it.
// Embedding one of these in another type is not supported: the call returns an
// error that matches [ErrInvalidArgument]. A string does not implement User: use
// Principal.
type User interface {
	isUser()
}

// SelfUser is the authenticated user. See [Self].
type SelfUser struct{}

// ManagedUser is a user named by id or by principal, usually not the caller. Its
// zero value names nobody and is an error from each call. See [UserID],
// [Principal] and [Locator].
type ManagedUser struct {
	value   string
	resolve func(value string) (segment string, err error)
}

// Self returns the authenticated user. The operations that the API does not offer
// for the caller's own passwords take a [ManagedUser]: passing Self() to them is a
// compile error.
func Self() SelfUser { return SelfUser{} }

// UserID names a user by id: a decimal 64-bit number, which may be negative.
// Anything else is an error from the call, which matches [ErrInvalidArgument].
func UserID(id string) ManagedUser { return ManagedUser{id, idSegment} }

// Principal names a user by a login name, e-mail, phone, account number or custom
// field. A value that the server could read as an id, as self or as a locator is
// sent with a leading single quote, which marks a principal: a number is never an
// id here. Values that cannot be sent safely in a path, such as one with a slash,
// are an error from the call, which matches [ErrInvalidArgument].
func Principal(value string) ManagedUser { return ManagedUser{value, principalSegment} }

// Locator names a user by a string that is sent unchanged, for forms that the
// server understands and this package does not model. It is never quoted: use
// [UserID] and [Principal] for untrusted values. Values that cannot be sent safely
// in a path, and self, are an error from the call, which matches
// [ErrInvalidArgument].
func Locator(value string) ManagedUser { return ManagedUser{value, locatorSegment} }

func (SelfUser) isUser()    {}
func (ManagedUser) isUser() {}

// userSegment returns the path segment for a user, not yet escaped.
func userSegment(user User) (string, error) {
	// Pointers and embedding types implement the interface too, and may be empty.
	switch user := user.(type) {
	case nil:
		return "", validate.Invalid("the user is nil")
	case SelfUser:
		return selfSegment, nil
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

// selfSegment is the path segment of the authenticated user.
const selfSegment = "self"

func idSegment(id string) (segment string, err error) {
	if _, err := strconv.ParseInt(id, 10, 64); err != nil {
		return "", validate.Invalid("the user id is not a decimal 64-bit number")
	}
	return id, nil
}

func principalSegment(value string) (segment string, err error) {
	// The server may trim the value. Therefore a value that is an id or self after
	// trimming is quoted, too. Some servers read id:123, or another
	// principal type and a colon, as a locator in undocumented places. A quoted
	// value is not found at worst, and never another user.
	trimmed := strings.TrimSpace(value)
	if isJavaNumber(trimmed) || trimmed == selfSegment || strings.HasPrefix(trimmed, "'") || strings.Contains(value, ":") {
		return "'" + value, nil
	}
	return value, nil
}

// isJavaNumber reports whether the number parser of the server, which is written in
// Java, may read value as an id: an optional sign, then decimal digits of any
// script.
func isJavaNumber(value string) bool {
	if strings.HasPrefix(value, "+") || strings.HasPrefix(value, "-") {
		value = value[1:]
	}
	return value != "" && !strings.ContainsFunc(value, func(r rune) bool { return !unicode.IsDigit(r) })
}

func locatorSegment(value string) (segment string, err error) {
	if strings.TrimSpace(value) == selfSegment {
		return "", validate.Invalid("the locator means the caller: use Self")
	}
	return value, nil
}

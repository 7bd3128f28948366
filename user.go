package passwords

import (
	"log/slog"
	"strconv"
	"strings"
	"unicode"

	"github.com/cyclos-go/passwords/internal/validate"
)

// User names the user whose passwords an operation acts on: [Self], or a user
// named by [UserID], [Principal] or [Locator]. No other type implements it. If the
// compiler reports that string does not implement User, pass Principal(name)
// instead of name.
//
// Users are compared with ==. They are equal if the same function returned them for
// the same value. They are printed, logged and marshaled as the call that returned
// them, such as Principal("ana"). Pointers to them, and types that embed them, are
// not supported: the call returns an error that matches [ErrInvalidArgument].
type User interface {
	isUser()
}

// SelfUser is the authenticated user. See [Self].
type SelfUser struct{}

// ManagedUser is a user named by id or by principal, usually not the caller. Its
// zero value names nobody and is an error from each call. See [UserID],
// [Principal] and [Locator].
type ManagedUser struct {
	form  form
	value string
}

// form is the function that returned a ManagedUser, by its name: functions cannot be
// compared, and a name is readable where fmt cannot call String, in unexported fields.
// It is empty for the zero ManagedUser.
type form string

const (
	byID        form = "UserID"
	byPrincipal form = "Principal"
	byLocator   form = "Locator"
)

// Self returns the authenticated user. The operations that the API does not offer
// for the caller's own passwords take a [ManagedUser]: passing Self() to them is a
// compile error.
func Self() SelfUser { return SelfUser{} }

// UserID names a user by id: a decimal 64-bit number, which may be negative.
// Anything else is an error from the call, which matches [ErrInvalidArgument].
func UserID(id string) ManagedUser { return ManagedUser{byID, id} }

// Principal names a user by a login name, email address, phone, account number or
// custom field. A value that the server could read as an id, as self in any case or
// as a locator is sent with a leading single quote, which marks a principal: a number
// is never an id here. Values of only white space and values that cannot be sent
// safely in a path, such as one with a slash, are an error from the call, which
// matches [ErrInvalidArgument].
func Principal(value string) ManagedUser { return ManagedUser{byPrincipal, value} }

// Locator names a user by a string that is sent unchanged, for forms that the
// server understands and this package does not model. It is never quoted: use
// [UserID] and [Principal] for untrusted values. Self in any case, values of only
// white space and values that cannot be sent safely in a path are an error from the
// call, which matches [ErrInvalidArgument].
func Locator(value string) ManagedUser { return ManagedUser{byLocator, value} }

func (SelfUser) isUser()    {}
func (ManagedUser) isUser() {}

// Equal reports whether u == other. It is for go-cmp, which does not compare
// unexported fields.
func (u ManagedUser) Equal(other User) bool { return u == other }

// String returns Self().
func (SelfUser) String() string { return "Self()" }

// String returns the call that names the user, such as Principal("ana").
func (u ManagedUser) String() string {
	if u.form == "" {
		return "ManagedUser{}"
	}
	return string(u.form) + "(" + strconv.Quote(u.value) + ")"
}

// GoString returns String with the package name.
func (u SelfUser) GoString() string { return "passwords." + u.String() }

// GoString returns String with the package name.
func (u ManagedUser) GoString() string { return "passwords." + u.String() }

// LogValue returns String.
func (u SelfUser) LogValue() slog.Value { return slog.StringValue(u.String()) }

// LogValue returns String.
func (u ManagedUser) LogValue() slog.Value { return slog.StringValue(u.String()) }

// MarshalText returns String, for logs in JSON. A user cannot be unmarshaled.
func (u SelfUser) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// MarshalText returns String, for logs in JSON. A user cannot be unmarshaled.
func (u ManagedUser) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

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
	switch u.form {
	case byID:
		return idSegment(u.value)
	case byPrincipal:
		return principalSegment(u.value)
	case byLocator:
		return locatorSegment(u.value)
	}
	return "", validate.Invalid("the user is the zero ManagedUser")
}

// selfSegment is the path segment of the authenticated user.
const selfSegment = "self"

// isSelf reports whether a server that ignores case could read value as self.
func isSelf(value string) bool { return strings.EqualFold(value, selfSegment) }

// errBlankUser is the error for a value that a server which trims would read as no
// user at all.
var errBlankUser = validate.Invalid("the user is empty or only white space")

func idSegment(id string) (segment string, err error) {
	if _, err := strconv.ParseInt(id, 10, 64); err != nil {
		return "", validate.Invalid("the user id is not a decimal 64-bit number")
	}
	return id, nil
}

func principalSegment(value string) (segment string, err error) {
	// The server may trim the value, and ignore case in self. Therefore a value that
	// is an id or self after trimming is quoted, too. Some servers read id:123, or another
	// principal type and a colon, as a locator in undocumented places. A quoted
	// value is not found at worst, and never another user.
	trimmed := strings.TrimSpace(value)
	if trimmed == "" {
		return "", errBlankUser
	}
	if isJavaNumber(trimmed) || isSelf(trimmed) || strings.HasPrefix(trimmed, "'") || strings.Contains(value, ":") {
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
	switch trimmed := strings.TrimSpace(value); {
	case trimmed == "":
		return "", errBlankUser
	case isSelf(trimmed):
		return "", validate.Invalid("the locator means the caller: use Self")
	}
	return value, nil
}

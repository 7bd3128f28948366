package passwords

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// target is what an operation acts on: the values of its path.
type target struct {
	user         User
	passwordType string
	// noType is set where the path has no password type.
	noType bool
	// reserved is a password type which would lead to another operation.
	reserved string
}

func userPath(user User) target { return target{user: user, noType: true} }

func typePath(user User, passwordType string) target {
	return target{user: user, passwordType: passwordType}
}

// resolve returns the path segments before escaping, or the reason why they
// cannot be sent.
func (t target) resolve() (user, passwordType string, err error) {
	if user, err = userSegment(t.user); err != nil {
		return "", "", err
	}
	if t.noType {
		return user, "", nil
	}
	if err = checkSegment("password type", t.passwordType); err != nil {
		return "", "", err
	}
	if t.reserved != "" && t.passwordType == t.reserved {
		return "", "", invalidArgument("the password type is the name of another operation: use its id")
	}
	return user, t.passwordType, nil
}

// checkSegment refuses the values which do not arrive as what they are in one
// path segment: the client's own path resolution, proxies and servers drop,
// resolve, split or cut them, escaped or not.
func checkSegment(name, value string) error {
	switch {
	case value == "":
		return invalidArgument("the " + name + " is empty")
	case value == "." || value == "..":
		return invalidArgument("the " + name + " is a dot segment")
	case !utf8.ValidString(value):
		return invalidArgument("the " + name + " is not valid UTF-8")
	case strings.ContainsAny(value, `/\;`):
		return invalidArgument("the " + name + " holds a slash, a backslash or a semicolon")
	case strings.ContainsFunc(value, unicode.IsControl):
		return invalidArgument("the " + name + " holds a control character")
	}
	return nil
}

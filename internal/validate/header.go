// Package validate checks the arguments of callers before anything is sent. The
// errors match [gen.ErrInvalidArgument] and never show the value.
package validate

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cyclos-go/passwords/gen"
)

// Invalid returns the error for an invalid value. The reason must not quote the
// value.
func Invalid(reason string) error { return fmt.Errorf("%w: %s", gen.ErrInvalidArgument, reason) }

// Header rejects the values that a header would change in transit: HTTP/1 trims
// surrounding spaces, HTTP/2 keeps them; servers decode non-ASCII characters
// differently; control characters end the header.
func Header(name, value string) error {
	switch {
	case value == "":
		return Invalid("the " + name + " is empty")
	case strings.Trim(value, " ") != value:
		return Invalid("the " + name + " begins or ends with a space")
	case strings.ContainsFunc(value, isControl):
		return Invalid("the " + name + " contains a control character")
	case strings.ContainsFunc(value, func(r rune) bool { return r > '~' }):
		return Invalid("the " + name + " contains a non-ASCII character, which servers decode differently in a header")
	}
	return nil
}

// Basic returns the header value for basic authentication.
func Basic(principal, password string) (string, error) {
	if strings.Contains(principal, ":") {
		return "", Invalid("the principal contains a colon, which ends it in basic authentication")
	}
	for _, part := range []struct{ name, value string }{{"principal", principal}, {"password", password}} {
		switch {
		case part.value == "":
			return "", Invalid("the " + part.name + " is empty")
		case !utf8.ValidString(part.value):
			return "", Invalid("the " + part.name + " is not valid UTF-8")
		case strings.ContainsFunc(part.value, unicode.IsControl):
			return "", Invalid("the " + part.name + " contains a control character")
		}
	}
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(principal+":"+password)), nil
}

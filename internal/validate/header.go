// Package validate holds the rules for what callers give: what is refused, before
// anything is sent. The errors match [gen.ErrInvalidArgument] and never show the
// value.
package validate

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cyclos-go/passwords/gen"
)

// Invalid returns the error for a value that is refused. The reason must not hold
// the value.
func Invalid(reason string) error { return fmt.Errorf("%w: %s", gen.ErrInvalidArgument, reason) }

// Header refuses the values which do not arrive as what they are in a header:
// HTTP/1 trims spaces at the edges where HTTP/2 keeps them, servers differ in how
// they read what is not ASCII, and controls end the header.
func Header(name, value string) error {
	switch {
	case value == "":
		return Invalid("the " + name + " is empty")
	case strings.Trim(value, " ") != value:
		return Invalid("the " + name + " begins or ends with a space")
	case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return Invalid("the " + name + " holds a control character")
	case strings.ContainsFunc(value, func(r rune) bool { return r > '~' }):
		return Invalid("the " + name + " holds a character that is not ASCII, which servers read differently in a header")
	}
	return nil
}

// Basic returns the value of the header for basic authentication.
func Basic(principal, password string) (string, error) {
	if strings.Contains(principal, ":") {
		return "", Invalid("the principal holds a colon, which basic authentication takes for the end of it")
	}
	for _, part := range []struct{ name, value string }{{"principal", principal}, {"password", password}} {
		switch {
		case part.value == "":
			return "", Invalid("the " + part.name + " is empty")
		case !utf8.ValidString(part.value):
			return "", Invalid("the " + part.name + " is not valid UTF-8")
		case strings.ContainsFunc(part.value, unicode.IsControl):
			return "", Invalid("the " + part.name + " holds a control character")
		}
	}
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(principal+":"+password)), nil
}

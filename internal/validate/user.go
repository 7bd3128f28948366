package validate

import (
	"strconv"
	"strings"
	"unicode"
)

// Self is how the server spells the authenticated user in a path.
const Self = "self"

// UserID returns the path segment for an id: a decimal 64-bit number.
func UserID(id string) (segment string, err error) {
	if _, err := strconv.ParseInt(id, 10, 64); err != nil {
		return "", Invalid("the user id is not a decimal 64-bit number")
	}
	return id, nil
}

// Principal returns the path segment for a principal.
func Principal(value string) (segment string, err error) {
	// Whether the server trims is not known: quoting what is an id or self once
	// trimmed is right in both cases. Servers take id:123, or another principal
	// type and a colon, for a locator in places which are not documented. Behind
	// a quote it can at worst be not found, and never be somebody else.
	trimmed := strings.TrimSpace(value)
	if isJavaNumber(trimmed) || trimmed == Self || strings.HasPrefix(trimmed, "'") || strings.Contains(value, ":") {
		return "'" + value, nil
	}
	return value, nil
}

// isJavaNumber reports what the number parser of the server, which is written in
// Java, may read as an id: an optional sign, then decimal digits of any script.
func isJavaNumber(value string) bool {
	if strings.HasPrefix(value, "+") || strings.HasPrefix(value, "-") {
		value = value[1:]
	}
	return value != "" && !strings.ContainsFunc(value, func(r rune) bool { return !unicode.IsDigit(r) })
}

// Locator returns the path segment for a locator.
func Locator(value string) (segment string, err error) {
	if strings.TrimSpace(value) == Self {
		return "", Invalid("the locator means the caller: use Self")
	}
	return value, nil
}

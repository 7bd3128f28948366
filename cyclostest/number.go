package cyclostest

import (
	"strconv"
	"strings"
	"unicode"
)

// parseLong parses numbers like Java's Long.parseLong: an optional sign and
// decimal digits of any script, within 64 bits. Java reads UTF-16 code units, so
// digits outside the Basic Multilingual Plane are rejected.
func parseLong(s string) (int64, bool) {
	var ascii strings.Builder
	for i, r := range s {
		digit, ok := decimalDigit(r)
		switch {
		case ok:
			ascii.WriteByte('0' + digit)
		case i == 0 && (r == '+' || r == '-'):
			ascii.WriteRune(r)
		default:
			return 0, false
		}
	}
	n, err := strconv.ParseInt(ascii.String(), 10, 64)
	return n, err == nil
}

// decimalDigit returns the value of a decimal digit. Unicode lists a script's
// digits consecutively from zero to nine, so each range starts at a zero.
func decimalDigit(r rune) (byte, bool) {
	for _, run := range unicode.Nd.R16 {
		if first, last := rune(run.Lo), rune(run.Hi); first <= r && r <= last {
			return byte((r - first) % 10), true
		}
	}
	return 0, false
}

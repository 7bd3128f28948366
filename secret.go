package passwords

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[REDACTED]"

var (
	errMarshalSecret   = errors.New("passwords: a Secret cannot be marshaled: call Reveal to send the value on purpose")
	errUnmarshalSecret = errors.New("passwords: a Secret cannot be unmarshaled: call NewSecret with the value")
)

// Secret holds a password, a token or a generated value. It is printed and logged as
// [REDACTED]. Marshaling it is an error. The zero Secret is empty.
//
// Secrets cannot be compared with ==; use [Secret.Equal].
type Secret struct {
	// A closure, because printers that use reflection instead of the value's methods
	// show strings and byte slices, even in unexported fields.
	reveal func() string
}

// NewSecret returns a Secret that holds value. For an empty value it returns the zero
// Secret.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{reveal: func() string { return value }}
}

// Reveal returns the value, or "" for the zero Secret. It is the only access to it.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// IsZero reports whether the Secret is empty.
func (s Secret) IsZero() bool { return s.reveal == nil }

// Equal reports whether both hold the same value. It compares in constant time,
// except for the lengths.
func (s Secret) Equal(other Secret) bool {
	a, b := sha256.Sum256([]byte(s.Reveal())), sha256.Sum256([]byte(other.Reveal()))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// String returns [REDACTED].
func (s Secret) String() string { return redacted }

// GoString returns [REDACTED].
func (s Secret) GoString() string { return redacted }

// Format writes [REDACTED] for every verb.
func (s Secret) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, redacted) }

// LogValue returns [REDACTED].
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalJSON always returns an error.
func (s Secret) MarshalJSON() ([]byte, error) { return nil, errMarshalSecret }

// MarshalText always returns an error.
func (s Secret) MarshalText() ([]byte, error) { return nil, errMarshalSecret }

// MarshalBinary always returns an error.
func (s Secret) MarshalBinary() ([]byte, error) { return nil, errMarshalSecret }

// GobEncode always returns an error.
func (s Secret) GobEncode() ([]byte, error) { return nil, errMarshalSecret }

// MarshalXML always returns an error.
func (s Secret) MarshalXML(*xml.Encoder, xml.StartElement) error { return errMarshalSecret }

// MarshalXMLAttr always returns an error.
func (s Secret) MarshalXMLAttr(xml.Name) (xml.Attr, error) { return xml.Attr{}, errMarshalSecret }

// MarshalYAML always returns an error.
func (s Secret) MarshalYAML() (any, error) { return nil, errMarshalSecret }

// UnmarshalText always returns an error, because that of a decoder would show the value.
func (s *Secret) UnmarshalText([]byte) error { return errUnmarshalSecret }

// UnmarshalJSON always returns an error.
func (s *Secret) UnmarshalJSON([]byte) error { return errUnmarshalSecret }

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
	errMarshalSecret   = errors.New("passwords: a Secret is not marshalled: call Reveal where the value is meant to leave the program")
	errUnmarshalSecret = errors.New("passwords: a Secret is not unmarshalled: call NewSecret with the value")
)

// Secret holds a password, a token or a generated value. It prints and logs as
// [REDACTED], and marshalling it is an error. The zero Secret holds nothing.
//
// Secrets are not comparable with ==; see [Secret.Equal].
type Secret struct {
	// A closure, because formatters and encoders that ignore methods still walk
	// into strings and byte slices, even unexported ones.
	reveal func() string
}

// NewSecret returns a Secret that holds value. An empty value gives the zero
// Secret.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{reveal: func() string { return value }}
}

// Reveal returns the value, or "" for the zero Secret. It is the only way to
// get at it.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// IsZero reports whether the Secret holds nothing.
func (s Secret) IsZero() bool { return s.reveal == nil }

// Equal reports whether both hold the same value. The time it takes tells
// nothing about how much of the values is the same.
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

// MarshalJSON returns an error, always.
func (s Secret) MarshalJSON() ([]byte, error) { return nil, errMarshalSecret }

// MarshalText returns an error, always.
func (s Secret) MarshalText() ([]byte, error) { return nil, errMarshalSecret }

// MarshalBinary returns an error, always.
func (s Secret) MarshalBinary() ([]byte, error) { return nil, errMarshalSecret }

// GobEncode returns an error, always.
func (s Secret) GobEncode() ([]byte, error) { return nil, errMarshalSecret }

// MarshalXML returns an error, always.
func (s Secret) MarshalXML(*xml.Encoder, xml.StartElement) error { return errMarshalSecret }

// MarshalXMLAttr returns an error, always.
func (s Secret) MarshalXMLAttr(xml.Name) (xml.Attr, error) { return xml.Attr{}, errMarshalSecret }

// MarshalYAML returns an error, always.
func (s Secret) MarshalYAML() (any, error) { return nil, errMarshalSecret }

// UnmarshalText returns an error, always: that of a decoder would show the value.
func (s *Secret) UnmarshalText([]byte) error { return errUnmarshalSecret }

// UnmarshalJSON returns an error, always.
func (s *Secret) UnmarshalJSON([]byte) error { return errUnmarshalSecret }

package cyclostest

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cyclos-go/passwords/gen"
)

const (
	lowerLetters = "abcdefghijklmnopqrstuvwxyz"
	upperLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits       = "0123456789"
	specials     = "!#$%&*+-=?@_"
)

// class is one class of characters, with what a type says about it.
type class struct {
	name     string
	rule     gen.AvailabilityEnum
	alphabet string // what generated values take of it
	has      func(rune) bool
}

func (t *PasswordType) classes() []class {
	return []class{
		{"lower case letters", t.LowerCaseLetters, lowerLetters, unicode.IsLower},
		{"upper case letters", t.UpperCaseLetters, upperLetters, unicode.IsUpper},
		{"numbers", t.Numbers, digits, unicode.IsDigit},
		{"special characters", t.SpecialCharacters, specials, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r)
		}},
	}
}

// fillPolicy writes out what empty settings stand for.
func (t *PasswordType) fillPolicy() {
	letters := gen.AvailabilityEnumOptional
	if t.OnlyNumeric {
		letters = gen.AvailabilityEnumDisabled
	}
	t.LowerCaseLetters = cmp.Or(t.LowerCaseLetters, letters)
	t.UpperCaseLetters = cmp.Or(t.UpperCaseLetters, letters)
	t.Numbers = cmp.Or(t.Numbers, gen.AvailabilityEnumOptional)
	t.SpecialCharacters = cmp.Or(t.SpecialCharacters, letters)
}

// checkPolicy says why no value could ever obey the type.
func (t *PasswordType) checkPolicy() error {
	required, allowed := 0, 0
	for _, c := range t.classes() {
		switch c.rule {
		case gen.AvailabilityEnumRequired:
			required++
			allowed++
		case gen.AvailabilityEnumOptional:
			allowed++
		case gen.AvailabilityEnumDisabled:
			continue
		default:
			return fmt.Errorf("%s: unknown availability %q", c.name, c.rule)
		}
		if t.OnlyNumeric && c.alphabet != digits {
			return fmt.Errorf("%s contradict only numeric", c.name)
		}
	}
	switch {
	case t.MinLength < 0 || t.MaxLength < 0:
		return errors.New("negative length")
	case t.MaxLength > 0 && t.MaxLength < max(t.MinLength, required):
		return errors.New("the greatest length leaves no room for what is required")
	case allowed == 0:
		return errors.New("no character is allowed")
	default:
		return nil
	}
}

// violations lists, for people, the rules that value breaks. The texts tell the
// rules and nothing of the value.
func (t *PasswordType) violations(value string) []string {
	var broken []string
	length := utf8.RuneCountInString(value)
	if length < t.MinLength {
		broken = append(broken, fmt.Sprintf("must have at least %d characters", t.MinLength))
	}
	if t.MaxLength > 0 && length > t.MaxLength {
		broken = append(broken, fmt.Sprintf("must have at most %d characters", t.MaxLength))
	}
	if t.OnlyNumeric {
		// The classes would only say the same again, less clearly.
		if strings.Trim(value, digits) != "" {
			broken = append(broken, "must have the digits 0 to 9 only")
		}
		return broken
	}
	for _, c := range t.classes() {
		found := strings.ContainsFunc(value, c.has)
		if c.rule == gen.AvailabilityEnumRequired && !found {
			broken = append(broken, "must have "+c.name)
		}
		if c.rule == gen.AvailabilityEnumDisabled && found {
			broken = append(broken, "must not have "+c.name)
		}
	}
	return broken
}

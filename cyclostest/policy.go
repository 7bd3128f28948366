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

// characterClass is a class of characters with the rule of a password type.
type characterClass struct {
	name     string
	rule     gen.AvailabilityEnum
	alphabet string // characters for generated values
	has      func(rune) bool
}

func (t *PasswordType) classes() []characterClass {
	return []characterClass{
		{"lowercase letters", t.LowerCaseLetters, lowerLetters, unicode.IsLower},
		{"uppercase letters", t.UpperCaseLetters, upperLetters, unicode.IsUpper},
		{"numbers", t.Numbers, digits, unicode.IsDigit},
		{"special characters", t.SpecialCharacters, specials, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r)
		}},
	}
}

// applyPolicyDefaults sets the empty rules to their defaults.
func (t *PasswordType) applyPolicyDefaults() {
	letters := gen.AvailabilityEnumOptional
	if t.OnlyNumeric {
		letters = gen.AvailabilityEnumDisabled
	}
	t.LowerCaseLetters = cmp.Or(t.LowerCaseLetters, letters)
	t.UpperCaseLetters = cmp.Or(t.UpperCaseLetters, letters)
	t.Numbers = cmp.Or(t.Numbers, gen.AvailabilityEnumOptional)
	t.SpecialCharacters = cmp.Or(t.SpecialCharacters, letters)
}

// checkPolicy returns an error if no value can satisfy the type's rules.
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
			return fmt.Errorf("%s contradict OnlyNumeric", c.name)
		}
	}
	switch {
	case t.MinLength < 0 || t.MaxLength < 0:
		return errors.New("negative length")
	case t.MaxLength > 0 && t.MaxLength < max(t.MinLength, required):
		return errors.New("MaxLength is less than MinLength or the number of required character classes")
	case allowed == 0:
		return errors.New("no character is allowed")
	default:
		return nil
	}
}

// violations returns messages about the rules that value violates. The messages
// do not reveal the value.
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
		// The messages of the character classes would repeat this one.
		if strings.Trim(value, digits) != "" {
			broken = append(broken, "must contain only the digits 0 to 9")
		}
		return broken
	}
	for _, c := range t.classes() {
		found := strings.ContainsFunc(value, c.has)
		if c.rule == gen.AvailabilityEnumRequired && !found {
			broken = append(broken, "must contain "+c.name)
		}
		if c.rule == gen.AvailabilityEnumDisabled && found {
			broken = append(broken, "must not contain "+c.name)
		}
	}
	return broken
}

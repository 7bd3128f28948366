package cyclostest

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cyclos-go/passwords/gen"
)

const (
	lowerLetters = "abcdefghijklmnopqrstuvwxyz"
	upperLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits       = "0123456789"
	// specials is the list of special characters. It is known that Cyclos has a list
	// without space and |. The others are assumed.
	specials = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{}~"
	// easySpecials are the special characters in generated values: hard to mistake,
	// and without a meaning in HTML.
	easySpecials = "!#$%*+-=?@_"
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
		{"special characters", t.SpecialCharacters, easySpecials, isSpecial},
	}
}

func isSpecial(r rune) bool { return strings.ContainsRune(specials, r) }

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
	if strings.ContainsFunc(value, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !isSpecial(r)
	}) {
		broken = append(broken, "must not contain spaces or other characters that are not letters, numbers or special characters")
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

// defaultLength is the length of generated values if the type does not set one.
const defaultLength = 8

// generate returns a random value that satisfies the type's rules and differs
// from the current one.
func (t *PasswordType) generate(current string) string {
	for {
		if value := t.randomValue(); value != current {
			return value
		}
	}
}

// randomValue picks one character of each required class, fills the rest from all
// allowed classes, and shuffles the result.
func (t *PasswordType) randomValue() string {
	length := max(t.MinLength, defaultLength)
	if t.OnlyNumeric {
		length = cmp.Or(t.MinLength, defaultLength) // PINs may be shorter than the default
	}
	if t.MaxLength > 0 {
		length = min(length, t.MaxLength)
	}
	var value []byte
	alphabet := ""
	for _, c := range t.classes() {
		switch c.rule {
		case gen.AvailabilityEnumRequired:
			value = append(value, randomChar(c.alphabet))
			alphabet += c.alphabet
		case gen.AvailabilityEnumOptional:
			if c.alphabet != easySpecials { // hard to type, so only if required
				alphabet += c.alphabet
			}
		}
	}
	if alphabet == "" {
		alphabet = easySpecials
	}
	for len(value) < length {
		value = append(value, randomChar(alphabet))
	}
	for i := len(value) - 1; i > 0; i-- {
		j := randomInt(i + 1)
		value[i], value[j] = value[j], value[i]
	}
	return string(value)
}

func randomChar(alphabet string) byte { return alphabet[randomInt(len(alphabet))] }

// randomInt returns a uniform random number in [0, n).
func randomInt(n int) int {
	// The error is always nil: crypto/rand ends the program if it fails.
	i, _ := rand.Int(rand.Reader, big.NewInt(int64(n)))
	return int(i.Int64())
}

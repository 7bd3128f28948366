package cyclostest

import (
	"cmp"
	"crypto/rand"
	"math/big"

	"github.com/cyclos-go/passwords/gen"
)

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
			if c.alphabet != specials { // hard to type, so only if required
				alphabet += c.alphabet
			}
		}
	}
	if alphabet == "" {
		alphabet = specials
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

// newToken returns a random session token.
func newToken() string { return rand.Text() }

package cyclostest

import (
	"cmp"
	"crypto/rand"
	"math/big"

	"github.com/cyclos-go/passwords/gen"
)

// usualLength is that of a generated value whose type asks for none.
const usualLength = 8

// generate returns a random value that obeys the type and differs from the
// current one.
func (t *PasswordType) generate(current string) string {
	for {
		if value := t.randomValue(); value != current {
			return value
		}
	}
}

// randomValue takes one character of each required class, fills up from all
// classes that are allowed, and shuffles.
func (t *PasswordType) randomValue() string {
	length := max(t.MinLength, usualLength)
	if t.OnlyNumeric {
		length = cmp.Or(t.MinLength, usualLength) // a PIN of four digits stays one
	}
	if t.MaxLength > 0 {
		length = min(length, t.MaxLength)
	}
	var value []byte
	alphabet := ""
	for _, c := range t.classes() {
		switch c.rule {
		case gen.AvailabilityEnumRequired:
			value = append(value, pick(c.alphabet))
			alphabet += c.alphabet
		case gen.AvailabilityEnumOptional:
			if c.alphabet != specials { // hard to type, so only where they have to be
				alphabet += c.alphabet
			}
		}
	}
	if alphabet == "" {
		alphabet = specials
	}
	for len(value) < length {
		value = append(value, pick(alphabet))
	}
	for i := len(value) - 1; i > 0; i-- {
		j := below(i + 1)
		value[i], value[j] = value[j], value[i]
	}
	return string(value)
}

func pick(alphabet string) byte { return alphabet[below(len(alphabet))] }

// below returns a uniform random number from 0 to n-1.
func below(n int) int {
	// The error is always nil: a failing source of randomness ends the program.
	i, _ := rand.Int(rand.Reader, big.NewInt(int64(n)))
	return int(i.Int64())
}

// newToken returns an unguessable token for a session.
func newToken() string { return rand.Text() }

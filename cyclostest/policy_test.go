package cyclostest

import (
	"testing"

	"github.com/cyclos-go/passwords/gen"
)

func TestCharacterClasses(t *testing.T) {
	t.Parallel()
	const required, forbidden = gen.AvailabilityEnumRequired, gen.AvailabilityEnumDisabled
	for name, test := range map[string]struct {
		typ  PasswordType
		good []string
		bad  []string
	}{
		"all required":  {PasswordType{LowerCaseLetters: required, UpperCaseLetters: required, Numbers: required, SpecialCharacters: required}, []string{"aA1-", "éÉ1 "}, []string{"aA1", "aA-", "a1-", "A1-"}},
		"all forbidden": {PasswordType{LowerCaseLetters: forbidden, UpperCaseLetters: forbidden, Numbers: forbidden}, []string{"---"}, []string{"-a", "-A", "-1"}},
		"letters only":  {PasswordType{Numbers: forbidden, SpecialCharacters: forbidden}, []string{"aB"}, []string{"a1", "a-"}},
		"anything":      {PasswordType{}, []string{"x", "1", "-"}, nil},
	} {
		test.typ.applyPolicyDefaults()
		for i, value := range test.good {
			if broken := test.typ.violations(value); len(broken) > 0 {
				t.Errorf("%s: valid value %d violates %v", name, i, broken)
			}
		}
		for i, value := range test.bad {
			if broken := test.typ.violations(value); len(broken) != 1 {
				t.Errorf("%s: invalid value %d violates %v, want one rule", name, i, broken)
			}
		}
	}
}

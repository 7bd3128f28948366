package cyclostest

import (
	"testing"
	"unicode/utf8"

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
		"all required":  {PasswordType{LowerCaseLetters: required, UpperCaseLetters: required, Numbers: required, SpecialCharacters: required}, []string{"aA1-", "éÉ1~"}, []string{"aA1", "aA-", "a1-", "A1-"}},
		"all forbidden": {PasswordType{LowerCaseLetters: forbidden, UpperCaseLetters: forbidden, Numbers: forbidden}, []string{"---"}, []string{"-a", "-A", "-1"}},
		"letters only":  {PasswordType{Numbers: forbidden, SpecialCharacters: forbidden}, []string{"aB"}, []string{"a1", "a-"}},
		"anything":      {PasswordType{}, []string{"x", "1", "-", "密", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{}~"}, []string{"a b", "a|b", "a\tb", "a\u200bb", "a\u202eb", "a¬b", "a\xffb"}},
		"no specials":   {PasswordType{SpecialCharacters: forbidden}, []string{"a密"}, []string{"a-", "a b", "a|b"}},
		"not a special": {PasswordType{SpecialCharacters: required}, []string{"a-"}, []string{"a", "a1"}},
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

func TestGeneratedValuesSatisfyTheirType(t *testing.T) {
	t.Parallel()
	const required, forbidden = gen.AvailabilityEnumRequired, gen.AvailabilityEnumDisabled
	for name, test := range map[string]struct {
		typ    PasswordType
		length int
	}{
		"no rules":       {PasswordType{}, 8},
		"pin":            {PasswordType{OnlyNumeric: true, MinLength: 4, MaxLength: 10}, 4},
		"free pin":       {PasswordType{OnlyNumeric: true}, 8},
		"short pin":      {PasswordType{OnlyNumeric: true, MaxLength: 1}, 1},
		"long":           {PasswordType{MinLength: 40}, 40},
		"short":          {PasswordType{MaxLength: 3}, 3},
		"all required":   {PasswordType{LowerCaseLetters: required, UpperCaseLetters: required, Numbers: required, SpecialCharacters: required, MaxLength: 4}, 4},
		"specials alone": {PasswordType{LowerCaseLetters: forbidden, UpperCaseLetters: forbidden, Numbers: forbidden}, 8},
		"upper alone":    {PasswordType{LowerCaseLetters: forbidden, Numbers: forbidden}, 8},
	} {
		test.typ.applyPolicyDefaults()
		if err := test.typ.checkPolicy(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		current := ""
		for range 50 {
			value := test.typ.generate(current)
			if value == current {
				t.Fatalf("%s: the value did not change", name)
			}
			if broken := test.typ.violations(value); len(broken) > 0 || utf8.RuneCountInString(value) != test.length {
				t.Fatalf("%s: the value violates %v, its length is %d", name, broken, utf8.RuneCountInString(value))
			}
			current = value
		}
	}
}

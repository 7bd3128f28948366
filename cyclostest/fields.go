package cyclostest

import (
	"regexp"
	"strings"

	"github.com/cyclos-go/passwords/gen"
)

// selection selects the properties on one level of a result.
type selection struct {
	wanted map[string]bool // true: included, false: excluded
	only   bool            // a property is included, so unnamed properties are not
	nested map[string]*selection
}

var propertyName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// parseFields parses the entries of the parameter fields. It returns nil if there
// are no entries. An entry that is malformed or contradicts an earlier entry is a
// problem.
func parseFields(entries []string) (*selection, *problem) {
	if len(entries) == 0 {
		return nil, nil
	}
	root := &selection{}
	for _, entry := range entries {
		if !root.add(entry) {
			return nil, invalidInput(gen.InputError{Code: gen.InputErrorCodeQueryParse, Value: entry})
		}
	}
	return root, nil
}

// add adds an entry for this level: an optional sign, a name, and optionally a
// dot and an entry for the nested level. The nested entry may have a sign unless
// the first sign is an exclusion. An exclusion or an asterisk before a nested
// entry does not restrict this level.
func (s *selection) add(entry string) bool {
	exclude, star := false, false
	switch {
	case entry == "":
		return false
	case entry[0] == '-' || entry[0] == '!':
		exclude, entry = true, entry[1:]
	case entry[0] == '+':
		entry = entry[1:]
	case entry[0] == '*':
		star, entry = true, entry[1:]
	}
	name, rest, dotted := strings.Cut(entry, ".")
	if !propertyName.MatchString(name) || star && !dotted {
		return false
	}
	if !dotted {
		return s.want(name, !exclude)
	}
	if exclude {
		if rest != "" && strings.ContainsRune("+-!*", rune(rest[0])) {
			return false
		}
		return s.child(name).add("-" + rest)
	}
	if !star && !s.want(name, true) {
		return false
	}
	return s.child(name).add(rest)
}

// want returns false if an earlier entry requests the opposite.
func (s *selection) want(name string, include bool) bool {
	if earlier, ok := s.wanted[name]; ok && earlier != include {
		return false
	}
	if s.wanted == nil {
		s.wanted = map[string]bool{}
	}
	s.wanted[name] = include
	s.only = s.only || include
	return true
}

func (s *selection) child(name string) *selection {
	if s.nested == nil {
		s.nested = map[string]*selection{}
	}
	if s.nested[name] == nil {
		s.nested[name] = &selection{}
	}
	return s.nested[name]
}

// apply removes the properties that are not selected from a decoded JSON value.
// Arrays are filtered element by element. A nil selection keeps all properties.
func (s *selection) apply(value any) {
	if s == nil {
		return
	}
	switch v := value.(type) {
	case []any:
		for _, element := range v {
			s.apply(element)
		}
	case map[string]any:
		for name, inner := range v {
			if include, named := s.wanted[name]; named && !include || !named && s.only {
				delete(v, name)
				continue
			}
			s.nested[name].apply(inner)
		}
	}
}

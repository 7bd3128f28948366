package cyclostest

import (
	"regexp"
	"strings"
)

// selection says which properties of one level of a result are wanted.
type selection struct {
	wanted map[string]bool // true: included, false: excluded
	only   bool            // something is included, so the rest is not
	nested map[string]*selection
}

var propertyName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// parseFields reads the parameter fields, one entry an element. No entries mean
// no selection, nil. An entry that is malformed, or asks for the opposite of an
// earlier one, is a problem.
func parseFields(entries []string) (*selection, *problem) {
	if len(entries) == 0 {
		return nil, nil
	}
	root := &selection{}
	for _, entry := range entries {
		if !root.add(entry) {
			return nil, malformedFields(entry)
		}
	}
	return root, nil
}

// add reads one entry as seen from this level. A sign is followed by a name;
// what follows a dot is an entry for the level below, with a sign of its own
// where the first is not an exclusion. A nested exclusion leaves the levels
// above whole, and so does an asterisk.
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
		return s.below(name).add("-" + rest)
	}
	if !star && !s.want(name, true) {
		return false
	}
	return s.below(name).add(rest)
}

// want returns false if the opposite was asked for before.
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

func (s *selection) below(name string) *selection {
	if s.nested == nil {
		s.nested = map[string]*selection{}
	}
	if s.nested[name] == nil {
		s.nested[name] = &selection{}
	}
	return s.nested[name]
}

// apply removes from a decoded JSON value what is not wanted. Arrays are
// filtered element by element. A nil selection keeps everything.
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

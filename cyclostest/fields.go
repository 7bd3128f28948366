package cyclostest

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/cyclos-go/passwords/gen"
)

// selection selects the properties on one level of a result.
type selection struct {
	wanted map[string]bool // true: included, false: excluded
	only   bool            // a property is included, so unnamed properties are not
	plain  bool            // an entry without an asterisk names this level
	nested map[string]*selection
}

// fieldsEntry matches an entry: names with dots between them, the last of which may
// be excluded by a sign, or a preceding one together with all names after it. An
// asterisk needs a name on the nested level.
var fieldsEntry = regexp.MustCompile(strings.ReplaceAll(`^(([+*]?N)\.)*(\+?N|[-!]N(\.N)*)$`, "N", "[A-Za-z][A-Za-z0-9_]*"))

// parseFields parses the entries of the parameter fields. It returns nil if there
// are no entries. An entry that is malformed or contradicts another entry is a
// problem.
func parseFields(entries []string) (*selection, *problem) {
	if len(entries) == 0 {
		return nil, nil
	}
	// On each level, an entry with an asterisk is ignored if a plain one names the
	// same nested level. Therefore plain entries come first.
	entries = slices.Clone(entries)
	slices.SortStableFunc(entries, func(a, b string) int { return cmp.Compare(asterisks(a), asterisks(b)) })
	root := &selection{}
	for _, entry := range entries {
		if !fieldsEntry.MatchString(entry) || !root.add(entry) {
			return nil, invalidInput(gen.InputError{Code: gen.InputErrorCodeQueryParse, Value: entry})
		}
	}
	return root, nil
}

// asterisks has a digit for each level of an entry, 1 for an asterisk.
func asterisks(entry string) string {
	var levels strings.Builder
	for name := range strings.SplitSeq(entry, ".") {
		if strings.HasPrefix(name, "*") {
			levels.WriteByte('1')
		} else {
			levels.WriteByte('0')
		}
	}
	return levels.String()
}

// add adds an entry for this level. An exclusion or an asterisk before a nested
// entry does not restrict this level. It returns false if an earlier entry requests
// the opposite.
func (s *selection) add(entry string) bool {
	name, rest, dotted := strings.Cut(strings.TrimLeft(entry, "+-!*"), ".")
	exclude := entry[0] == '-' || entry[0] == '!'
	switch {
	case !dotted:
		return s.want(name, !exclude)
	case exclude:
		return s.child(name).add("-" + rest)
	case entry[0] == '*':
		return s.child(name).plain || s.child(name).add(rest)
	default:
		s.child(name).plain = true
		return s.want(name, true) && s.child(name).add(rest)
	}
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

// Package leak finds values in the output of a printer, in the forms in which
// printers write them.
package leak

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// partLength is how much of a value must show to count: printers cut, wrap and
// split what they show.
const partLength = 8

// shortestNeedle is the shortest text that is not found everywhere.
const shortestNeedle = 5

// Search looks for some values. It is safe for concurrent use.
type Search struct{ needles []needle }

// needle is how a value, or a part of it, looks in one view of an output.
type needle struct {
	form string
	view int
	text []byte
}

// ForParts returns a search for every whole part of the values. Each has to be
// long enough to be told from chance.
func ForParts(values ...string) *Search {
	s := &Search{}
	for _, value := range values {
		if len(value) < partLength {
			panic(fmt.Sprintf("leak: a value has %d bytes, want at least %d", len(value), partLength))
		}
		for i := 0; i+partLength <= len(value); i += partLength {
			s.add(value[i : i+partLength])
		}
		s.add(value[len(value)-partLength:])
	}
	return s
}

// ForWholes returns a search for the values as a whole, which may be short.
func ForWholes(values ...string) *Search {
	s := &Search{}
	for _, value := range values {
		s.add(value)
	}
	return s
}

func (s *Search) add(value string) {
	for _, n := range needlesOf(value) {
		known := func(other needle) bool { return other.view == n.view && bytes.Equal(other.text, n.text) }
		if len(n.text) >= shortestNeedle && !slices.ContainsFunc(s.needles, known) {
			s.needles = append(s.needles, n)
		}
	}
}

// Find returns the forms in which something shows. It does not return what.
func (s *Search) Find(output string) []string {
	var (
		found []string
		seen  [views][]byte
	)
	for _, n := range s.needles {
		if slices.Contains(found, n.form) {
			continue
		}
		if seen[n.view] == nil {
			seen[n.view] = look(n.view, output)
		}
		if bytes.Contains(seen[n.view], n.text) {
			found = append(found, n.form)
		}
	}
	return found
}

// Remembering returns Find for one goroutine, which looks at each output once:
// many printers write the same.
func (s *Search) Remembering() func(output string) []string {
	known := map[string][]string{}
	return func(output string) []string {
		found, ok := known[output]
		if !ok {
			found = s.Find(output)
			known[output] = found
		}
		return found
	}
}

// Describe returns the forms as one text for a test's message.
func Describe(forms []string) string { return strings.Join(forms, ", ") }

// Package accepted compares breaking changes with those that were accepted on purpose.
package accepted

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// File is where changes are accepted, below the root of the repository.
const File = "api/breaking.md"

// Load returns the accepted changes of a kind, which are the list items that
// begin with it. A missing file accepts nothing.
func Load(path, kind string) ([]string, error) {
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var lines []string
	for line := range strings.Lines(string(text)) {
		if change, ok := strings.CutPrefix(line, "- "); ok && strings.HasPrefix(change, kind+": ") {
			lines = append(lines, strings.TrimSpace(change))
		}
	}
	return lines, nil
}

// Check returns an error that says what to do, unless the changes are exactly
// the accepted ones. An accepted change that is not there would let the same
// change through later, when nobody means it.
func Check(changes, accepted []string, instead string) error {
	var text strings.Builder
	if broken := without(changes, accepted); len(broken) > 0 {
		text.WriteString("this breaks those who use the last release:\n\n")
		for _, change := range broken {
			fmt.Fprintf(&text, "- %s\n", change)
		}
		fmt.Fprintf(&text, "\ntake it back, or, if it is meant, copy these lines to %s with a reason, or %s\n", File, instead)
	}
	if stale := without(accepted, changes); len(stale) > 0 {
		fmt.Fprintf(&text, "%s accepts what has not changed since the last release:\n\n", File)
		for _, change := range stale {
			fmt.Fprintf(&text, "- %s\n", change)
		}
		fmt.Fprintf(&text, "\nremove these lines from %s\n", File)
	}
	if text.Len() == 0 {
		return nil
	}
	return fmt.Errorf("%s", strings.TrimSuffix(text.String(), "\n"))
}

func without(all, known []string) []string {
	var left []string
	for _, one := range all {
		if !slices.Contains(known, one) {
			left = append(left, one)
		}
	}
	return left
}

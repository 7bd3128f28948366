// Package sink prints values in the ways in which programs print them by
// accident.
package sink

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Sink is one way to print a value.
type Sink struct {
	Name string
	// Dump is set for those of Dumps.
	Dump  bool
	print func(w io.Writer, v any) error
}

// All returns every sink. Their names differ.
func All() []Sink {
	return slices.Concat(verbs(), errorTexts(), encoders(), logs(), templates(), comparisons(), asserts(), Dumps())
}

// Print returns all that the sink shows of v: what it writes, its error, and
// what it panics with.
func (s Sink) Print(v any) (output string) {
	var b strings.Builder
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(&b, "\npanic: %v", p)
		}
		output = b.String()
	}()
	if err := s.print(&b, v); err != nil {
		fmt.Fprintf(&b, "\nerror: %v %+v", err, err)
	}
	return ""
}

// text is a sink that returns what it shows.
func text(name string, show func(v any) string) Sink {
	return Sink{Name: name, print: func(w io.Writer, v any) error {
		_, err := io.WriteString(w, show(v))
		return err
	}}
}

// bytesOf is a sink that returns what it shows, or an error.
func bytesOf(name string, show func(v any) ([]byte, error)) Sink {
	return Sink{Name: name, print: func(w io.Writer, v any) error {
		b, err := show(v)
		_, _ = w.Write(b) // the buffer of Print takes everything
		return err
	}}
}

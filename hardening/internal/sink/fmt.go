package sink

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
)

func verbs() []Sink {
	var all []Sink
	for _, verb := range []string{
		"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%T", "%p", "%c", "%b", "%o", "%e", "%U", "%w",
		"%O", "%E", "%f", "%F", "%g", "%G", "% x", "%#x", "%# X", "%+q", "%#q", "%#U", "%60v", "%-60s", "%060d", "%z",
	} {
		all = append(all, text("fmt "+verb, func(v any) string { return fmt.Sprintf(verb, v) }))
	}
	return append(all,
		text("fmt.Sprint", func(v any) string { return fmt.Sprint(v) }),
		text("fmt.Sprintln", func(v any) string { return fmt.Sprintln(v) }),
		text("fmt.Appendf", func(v any) string { return string(fmt.Appendf(nil, "%+v", v)) }),
		text("fmt of extra arguments", func(v any) string { return fmt.Sprintf(format("no verb"), v) }),
		text("fmt of a reflect.Value", func(v any) string { return fmt.Sprintf("%v %+v", reflect.ValueOf(v), reflect.ValueOf(v)) }),
		text("reflect.Value.String", func(v any) string { return reflect.ValueOf(v).String() }),
		text("context.WithValue", func(v any) string { return fmt.Sprint(context.WithValue(context.Background(), key{}, v)) }),
		Sink{Name: "fmt.Fprint", print: func(w io.Writer, v any) error { _, err := fmt.Fprint(w, v); return err }},
		Sink{Name: "fmt.Fprintf", print: func(w io.Writer, v any) error { _, err := fmt.Fprintf(w, "%#v", v); return err }},
	)
}

type key struct{}

// format hides a format that is wrong on purpose from vet.
func format(s string) string { return s }

func errorTexts() []Sink {
	show := func(err error) string { return fmt.Sprintf("%v %+v %#v %s %q", err, err, err, err, err) }
	return []Sink{
		text("fmt.Errorf %v", func(v any) string { return show(fmt.Errorf("wrapped: %v", v)) }),
		text("fmt.Errorf %+v", func(v any) string { return show(fmt.Errorf("wrapped: %+v", v)) }),
		text("fmt.Errorf %#v", func(v any) string { return show(fmt.Errorf("wrapped: %#v", v)) }),
		text("fmt.Errorf %w", func(v any) string { return show(fmt.Errorf(format("wrapped: %w"), v)) }),
		text("fmt.Errorf %w twice", func(v any) string { return show(fmt.Errorf(format("%w and %w"), v, v)) }),
		text("errors.Join", func(v any) string { return show(errors.Join(errors.New("other"), asError(v))) }),
	}
}

// asError returns v if it is an error, and else one that quotes it.
func asError(v any) error {
	if err, ok := v.(error); ok {
		return err
	}
	return fmt.Errorf("%v", v)
}

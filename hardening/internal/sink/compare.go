package sink

import (
	"fmt"
	"reflect"

	"github.com/google/go-cmp/cmp"
	"github.com/kr/pretty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// zero returns what a value is compared with.
func zero(v any) any { return reflect.Zero(reflect.TypeOf(v)).Interface() }

func comparisons() []Sink {
	everything := cmp.Exporter(func(reflect.Type) bool { return true })
	return []Sink{
		text("cmp.Diff", func(v any) string { return cmp.Diff(v, zero(v)) }),
		text("cmp.Diff the other way", func(v any) string { return cmp.Diff(zero(v), v) }),
		text("cmp.Diff unexported", func(v any) string { return cmp.Diff(v, zero(v), everything) }),
		text("cmp.Diff with another type", func(v any) string { return cmp.Diff(any(v), any(0), everything) }),
		text("cmp.Diff in a slice", func(v any) string { return cmp.Diff([]any{v}, []any{}, everything) }),
		text("pretty.Diff", func(v any) string { return fmt.Sprint(pretty.Diff(v, zero(v))) }),
		text("pretty.Diff with another type", func(v any) string { return fmt.Sprint(pretty.Diff(v, 0)) }),
	}
}

// recorder is a test that keeps what a failure prints.
type recorder struct{ text []byte }

func (r *recorder) Errorf(format string, args ...any) { r.text = fmt.Appendf(r.text, format, args...) }
func (r *recorder) FailNow()                          {}

func asserts() []Sink {
	var all []Sink
	for name, check := range map[string]func(t *recorder, v any){
		"Equal":            func(t *recorder, v any) { assert.Equal(t, zero(v), v) },
		"Equal reversed":   func(t *recorder, v any) { assert.Equal(t, v, zero(v)) },
		"Equal other type": func(t *recorder, v any) { assert.Equal(t, 0, v) },
		"Equal in a slice": func(t *recorder, v any) { assert.Equal(t, []any{v, 1}, []any{v, 2}) },
		"Equal in a map":   func(t *recorder, v any) { assert.Equal(t, map[int]any{1: v}, map[int]any{2: v}) },
		"Equalf":           func(t *recorder, v any) { assert.Equalf(t, 1, 2, "context %+v", v) },
		"EqualValues":      func(t *recorder, v any) { assert.EqualValues(t, zero(v), v) },
		"Exactly":          func(t *recorder, v any) { assert.Exactly(t, 0, v) },
		"NotEqual":         func(t *recorder, v any) { assert.NotEqual(t, v, v) },
		"Nil":              func(t *recorder, v any) { assert.Nil(t, v) },
		"Empty":            func(t *recorder, v any) { assert.Empty(t, v) },
		"Zero":             func(t *recorder, v any) { assert.Zero(t, v) },
		"Len":              func(t *recorder, v any) { assert.Len(t, v, 99) },
		"Contains":         func(t *recorder, v any) { assert.Contains(t, []any{v}, 0) },
		"NotContains":      func(t *recorder, v any) { assert.NotContains(t, []any{0}, 0, v) },
		"Subset":           func(t *recorder, v any) { assert.Subset(t, []any{v}, []any{0}) },
		"ElementsMatch":    func(t *recorder, v any) { assert.ElementsMatch(t, []any{v}, []any{0}) },
		"Same":             func(t *recorder, v any) { assert.Same(t, &v, new(any)) },
		"IsType":           func(t *recorder, v any) { assert.IsType(t, 0, v) },
		"NoError":          func(t *recorder, v any) { assert.NoError(t, asError(v)) },
		"ErrorIs":          func(t *recorder, v any) { assert.ErrorIs(t, asError(v), assert.AnError) },
		"ErrorContains":    func(t *recorder, v any) { assert.ErrorContains(t, asError(v), "no such text") },
		"Fail":             func(t *recorder, v any) { assert.Fail(t, "failed", v) },
		"require.Equal":    func(t *recorder, v any) { require.Equal(t, zero(v), v) },
	} {
		all = append(all, text("testify "+name, func(v any) string {
			var t recorder
			check(&t, v)
			return string(t.text)
		}))
	}
	return all
}

// Package held puts a value into the places where it ends up by accident.
package held

// Holder is a value somewhere.
type Holder struct {
	Name  string
	Value any
}

type (
	exported[T any]   struct{ V T }
	unexported[T any] struct{ v T }
	pointers[T any]   struct {
		P  *T
		p  *T
		pp **T
	}
	deep[T any] struct {
		list  []unexported[T]
		byKey map[string]*exported[T]
		any   any
		fixed [1]T
	}
)

// Everywhere returns v in all places.
func Everywhere[T any](v T) []Holder {
	p := &v
	return []Holder{
		{"value", v},
		{"pointer", p},
		{"pointer to pointer", &p},
		{"field", exported[T]{v}},
		{"pointer to field", &exported[T]{v}},
		{"unexported field", unexported[T]{v}},
		{"pointer to unexported field", &unexported[T]{v}},
		{"pointer fields", pointers[T]{p, p, &p}},
		{"interface field", exported[any]{v}},
		{"unexported interface field", unexported[any]{p}},
		{"map", map[string]T{"k": v}},
		{"map of pointers", map[string]*T{"k": p}},
		{"map of any", map[string]any{"k": v}},
		{"slice", []T{v}},
		{"slice of any", []any{v, p}},
		{"array", [1]T{v}},
		{"deep", &deep[T]{[]unexported[T]{{v}}, map[string]*exported[T]{"k": {v}}, p, [1]T{v}}},
	}
}

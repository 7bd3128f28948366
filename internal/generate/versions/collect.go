package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

const refPrefix = "#/components/schemas/"

// schema is a named schema, including its inherited properties.
type schema struct {
	properties map[string]property
	values     map[string]span // of an enumeration
}

// property has the versions of a property and the type of its value.
type property struct {
	spans    []span
	schema   string // of the value, or of the elements of an array or map; "" for scalars
	isMap    bool
	dateTime bool
	formerly []former
}

// former is the smaller model that older versions have in the same place.
type former struct {
	until  int
	schema string
	also   []string
}

// collect returns every schema with its inherited properties. Errors name the
// schema and the property.
func collect(schemas openapi3.Schemas) (map[string]schema, error) {
	table := make(map[string]schema, len(schemas))
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		s := schema{properties: map[string]property{}}
		if err := flatten(schemas[name], s.properties); err != nil {
			return nil, fmt.Errorf("schema %s: %w", name, err)
		}
		values, err := enumSpans(schemas[name].Value)
		if err != nil {
			return nil, fmt.Errorf("schema %s: %w", name, err)
		}
		s.values = values
		table[name] = s
	}
	for name, s := range table {
		for prop, p := range s.properties {
			for _, f := range p.formerly {
				if _, ok := table[f.schema]; !ok {
					return nil, fmt.Errorf("schema %s: property %s: unknown former schema %q", name, prop, f.schema)
				}
			}
		}
	}
	return table, nil
}

// flatten adds the properties of ref and of its parents. Parents come first: if a
// child declares a property again, it adds a span and replaces the rest.
func flatten(ref *openapi3.SchemaRef, into map[string]property) error {
	for _, parent := range ref.Value.AllOf {
		if err := flatten(parent, into); err != nil {
			return err
		}
	}
	for name, declared := range ref.Value.Properties {
		p, err := describe(declared.Value)
		if err != nil {
			return fmt.Errorf("property %s: %w", name, err)
		}
		for _, inherited := range into[name].spans {
			if !slices.Contains(p.spans, inherited) {
				p.spans = append(p.spans, inherited)
			}
		}
		slices.SortFunc(p.spans, span.compare)
		into[name] = p
	}
	return nil
}

func describe(value *openapi3.Schema) (property, error) {
	s, err := readSpan(value.Extensions)
	if err != nil {
		return property{}, err
	}
	p := property{spans: []span{s}, dateTime: value.Format == "date-time"}
	p.schema, p.isMap = target(value)
	p.formerly, err = readFormerly(value.Extensions)
	return p, err
}

// target follows references, arrays and maps to the schema of the elements.
func target(value *openapi3.Schema) (name string, isMap bool) {
	for {
		var next *openapi3.SchemaRef
		switch {
		case len(value.AllOf) == 1:
			next = value.AllOf[0]
		case value.Items != nil:
			next = value.Items
		case value.AdditionalProperties.Schema != nil:
			next, isMap = value.AdditionalProperties.Schema, true
		default:
			return "", isMap
		}
		if next.Ref != "" {
			return strings.TrimPrefix(next.Ref, refPrefix), isMap
		}
		value = next.Value
	}
}

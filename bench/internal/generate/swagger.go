package main

import (
	"encoding/json"
	"maps"
	"path"
	"strings"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
)

// toSwagger returns the API description as Swagger 2.0, the only form that
// go-swagger reads.
func toSwagger(spec *openapi3.T) ([]byte, error) {
	// Swagger 2.0 has no variables in the base path.
	spec.Servers = openapi3.Servers{{URL: "https://cyclos.example.org/api"}}
	converted, err := openapi2conv.FromV3(spec)
	if err != nil {
		return nil, err
	}
	for _, p := range converted.Parameters {
		if p.Items != nil && p.Items.Ref != "" {
			target := converted.Definitions[path.Base(p.Items.Ref)].Value
			p.Items = &openapi2.SchemaRef{Value: &openapi2.Schema{Type: target.Type, Enum: target.Enum}}
		}
	}
	// The conversion knows JSON only, but these operations return a generated value.
	for _, name := range []string{"/passwords/{type}/generate", "/passwords/{type}/change-generated"} {
		operation := converted.Paths[name].Post
		operation.Produces = []string{"text/plain", "application/json"}
		operation.Responses.Set("200", &openapi2.Response{
			Description: "The value.", Schema: &openapi2.SchemaRef{Value: &openapi2.Schema{Type: &openapi3.Types{"string"}}},
		})
	}
	for _, definition := range converted.Definitions {
		dropRepeated(definition, converted.Definitions)
	}
	text, err := json.Marshal(converted)
	if err != nil {
		return nil, err
	}
	var doc any
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	rewrite(doc)
	return json.Marshal(doc)
}

// dropRepeated removes the properties from the parts of an allOf that a referenced
// part has already. In this description, only their descriptions differ.
func dropRepeated(definition *openapi2.SchemaRef, definitions openapi2.Schemas) {
	seen := map[string]bool{}
	for _, part := range definition.Value.AllOf {
		if part.Ref == "" {
			maps.DeleteFunc(part.Value.Properties, func(name string, _ *openapi2.SchemaRef) bool { return seen[name] })
		}
		addProperties(seen, part, definitions)
	}
}

func addProperties(seen map[string]bool, schema *openapi2.SchemaRef, definitions openapi2.Schemas) {
	if schema.Ref != "" {
		schema = definitions[path.Base(schema.Ref)]
	}
	for name := range schema.Value.Properties {
		seen[name] = true
	}
	for _, part := range schema.Value.AllOf {
		addProperties(seen, part, definitions)
	}
}

// rewrite removes what the conversion keeps although Swagger 2.0 forbids it: nullable
// and references to components.
func rewrite(node any) {
	switch node := node.(type) {
	case map[string]any:
		if _, isFlag := node["nullable"].(bool); isFlag {
			delete(node, "nullable")
		}
		// A property of an allOf with one reference would become a struct that embeds it.
		if parts, ok := node["allOf"].([]any); ok && len(parts) == 1 {
			if part, ok := parts[0].(map[string]any); ok && part["$ref"] != nil {
				clear(node)
				node["$ref"] = part["$ref"]
			}
		}
		if ref, ok := node["$ref"].(string); ok {
			node["$ref"] = strings.Replace(ref, "#/components/schemas/", "#/definitions/", 1)
		}
		for _, child := range node {
			rewrite(child)
		}
	case []any:
		for _, child := range node {
			rewrite(child)
		}
	}
}

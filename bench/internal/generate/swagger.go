package main

import (
	"encoding/json"
	"path"
	"strings"

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
	text, err := json.Marshal(converted)
	if err != nil {
		return nil, err
	}
	var doc map[string]any
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	adapt(doc)
	return json.Marshal(doc)
}

// adapt removes what the conversion keeps although Swagger 2.0 forbids it:
// nullable, references to components, and references in the items of parameters.
func adapt(doc map[string]any) {
	definitions, _ := doc["definitions"].(map[string]any)
	parameters, _ := doc["parameters"].(map[string]any)
	for _, p := range parameters {
		parameter, _ := p.(map[string]any)
		items, ok := parameter["items"].(map[string]any)
		if !ok {
			continue
		}
		if ref, ok := items["$ref"].(string); ok {
			target, _ := definitions[path.Base(ref)].(map[string]any)
			parameter["items"] = map[string]any{"type": target["type"], "enum": target["enum"]}
		}
	}
	rewrite(doc)
	acceptText(doc)
	for _, d := range definitions {
		definition, _ := d.(map[string]any)
		dropRepeated(definition, definitions)
	}
}

// acceptText makes the operations that return a generated value ask for text. The
// conversion knows JSON only.
func acceptText(doc map[string]any) {
	paths, _ := doc["paths"].(map[string]any)
	for _, name := range []string{"/passwords/{type}/generate", "/passwords/{type}/change-generated"} {
		item, _ := paths[name].(map[string]any)
		operation, _ := item["post"].(map[string]any)
		operation["produces"] = []any{"text/plain", "application/json"}
		responses, _ := operation["responses"].(map[string]any)
		responses["200"] = map[string]any{"description": "The value.", "schema": map[string]any{"type": "string"}}
	}
}

// dropRepeated removes the properties from the parts of an allOf that a referenced
// part has already. In this description, only their descriptions differ.
func dropRepeated(definition, definitions map[string]any) {
	parts, _ := definition["allOf"].([]any)
	seen := map[string]bool{}
	for _, p := range parts {
		part, _ := p.(map[string]any)
		if _, isRef := part["$ref"]; isRef {
			addProperties(seen, part, definitions)
			continue
		}
		properties, _ := part["properties"].(map[string]any)
		for name := range properties {
			if seen[name] {
				delete(properties, name)
			}
			seen[name] = true
		}
	}
}

func addProperties(seen map[string]bool, schema, definitions map[string]any) {
	if ref, ok := schema["$ref"].(string); ok {
		schema, _ = definitions[path.Base(ref)].(map[string]any)
	}
	properties, _ := schema["properties"].(map[string]any)
	for name := range properties {
		seen[name] = true
	}
	parts, _ := schema["allOf"].([]any)
	for _, p := range parts {
		part, _ := p.(map[string]any)
		addProperties(seen, part, definitions)
	}
}

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

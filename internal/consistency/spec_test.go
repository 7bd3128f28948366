package consistency

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit/spec"
)

func loadSpec(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := spec.Load()
	if err != nil {
		t.Fatalf("api/openapi.yaml is not valid: %v", err)
	}
	return doc
}

// TestSpecIsValid validates the examples too.
func TestSpecIsValid(t *testing.T) {
	t.Parallel()
	doc := loadSpec(t)
	if doc.OpenAPI != "3.0.3" {
		t.Errorf("the version is %s, want 3.0.3", doc.OpenAPI)
	}
	text := read(t, "api/openapi.yaml")
	for _, word := range []string{"x-go-", "x-oapi-codegen", "golang"} {
		if strings.Contains(text, word) {
			t.Errorf("the API description contains %q, which belongs into the overlay", word)
		}
	}
}

// TestSpecOperations checks that each operation is documented and shares the error
// responses.
func TestSpecOperations(t *testing.T) {
	t.Parallel()
	doc := loadSpec(t)
	responses := map[string]string{
		"401": "Unauthorized", "403": "Forbidden", "404": "NotFound", "405": "MethodNotAllowed", "409": "Conflict",
		"422": "UnprocessableEntity", "500": "InternalServerError", "503": "ServiceUnavailable",
	}
	seen := 0
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			for status, name := range responses {
				response := op.Responses.Value(status)
				if response == nil || response.Ref != "#/components/responses/"+name {
					t.Errorf("%s: %s is not the shared response %s", op.OperationID, status, name)
				}
			}
			if got := gen.OperationID(op.OperationID).Operation(); got.Method != method || got.Path != path || got.Safe != (method == http.MethodGet) {
				t.Errorf("%s: the API description has %s %s, gen has %s %s, safe: %t: run 'make generate'", op.OperationID, method, path, got.Method, got.Path, got.Safe)
			}
			seen++
			if since, ok := op.Extensions["x-cyclos-since"]; ok {
				t.Errorf("%s: since %v, but cyclostest serves every operation in every version: add the rule to cyclostest/serve.go first", op.OperationID, since)
			}
			if op.Summary == "" || op.Description == "" {
				t.Errorf("%s: no summary or description", op.OperationID)
			}
		}
	}
	if seen == 0 || seen != len(gen.Operations) {
		t.Errorf("the API description has %d operations, gen has %d", seen, len(gen.Operations))
	}
}

// TestSpecModelsAreDescribed checks that each model and property has a
// description, marks of known versions only, and the format of a password if it is
// one.
func TestSpecModelsAreDescribed(t *testing.T) {
	t.Parallel()
	versions := []string{"4.9", "4.10", "4.11", "4.12", "4.13", "4.14", "4.15", "4.16"}
	version := func(where string, extensions map[string]any) {
		for _, key := range []string{"x-cyclos-since", "x-cyclos-until"} {
			if value, ok := extensions[key]; ok && !slices.Contains(versions, value.(string)) {
				t.Errorf("%s: %s is %v, which cyclostest does not know: raise lastMinor in cyclostest/versions.go, versions here and in operations_test.go, and the README", where, key, value)
			}
		}
	}
	properties := 0
	for name, schema := range loadSpec(t).Components.Schemas {
		version(name, schema.Value.Extensions)
		if schema.Value.Description == "" {
			t.Errorf("%s: no description", name)
		}
		for _, part := range append(openapi3.SchemaRefs{schema}, schema.Value.AllOf...) {
			if part.Ref != "" {
				continue
			}
			for property, ref := range part.Value.Properties {
				properties++
				where := name + "." + property
				version(where, ref.Value.Extensions)
				if ref.Value.Description == "" {
					t.Errorf("%s: no description", where)
				}
				if strings.HasSuffix(property, "Password") && ref.Value.Type.Is("string") && ref.Value.Format != "password" {
					t.Errorf("%s: the format is not password", where)
				}
			}
		}
	}
	if properties < 150 {
		t.Errorf("only %d properties were seen", properties)
	}
}

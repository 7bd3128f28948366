package specdiff_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/tools/internal/specdiff"
)

const spec = `openapi: 3.0.3
info: {title: things, version: 4.16.1}
paths:
  /things:
    get:
      operationId: listThings
      parameters:
        - {name: size, in: query, schema: {type: integer}}
      responses:
        '200':
          description: The things.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Thing'}
    delete:
      operationId: removeThings
      responses: {'204': {description: Done.}}
components:
  schemas:
    Thing:
      type: object
      properties:
        name: {type: string}
        state: {type: string, enum: [on, off]}
        owner:
          allOf: [{$ref: '#/components/schemas/Thing'}]
          description: The thing that has this one.
`

func TestCompare(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		old, changed string
		want         []string // how each line begins
		major        bool
	}{
		"nothing":        {},
		"description":    {"The things.", "All things.", nil, false},
		"property added": {"name: {type: string}", "name: {type: string}\n        more: {type: string}", nil, false},
		"value added":    {"[on, off]", "[on, off, broken]", nil, false},
		"property removed": {"        name: {type: string}\n", "", []string{"spec: response-optional-property-removed: GET /things: removed the optional property `name` ",
			"spec: response-optional-property-removed: GET /things: removed the optional property `owner/name` "}, false},
		"property of a type":  {"name: {type: string}", "name: {type: integer}", []string{"spec: response-property-type-changed: GET /things: "}, false},
		"parameter required":  {"in: query,", "in: query, required: true,", []string{"spec: request-parameter-became-required: GET /things: "}, false},
		"operation removed":   {"    delete:\n      operationId: removeThings\n      responses: {'204': {description: Done.}}\n", "", []string{"spec: api-removed-without-deprecation: DELETE /things: "}, false},
		"minor version":       {"4.16.1", "4.17.0", nil, false},
		"major version":       {"4.16.1", "5.0.0", nil, true},
		"lower major version": {"4.16.1", "3.0.0", nil, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			before, after := filepath.Join(dir, "before.yaml"), filepath.Join(dir, "after.yaml")
			if !strings.Contains(spec, test.old) {
				t.Fatalf("%q is not in the description", test.old)
			}
			for file, text := range map[string]string{before: spec, after: strings.Replace(spec, test.old, test.changed, 1)} {
				if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			result, err := specdiff.Compare(before, after)
			if err != nil {
				t.Fatal(err)
			}
			if result.MajorRaised != test.major || !slices.EqualFunc(result.Breaking, test.want, strings.HasPrefix) {
				t.Errorf("got %q and %v, want %q and %v", result.Breaking, result.MajorRaised, test.want, test.major)
			}
		})
	}
}

func TestAMissingDescriptionIsAnError(t *testing.T) {
	t.Parallel()
	if _, err := specdiff.Compare(filepath.Join(t.TempDir(), "none.yaml"), "other.yaml"); err == nil {
		t.Error("no error")
	}
}

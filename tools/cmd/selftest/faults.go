package main

import (
	"fmt"
	"strings"
)

// fault is what a check has to find.
type fault struct {
	target string
	name   string
	file   string
	plant  func(string) (string, error)
	want   []string // parts of the message
}

var faults = []fault{
	{
		"verify-spec", "an example that its schema does not allow", "api/openapi.yaml",
		replace("                - status: active\n", "                - status: 7\n"),
		[]string{"correct api/openapi.yaml", "make generate"},
	},
	{
		"verify-codes", "a value that has no constant", "api/openapi.yaml",
		replace("      enum:\n        - active\n        - blocked\n", "      enum:\n        - active\n        - dormant\n        - blocked\n"),
		[]string{"no constant for dormant", "alias in enums.go"},
	},
	{
		"verify-api", "a property of a result removed", "api/openapi.yaml",
		remove("            requireOldPasswordForChange:\n"),
		[]string{"- spec: response-optional-property-removed: GET /{user}/passwords/{type}: ", "api/breaking.md", "info.version"},
	},
	{
		"verify-api", "an operation removed", "api/openapi.yaml",
		remove("  /{user}/passwords/{type}/unblock:\n"),
		[]string{"- spec: api-", "/unblock", "api/breaking.md", "info.version"},
	},
	{
		"verify-api", "an accepted change that did not happen", "api/breaking.md",
		add("- spec: api-removed-without-deprecation: GET /nothing: api removed without deprecation\n"),
		[]string{"remove these lines from api/breaking.md"},
	},
	{
		"verify-generated", "generated code that was edited", "gen/client.gen.go",
		add("\n// edited\n"),
		[]string{"gen was not up to date", "make generate"},
	},
	{
		"verify-generated", "a description that was not generated from", "api/openapi.yaml",
		replace("The status of a user as a whole", "The status of somebody as a whole"),
		[]string{"gen was not up to date", "make generate"},
	},
	{
		"verify-go-api", "a function of the root package removed", "errors.go",
		replace("\nfunc IsCode(", "\nfunc isCode("),
		[]string{"- go: passwords: IsCode: removed", "api/breaking.md", "module path"},
	},
	{
		"verify-go-api", "a function of cyclostest removed", "cyclostest/options.go",
		replace("\nfunc Version(", "\nfunc version("),
		[]string{"- go: cyclostest: Version: removed", "api/breaking.md", "module path"},
	},
	{
		"verify-go-api", "a function of gen removed", "gen/client.gen.go",
		replace("\nfunc WithBaseURL(", "\nfunc withBaseURL("),
		[]string{"- go: gen: WithBaseURL: removed", "api/breaking.md", "module path"},
	},
	{
		"verify-go-api", "one more parameter", "errors.go",
		replace("\nfunc IsCode(err error, ", "\nfunc IsCode(err error, _ string, "),
		[]string{"- go: passwords: IsCode: changed from ", "api/breaking.md", "module path"},
	},
	{
		"verify-vet", "a format that does not fit", "planted.go",
		add("package passwords\n\nimport \"log\"\n\nfunc planted() { log.Printf(\"%d\", \"\") }\n"),
		[]string{"planted.go", "correct what go vet names"},
	},
	{
		"verify-vet", "the same behind a build tag", "internal/proxytest/planted_test.go",
		add("//go:build servers\n\npackage proxytest\n\nimport \"log\"\n\nfunc planted() { log.Printf(\"%d\", \"\") }\n"),
		[]string{"planted_test.go", "correct what go vet names"},
	},
	{
		"verify-staticcheck", "a function that nothing uses", "planted.go",
		add("package passwords\n\nfunc planted() {}\n"),
		[]string{"func planted is unused", "correct what staticcheck names", "staticcheck.conf"},
	},
	{
		"verify-staticcheck", "a comparison with itself in another module", "tools/cmd/compat/planted.go",
		add("package main\n\nfunc init() {\n\tx := len(\"\")\n\tif x == x {\n\t\tprintln()\n\t}\n}\n"),
		[]string{"planted.go", "correct what staticcheck names above, in tools"},
	},
	{
		"verify-format", "a line that gofmt would change", "planted.go",
		add("package passwords\n\nvar  planted = 1\n"),
		[]string{"planted.go", "run gofmt -w"},
	},
	{
		"verify-tidy", "a requirement marked as direct that is not", "go.mod",
		replace("github.com/google/uuid v1.6.0 // indirect", "github.com/google/uuid v1.6.0"),
		[]string{"tidy/go.mod", "run 'go mod tidy' in . and commit"},
	},
	{
		"verify-tidy", "a checksum that differs", "go.sum",
		replace("\ngithub.com/oapi-codegen/runtime v1.8.0 h1:", "\ngithub.com/oapi-codegen/runtime v1.8.0 h1:A"),
		[]string{"checksum mismatch", "restore go.sum"},
	},
}

func replace(old, instead string) func(string) (string, error) {
	return func(text string) (string, error) {
		if !strings.Contains(text, old) {
			return "", fmt.Errorf("the place for the fault is gone: choose another one than %q", old)
		}
		return strings.Replace(text, old, instead, 1), nil
	}
}

func add(end string) func(string) (string, error) {
	return func(text string) (string, error) { return text + end, nil }
}

// remove takes away a line, and the lines below it that are indented further.
func remove(first string) func(string) (string, error) {
	return func(text string) (string, error) {
		before, after, ok := strings.Cut(text, "\n"+first)
		if !ok {
			return "", fmt.Errorf("the place for the fault is gone: choose another one than %q", first)
		}
		indent := len(first) - len(strings.TrimLeft(first, " "))
		for line := range strings.Lines(after) {
			if strings.TrimSpace(line) != "" && len(line)-len(strings.TrimLeft(line, " ")) <= indent {
				break
			}
			after = after[len(line):]
		}
		return before + "\n" + after, nil
	}
}

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const spec = `openapi: 3.0.3
info: {title: things, version: 1.0.0}
paths:
  /things:
    get: {responses: {'204': {description: Done.}}}
    delete: {responses: {'204': {description: Done.}}}
`

// TestABreakingChangeNeedsALineOrAMajorVersion takes the way that the messages tell.
func TestABreakingChangeNeedsALineOrAMajorVersion(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	succeed := func(command string) {
		t.Helper()
		if err := run(root, command); err != nil {
			t.Errorf("%s: %v", command, err)
		}
	}
	// fail returns the lines that the error wants in api/breaking.md.
	fail := func(command string) string {
		t.Helper()
		err := run(root, command)
		if err == nil {
			t.Fatalf("%s: no error", command)
		}
		var lines []string
		for line := range strings.Lines(err.Error()) {
			if strings.HasPrefix(line, "- "+command+": ") {
				lines = append(lines, line)
			}
		}
		if len(lines) == 0 || !strings.Contains(err.Error(), "api/breaking.md") {
			t.Errorf("%s: the error does not say what to do: %v", command, err)
		}
		return strings.Join(lines, "")
	}

	write("go.mod", "module example.org/root\n\ngo 1.26\n")
	write("root.go", "package root\n\nfunc Gone() {}\n")
	write("cyclostest/test.go", "package cyclostest\n")
	write("gen/gen.go", "package gen\n")
	write("api/openapi.yaml", spec)
	succeed("renew")
	succeed("spec")
	succeed("go")

	write("root.go", "package root\n")
	write("api/openapi.yaml", spec[:strings.Index(spec, "    delete:")])
	lines := fail("spec") + fail("go")
	write("api/breaking.md", "# Accepted\n\n"+lines)
	succeed("spec")
	succeed("go")

	succeed("renew")
	fail("spec") // as the lines name changes that are not there any more
	fail("go")
	write("api/breaking.md", "# Accepted\n")
	succeed("spec")
	succeed("go")

	write("go.mod", "module example.org/root/v2\n\ngo 1.26\n")
	write("api/openapi.yaml", "openapi: 3.0.3\ninfo: {title: things, version: 2.0.0}\npaths: {}\n")
	succeed("spec")
	succeed("go")

	if err := run(root, "other"); err == nil || !strings.Contains(err.Error(), "usage") {
		t.Errorf("an unknown command: got %v", err)
	}
}

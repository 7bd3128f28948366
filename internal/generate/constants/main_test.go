package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestConstantsAreUpToDate(t *testing.T) {
	t.Parallel()
	want, err := generate("../../../api/openapi.yaml", "../../../gen/client.gen.go", "../../../models.go")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile("../../../constants.gen.go"); err != nil || !bytes.Equal(got, want) {
		t.Errorf("constants.gen.go is out of date, run make generate: %v", err)
	}
}

func TestGenerateNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	const spec = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    Color:\n      type: string\n      description: |-\n        A color.\n\n        - `red`: like\n          blood\n      enum: [red, blue]\n"
	const types, alias = "package gen\n\ntype Color string\n", "package passwords\n\nimport \"gen\"\n\ntype Shade = gen.Color\n"
	for name, tc := range map[string]struct{ spec, generated, aliases, want string }{
		"complete":               {spec, types + "const ColorRed Color = \"red\"\n", alias, ""},
		"explanation":            {spec, types + "const ColorRed Color = \"red\"\nconst ColorBlue Color = \"blue\"\n", alias, "does not explain blue"},
		"type in front of names": {spec, types + "const Red Color = \"red\"\n", alias, "Red is not named after its type"},
		"API description":        {"x", types, alias, "openapi"},
		"Go":                     {spec, "packing", alias, "expected"},
		"Go of the aliases":      {spec, types, "packing", "expected"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write := func(file, text string) string {
				path := filepath.Join(dir, file)
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				return path
			}
			out, err := generate(write("spec.yaml", tc.spec), write("gen.go", tc.generated), write("aliases.go", tc.aliases))
			if tc.want == "" {
				if err != nil || !strings.Contains(string(out), "ShadeRed = gen.ColorRed // like blood\n") {
					t.Errorf("got %s and %v", out, err)
				}
			} else if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
}

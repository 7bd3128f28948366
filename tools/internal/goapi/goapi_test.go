package goapi_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/tools/internal/goapi"
)

// module has in its API whatever the baseline has to carry.
var module = map[string]string{
	"go.mod": "module example.org/root\n\ngo 1.26\n",
	"root.go": `// Package root is compared.
package root

import (
	"io"
	"time"

	"example.org/root/internal/hidden"
	"example.org/root/sub"
)

const (
	Word            = "word"
	Number  Kind    = 1
	Ratio   float64 = 0.1
	Timeout         = 3 * time.Second
)

// Kind has methods.
type Kind int

// Name is a method.
func (k Kind) Name() string { return k.private() }
func (Kind) private() string { return "" }

// Alias shows a type of another package.
type Alias = sub.Model

// Hidden shows an internal type.
type Hidden = hidden.Model

// Sealed is implemented here only.
type Sealed interface{ sealed(io.Reader) }

// One is sealed and can be compared.
type One struct{ n int }

func (One) sealed(io.Reader) {}

// Holder cannot be compared, and has a promoted field.
type Holder struct {
	base
	Public map[string][]*sub.Model ` + "`json:\"public\"`" + `
	cache  []byte
	inner  *internalOnly
}

type base struct{ Promoted string }

type internalOnly struct{ n int }

// List is generic.
type List[T any, K ~string | ~int] struct{ Items map[K2]T }

type K2 string

// Add is a method of a generic type.
func (l *List[T, K]) Add(T, K) {}

// ErrSome is a variable.
var ErrSome error

// Do uses what is not exported.
func Do(opts ...func(*settings)) (func(), <-chan [2]int) { return nil, nil }

// Map is a generic function.
func Map[A, B any](a []A, f func(A) B) []B { return nil }

type settings struct{ n int }
`,
	"internal/hidden/hidden.go": "// Package hidden is shown by root.\npackage hidden\n\n// Model is shown.\ntype Model struct{ Name string }\n",
	"sub/sub.go":                "// Package sub is compared.\npackage sub\n\n// Model is shown.\ntype Model struct{ Name string }\n",
}

func create(t *testing.T, files map[string]string) goapi.Tree {
	t.Helper()
	tree := goapi.Tree{Dir: t.TempDir(), Packages: []string{".", "./sub"}}
	tree.Baseline = filepath.Join(tree.Dir, "baseline")
	if err := os.Mkdir(tree.Baseline, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		name = filepath.Join(tree.Dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return tree
}

// TestCompare changes one place of the module and compares it with itself before.
func TestCompare(t *testing.T) {
	t.Parallel()
	const root, sub = "root.go", "sub/sub.go"
	tests := map[string]struct {
		file, old, changed string
		want               []string
	}{
		"nothing":                     {},
		"comment":                     {root, "// Kind has", "// Kind still has", nil},
		"constant added":              {root, `Word            = "word"`, "Word = \"word\"\n\tOther = 2", nil},
		"constant of another value":   {root, `"word"`, `"other"`, []string{`go: root: Word: value changed from "word" to "other"`}},
		"constant of another type":    {root, "Ratio   float64", "Ratio   float32", []string{"go: root: Ratio: changed from float64 to float32"}},
		"method removed":              {root, "(k Kind) Name()", "(k Kind) name()", []string{"go: root: Kind.Name: removed"}},
		"unexported method renamed":   {root, "k.private() }\nfunc (Kind) private()", "k.other() }\nfunc (Kind) other()", nil},
		"alias of another type":       {root, "= sub.Model", "= sub.Other", []string{"go: root: Alias: changed from example.org/root/sub.Model to example.org/root/sub.Other"}},
		"field of package removed":    {sub, "struct{ Name string }", "struct{}", []string{"go: sub: Model.Name: removed"}},
		"field renamed in hidden":     {"internal/hidden/hidden.go", "Name string", "Other string", []string{"go: internal-hidden: Model.Name: removed"}},
		"no longer comparable":        {root, "struct{ n int }\n\nfunc (One)", "struct{ n []int }\n\nfunc (One)", []string{"go: root: One: old is comparable, new is not"}},
		"unexported field added":      {root, "cache  []byte", "cache  []byte\n\tmore int", nil},
		"promoted field removed":      {root, "Promoted string", "demoted string", []string{"go: root: Holder.Promoted: removed"}},
		"no longer sealed":            {root, "func (One) sealed(io.Reader) {}", "", []string{"go: root: One: no longer implements Sealed"}},
		"sealed in another way":       {root, "sealed(io.Reader", "sealed(io.Writer", nil},
		"parameter renamed":           {root, "(opts ...", "(options ...", nil},
		"parameter of another type":   {root, "[2]int", "[3]int", []string{"go: root: Do: changed from func(...func(*settings)) (func(), <-chan [2]int) to func(...func(*settings)) (func(), <-chan [3]int)"}},
		"generic function removed":    {root, "func Map[", "func other[", []string{"go: root: Map: removed"}},
		"method of generic removed":   {root, ") Add(T, K)", ") add(T, K)", []string{"go: root: (*List[T, K]).Add: removed"}},
		"variable removed":            {root, "var ErrSome error", "", []string{"go: root: ErrSome: removed"}},
		"unexported struct of option": {root, "type settings struct{ n int }", "type settings struct{ m int }", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := maps.Clone(module)
			files[sub] += "\n// Other is not shown by root.\ntype Other struct{ Title string }\n"
			tree := create(t, files)
			if err := tree.Renew(); err != nil {
				t.Fatal(err)
			}
			if test.file != "" {
				if !strings.Contains(files[test.file], test.old) {
					t.Fatalf("%q is not in %s", test.old, test.file)
				}
				text := strings.ReplaceAll(files[test.file], test.old, test.changed)
				if err := os.WriteFile(filepath.Join(tree.Dir, test.file), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			result, err := tree.Compare()
			if err != nil || result.MajorRaised || !slices.Equal(result.Breaking, test.want) {
				t.Errorf("got %q, %v and %v, want %q", result.Breaking, result.MajorRaised, err, test.want)
			}
		})
	}
}

func TestAHigherMajorVersionAllowsEverything(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"go.mod":     "module example.org/root\n\ngo 1.26\n",
		"root.go":    "// Package root is compared.\npackage root\n\n// Gone is removed.\nfunc Gone() {}\n",
		"sub/sub.go": module["sub/sub.go"],
	}
	tree := create(t, files)
	path := func(module string) {
		if err := os.WriteFile(filepath.Join(tree.Dir, "go.mod"), []byte("module "+module+"\n\ngo 1.26\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct{ before, after string }{
		{"example.org/root", "example.org/root/v2"},
		{"example.org/root/v2", "example.org/root/v3"},
	} {
		path(step.before)
		if err := tree.Renew(); err != nil {
			t.Fatal(err)
		}
		path(step.after)
		result, err := tree.Compare()
		if err != nil || !result.MajorRaised {
			t.Errorf("from %s to %s: got %v and %v", step.before, step.after, result, err)
		}
		path(step.before)
		if result, err = tree.Compare(); err != nil || result.MajorRaised || len(result.Breaking) > 0 {
			t.Errorf("from %s to itself: got %v and %v", step.before, result, err)
		}
	}
}

func TestWithoutABaselineTheErrorSaysWhatToDo(t *testing.T) {
	t.Parallel()
	if _, err := create(t, module).Compare(); err == nil || !strings.Contains(err.Error(), "make baseline") {
		t.Errorf("got %v", err)
	}
}

func TestARemovedPackageIsAChange(t *testing.T) {
	t.Parallel()
	tree := create(t, map[string]string{
		"go.mod": module["go.mod"], "root.go": "// Package root is compared.\npackage root\n", "sub/sub.go": module["sub/sub.go"],
	})
	if err := tree.Renew(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(tree.Dir, "sub")); err != nil {
		t.Fatal(err)
	}
	result, err := tree.Compare()
	if want := []string{"go: sub: package removed"}; err != nil || !slices.Equal(result.Breaking, want) {
		t.Errorf("got %q and %v, want %q", result.Breaking, err, want)
	}
}

func TestCodeThatDoesNotCompileIsAnError(t *testing.T) {
	t.Parallel()
	tree := create(t, module)
	if err := tree.Renew(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(tree.Dir, "sub", "sub.go"), []byte("package sub\n\nvar A int = \"\"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := tree.Compare(); err == nil || !strings.Contains(err.Error(), "does not compile") {
		t.Errorf("got %v", err)
	}
}

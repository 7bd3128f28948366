package consistency

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"testing"
)

// repository is the root of the repository, relative to the directory in which the
// go command runs the tests of this package.
const repository = "../.."

// files are the files of the repository.
func files() fs.FS { return os.DirFS(repository) }

// read returns the content of a file of the repository.
func read(t *testing.T, name string) string {
	t.Helper()
	text, err := fs.ReadFile(files(), name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// parseDir parses the Go files of a directory, except tests.
func parseDir(t *testing.T, tree fs.FS, dir string) []*ast.File {
	t.Helper()
	return parse(t, tree, dir, func(name string) bool { return !strings.HasSuffix(name, "_test.go") })
}

// parse parses the Go files of a directory for which the function returns true.
func parse(t *testing.T, tree fs.FS, dir string, wanted func(name string) bool) []*ast.File {
	t.Helper()
	names, err := fs.Glob(tree, path.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var parsed []*ast.File
	for _, name := range names {
		if !wanted(name) {
			continue
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, file)
	}
	if len(parsed) == 0 {
		t.Fatalf("no Go files in %s", dir)
	}
	return parsed
}

// declarations returns the types, constants and variables that a directory
// declares outside of tests.
func declarations(t *testing.T, dir string) []ast.Spec {
	t.Helper()
	var specs []ast.Spec
	for _, file := range parseDir(t, files(), dir) {
		for _, d := range file.Decls {
			if d, ok := d.(*ast.GenDecl); ok {
				specs = append(specs, d.Specs...)
			}
		}
	}
	return specs
}

// literal returns the value of a string literal, "" for anything else.
func literal(e ast.Expr) string {
	if e, ok := e.(*ast.BasicLit); ok {
		value, _ := strconv.Unquote(e.Value)
		return value
	}
	return ""
}

package passwords_test

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/internal/testkit/spec"
)

// genPath is the package of the generated models.
const genPath = "github.com/cyclos-go/passwords/gen"

// TestEveryReachableModelIsOffered compares the models and enumerations that the
// operations and their errors reach with the aliases of package passwords.
func TestEveryReachableModelIsOffered(t *testing.T) {
	t.Parallel()
	reachable := reachableModels()
	if len(reachable) < 30 {
		t.Fatalf("only %d types are reachable: the walk is broken", len(reachable))
	}
	aliases := map[string]string{}
	for _, d := range declarations(t, "gen") {
		if spec, ok := d.(*ast.TypeSpec); ok && spec.Assign.IsValid() {
			if target, ok := spec.Type.(*ast.Ident); ok {
				aliases[spec.Name.Name] = target.Name
			}
		}
	}
	offered := map[string]bool{}
	for _, d := range declarations(t, ".") {
		if spec, ok := d.(*ast.TypeSpec); ok && spec.Assign.IsValid() && spec.Name.IsExported() {
			if gen, ok := spec.Type.(*ast.SelectorExpr); ok {
				offered[cmp.Or(aliases[gen.Sel.Name], gen.Sel.Name)] = true
			}
		}
	}
	for name := range reachable {
		if !offered[name] {
			t.Errorf("gen.%s is reachable from the operations and has no name in package passwords", name)
		}
		delete(offered, name)
	}
	for name := range offered {
		t.Errorf("gen.%s has a name in package passwords and is not reachable from the operations", name)
	}
}

// TestEveryEnumValueHasAConstant compares the constants of package passwords
// with the enumerations of the API description.
func TestEveryEnumValueHasAConstant(t *testing.T) {
	t.Parallel()
	doc, err := spec.Load()
	if err != nil {
		t.Fatal(err)
	}
	generated := map[string]string{} // value of each constant of gen
	kinds := map[string]string{}     // its type
	for _, d := range declarations(t, "gen") {
		if spec, ok := d.(*ast.ValueSpec); ok && spec.Type != nil {
			generated[spec.Names[0].Name] = literal(spec.Values[0])
			kinds[spec.Names[0].Name] = strings.ToLower(spec.Type.(*ast.Ident).Name)
		}
	}
	constants := map[string][]string{} // values by type of gen; "" holds the untyped codes
	for _, d := range declarations(t, ".") {
		spec, ok := d.(*ast.ValueSpec)
		if !ok || !spec.Names[0].IsExported() || len(spec.Values) == 0 {
			continue
		}
		if gen, ok := spec.Values[0].(*ast.SelectorExpr); ok {
			kind := kinds[gen.Sel.Name]
			constants[kind] = append(constants[kind], generated[gen.Sel.Name])
		} else if strings.HasPrefix(spec.Names[0].Name, "Code") {
			constants[""] = append(constants[""], literal(spec.Values[0]))
		}
	}
	enums := 0
	for name, schema := range doc.Components.Schemas {
		if len(schema.Value.Enum) == 0 {
			continue
		}
		enums++
		kind := strings.ToLower(name)
		if strings.HasSuffix(name, "ErrorCode") {
			kind = ""
		}
		for _, value := range schema.Value.Enum {
			if !slices.Contains(constants[kind], value.(string)) {
				t.Errorf("%s: no constant for %v", name, value)
			}
		}
	}
	if enums != 18 {
		t.Errorf("%d enumerations in the API description, want 18", enums)
	}
}

// declarations returns the types, constants and variables declared in a
// directory outside of tests.
func declarations(t *testing.T, dir string) []ast.Spec {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var specs []ast.Spec
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
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

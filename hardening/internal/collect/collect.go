// Package collect finds the secrets which tests and examples use, in their
// sources.
package collect

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
)

// Secret is a secret of a source file.
type Secret struct{ Value, Position string }

// taking are the functions that take a secret, and which of their arguments
// it is.
var taking = map[string]int{
	"NewSecret": 0, "WithBasicAuth": 1, "BasicAuth": 1, "SetBasicAuth": 1, "WithSessionToken": 0, "SessionToken": 0,
	"WithAccessClientToken": 0, "AccessClientToken": 0,
}

var (
	secretName = regexp.MustCompile(`^test[A-Z]|(?i:secret|(password|pin|session|token)$)|PIN`)
	// otherName are constants which say in front that they name something else.
	otherName = regexp.MustCompile(`^(Type|Code|[hH]eader|scheme)`)
	// words is text for people and the names of properties.
	words = regexp.MustCompile(`^[\pL ]*$`)
)

// shortest is how long a secret is at least that is looked for: less is found
// by chance, in times and ports.
const shortest = 5

// Searchable says whether a value can be told from the rest of an output: it is
// neither short nor only words.
func Searchable(value string) bool { return len(value) >= shortest && !words.MatchString(value) }

// Secrets returns the searchable secrets of all Go files below root but those
// of the directories in without.
func Secrets(root string, without ...string) ([]Secret, error) {
	c := &collector{files: token.NewFileSet(), constants: map[string]string{}, seen: map[string]bool{}}
	var parsed []*ast.File
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		for _, dir := range without {
			if entry.IsDir() && path == filepath.Join(root, dir) {
				return fs.SkipDir
			}
		}
		if entry.IsDir() || filepath.Ext(path) != ".go" {
			return nil
		}
		file, err := parser.ParseFile(c.files, path, nil, parser.SkipObjectResolution)
		parsed = append(parsed, file)
		return err
	})
	if err != nil {
		return nil, err
	}
	// Constants first, as others name them in front of their declaration. Those
	// of one name in several packages are all taken.
	for _, file := range parsed {
		ast.Inspect(file, c.declared)
	}
	for _, file := range parsed {
		ast.Inspect(file, c.used)
	}
	return c.found, nil
}

type collector struct {
	files     *token.FileSet
	constants map[string]string
	seen      map[string]bool
	found     []Secret
}

// declared collects the constants, and the secrets among them.
func (c *collector) declared(n ast.Node) bool {
	spec, ok := n.(*ast.ValueSpec)
	if !ok {
		return true
	}
	for i, name := range spec.Names {
		if i >= len(spec.Values) {
			break
		}
		value, ok := c.value(spec.Values[i])
		if !ok {
			continue
		}
		c.constants[name.Name] = value
		if secretName.MatchString(name.Name) && !otherName.MatchString(name.Name) {
			c.add(value, spec)
		}
	}
	return true
}

// used collects the arguments of functions that take a secret, and the fields
// that hold one.
func (c *collector) used(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		if i, ok := taking[nameOf(n.Fun)]; ok && i < len(n.Args) {
			c.addAll(n.Args[i])
		}
	case *ast.KeyValueExpr:
		// The world of the embedded server is made of such fields.
		if name := nameOf(n.Key); name == "Value" || name == "Token" {
			c.addAll(n.Value)
		}
	}
	return true
}

// addAll adds the value of an expression and the parts it is put together from:
// of a computed secret, its constant part is looked for.
// The arguments of a call within it are none.
func (c *collector) addAll(expression ast.Expr) {
	ast.Inspect(expression, func(n ast.Node) bool {
		if _, call := n.(*ast.CallExpr); call {
			return false
		}
		if e, ok := n.(ast.Expr); ok {
			if value, ok := c.value(e); ok {
				c.add(value, e)
			}
		}
		return true
	})
}

func (c *collector) add(value string, at ast.Node) {
	if Searchable(value) && !c.seen[value] {
		c.seen[value] = true
		c.found = append(c.found, Secret{value, c.files.Position(at.Pos()).String()})
	}
}

// value evaluates literals, constants by name and sums of these.
func (c *collector) value(expression ast.Expr) (string, bool) {
	switch e := expression.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			return constant.StringVal(constant.MakeFromLiteral(e.Value, e.Kind, 0)), true
		}
	case *ast.Ident, *ast.SelectorExpr:
		value, ok := c.constants[nameOf(e)]
		return value, ok
	case *ast.BinaryExpr:
		x, okX := c.value(e.X)
		y, okY := c.value(e.Y)
		return x + y, okX && okY && e.Op == token.ADD
	case *ast.ParenExpr:
		return c.value(e.X)
	}
	return "", false
}

func nameOf(expression ast.Expr) string {
	switch e := expression.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

package secrets

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// root is the directory of the root module.
const root = "../.."

// shows reports whether an output contains a value in any form. A value of digits
// counts only as a whole number, because ids and times contain digits too.
func shows(value, output string) bool {
	if strings.Trim(value, "0123456789") == "" {
		return regexp.MustCompile(`(^|[^0-9.])` + value + `($|[^0-9])`).MatchString(output)
	}
	var s search
	s.add(value)
	return len(s.find(output)) > 0
}

func suiteSecrets(t *testing.T) []sourceSecret {
	t.Helper()
	secrets, err := collectSecrets(root, "gen", "integration/secrets", "integration/responses", ".git")
	if err != nil {
		t.Fatal(err)
	}
	return secrets
}

// shown returns the source positions of the secrets in an output, but never their
// values.
func shown(output string, secrets []sourceSecret) []string {
	var positions []string
	for _, s := range secrets {
		if shows(s.value, output) {
			positions = append(positions, s.position)
		}
	}
	return positions
}

// modules returns the directories of the modules whose output is searched. Those of
// integration are excluded, because this package prints secrets on purpose, and
// tools, which has no Go files.
func modules(t *testing.T) []string {
	t.Helper()
	var dirs []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && slices.Contains([]string{"integration", "tools", ".git"}, strings.TrimPrefix(path, root+"/")) {
			return fs.SkipDir
		}
		if err == nil && entry.Name() == "go.mod" {
			dirs = append(dirs, filepath.Dir(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return dirs
}

// TestOutputOfTheSuiteShowsNoSecret searches the output of all tests and of the
// example for every secret in their sources.
func TestOutputOfTheSuiteShowsNoSecret(t *testing.T) {
	t.Parallel()
	secrets := suiteSecrets(t)
	dirs := modules(t)
	if !slices.Contains(dirs, root) {
		t.Fatalf("the module is not among %v", dirs)
	}
	search := func(dir string, args ...string) {
		t.Run(filepath.ToSlash(dir)+" go "+strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), "go", args...)
			cmd.Dir = dir
			output, err := cmd.CombinedOutput()
			if err != nil {
				t.Errorf("%v: the output is incomplete", err)
			}
			if len(output) == 0 {
				t.Error("there is no output")
			}
			for _, position := range shown(string(output), secrets) {
				t.Errorf("the secret at %s is shown", position)
			}
		})
	}
	for _, dir := range dirs {
		search(dir, "test", "-v", "-count=1", "./...")
	}
	search(root, "run", "./examples/lifecycle")
}

// TestSearchOfTheOutputFinds proves that the search finds each secret.
func TestSearchOfTheOutputFinds(t *testing.T) {
	t.Parallel()
	secrets := suiteSecrets(t)
	for _, s := range secrets {
		for name, line := range map[string]string{
			"alone":     "    x_test.go:1: got " + s.value + " want another\n",
			"in a name": "=== RUN   TestX/of_" + s.value + "_case\n",
		} {
			if !slices.Contains(shown("ok\n"+line+"PASS\n", secrets), s.position) {
				t.Errorf("%s: the secret at %s is not found", name, s.position)
			}
		}
	}
	if found := shown("=== RUN   TestX/wrong\n    x_test.go:246: 0.000002s 12468130\n--- PASS\n", secrets); len(found) > 0 {
		t.Errorf("found in an ordinary output: %v", found)
	}
}

// TestSecretsAreCollected makes sure that there are secrets to search for.
func TestSecretsAreCollected(t *testing.T) {
	t.Parallel()
	values := map[string]bool{}
	for _, s := range suiteSecrets(t) {
		values[s.value] = true
	}
	for value, why := range map[string]string{
		"fake-admin-0":        "a constant of the embedded server",
		"fake-session-ana":    "a session of the embedded server",
		"fake-client-ben":     "a token of the embedded server",
		"fake-otp":            "a password of the embedded server without a constant",
		"000002":              "a PIN",
		"wire-once-4b86":      "a constant of the tests whose name does not say that it is a secret",
		"secret-value-8c1d":   "a constant of one test",
		"no-such-session":     "a literal of a test",
		"a-new-example-1":     "a literal of the example",
		"wire-token-0f3a\x00": "a sum of a constant and a literal",
	} {
		if !values[value] {
			t.Errorf("not collected: %s", why)
		}
	}
	for _, value := range []string{"wrong", "short", "a", "", "newPassword", "Session-Token", "cardPin"} {
		if values[value] {
			t.Errorf("%q is taken for a secret", value)
		}
	}
}

// sourceSecret is a secret in a source file.
type sourceSecret struct{ value, position string }

// taking maps each function that takes a secret to the index of that argument.
var taking = map[string]int{"NewSecret": 0, "SetBasicAuth": 1}

var (
	secretName = regexp.MustCompile(`^test[A-Z]|(?i:secret|(password|pin|session|token)$)|PIN`)
	// otherName matches constants whose prefix says that they are not secrets.
	otherName = regexp.MustCompile(`^(Type|Code|[hH]eader|scheme)`)
	// words matches prose and the names of properties.
	words = regexp.MustCompile(`^[\pL ]*$`)
)

// shortest is the minimum length of a secret. Shorter values occur by chance, for
// example in times and ports.
const shortest = 5

// collectSecrets returns the secrets of all Go files below root that are long and
// unusual enough to be searched, except for the directories in without.
func collectSecrets(root string, without ...string) ([]sourceSecret, error) {
	c := &collector{files: token.NewFileSet(), constants: map[string]string{}, seen: map[string]bool{}}
	var parsed []*ast.File
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.ContainsFunc(without, func(dir string) bool { return path == filepath.Join(root, dir) }) {
			return fs.SkipDir
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
	// Constants first, because they may be used before they are declared.
	for _, file := range parsed {
		for n := range ast.Preorder(file) {
			if spec, ok := n.(*ast.ValueSpec); ok {
				c.declared(spec)
			}
		}
	}
	for _, file := range parsed {
		for n := range ast.Preorder(file) {
			c.used(n)
		}
	}
	return c.found, nil
}

type collector struct {
	files     *token.FileSet
	constants map[string]string
	seen      map[string]bool
	found     []sourceSecret
}

// declared collects constants, including those that are secrets.
func (c *collector) declared(spec *ast.ValueSpec) {
	for i, expression := range spec.Values {
		name := spec.Names[i].Name
		value, ok := c.value(expression)
		if !ok {
			continue
		}
		c.constants[name] = value
		if secretName.MatchString(name) && !otherName.MatchString(name) {
			c.add(value, spec)
		}
	}
}

// used collects arguments and fields that are secrets.
func (c *collector) used(n ast.Node) {
	switch n := n.(type) {
	case *ast.CallExpr:
		if i, ok := taking[nameOf(n.Fun)]; ok && i < len(n.Args) {
			c.addAll(n.Args[i])
		}
	case *ast.KeyValueExpr:
		// The data of the embedded server has these fields.
		if name := nameOf(n.Key); name == "Value" || name == "Token" {
			c.addAll(n.Value)
		}
	}
}

// addAll adds the value of an expression and of its parts: the constant part of a
// computed secret is a secret too. Arguments of calls are not parts.
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
	if len(value) >= shortest && !words.MatchString(value) && !c.seen[value] {
		c.seen[value] = true
		c.found = append(c.found, sourceSecret{value, c.files.Position(at.Pos()).String()})
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

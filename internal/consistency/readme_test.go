package consistency

import (
	"fmt"
	"go/ast"
	"go/scanner"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const (
	modulePath = "github.com/cyclos-go/passwords"
	// consumer is the directory of a module that uses this one from outside.
	consumer = "integration/consumer"
)

// TestConsumerUsesWhatTheREADMEShows checks that the names in the README exist and
// that the consumer uses them.
func TestConsumerUsesWhatTheREADMEShows(t *testing.T) {
	t.Parallel()
	declared := names{}
	for _, dir := range []string{".", "cyclostest", "gen"} {
		declared.addDeclared(t, files(), dir)
	}
	used := names{}
	used.addUsed(t, files(), consumer)
	shown := readmeNames(read(t, "README.md"))
	for _, problem := range consumerProblems(shown, declared, used) {
		t.Error(problem)
	}
	if len(shown) < 80 || len(used) < len(shown)/2 {
		t.Errorf("only %d names in the README and %d in the consumer were seen", len(shown), len(used))
	}
}

// TestConsumerCompilesTheErrorExample of the README, which its tests run.
func TestConsumerCompilesTheErrorExample(t *testing.T) {
	t.Parallel()
	_, section, _ := strings.Cut(read(t, "README.md"), "## Errors\n")
	_, source, _ := strings.Cut(read(t, consumer+"/changelogin.go"), "old, chosen string) {\n")
	body := strings.TrimSuffix(strings.ReplaceAll("\n"+source, "\n\t", "\n"), "}\n")
	if shown := fenced.FindStringSubmatch(section); len(shown) < 3 || shown[2] != body[1:] {
		t.Errorf("the error example of the README is not the body of changeLogin in %s/changelogin.go", consumer)
	}
}

// names holds exported names: "passwords.New" for one of a package, ".With" for a
// method or field.
type names map[string]bool

// shownName is a name in the README.
type shownName struct {
	qualifier string // the text before the dot, if there is one
	name      string
	key       bool // of a composite literal, or a label
	call      bool // a parenthesis follows
}

// foreign are the qualifiers in the README of names that other modules declare.
var foreign = []string{"context", "errors", "fmt", "http", "log", "os", "otelpasswords", "t", "testing"}

var (
	fenced = regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```\n")
	inline = regexp.MustCompile("`([^`\n]+)`")
)

// readmeNames returns the exported names in the Go code of a README: in blocks
// marked as go, and in code spans. Other blocks are not Go.
func readmeNames(readme string) []shownName {
	var shown []shownName
	for _, block := range fenced.FindAllStringSubmatch(readme, -1) {
		if block[1] == "go" {
			shown = append(shown, codeNames(block[2])...)
		}
	}
	for _, span := range inline.FindAllStringSubmatch(fenced.ReplaceAllString(readme, ""), -1) {
		shown = append(shown, codeNames(span[1])...)
	}
	return shown
}

// codeNames returns the exported names in a piece of code. In comments only
// qualified names count: others may be prose.
func codeNames(code string) []shownName {
	type item struct {
		token token.Token
		text  string
	}
	var shown []shownName
	var items []item
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile("", -1, len(code)), []byte(code), func(token.Position, string) {}, scanner.ScanComments)
	for {
		_, tok, text := s.Scan()
		if tok == token.COMMENT {
			comment := codeNames(strings.TrimPrefix(text, "//"))
			shown = append(shown, slices.DeleteFunc(comment, func(n shownName) bool { return n.qualifier == "" })...)
			continue
		}
		items = append(items, item{tok, text})
		if tok == token.EOF {
			break
		}
	}
	for i, it := range items {
		if it.token != token.IDENT || !token.IsExported(it.text) || i > 0 && items[i-1].token == token.FUNC {
			continue
		}
		n := shownName{name: it.text, key: items[i+1].token == token.COLON, call: items[i+1].token == token.LPAREN}
		if i > 1 && items[i-1].token == token.PERIOD {
			n.qualifier = items[i-2].text
			if items[i-2].token == token.RPAREN {
				n.qualifier = "()"
			}
		}
		if !slices.Contains(foreign, n.qualifier) {
			shown = append(shown, n)
		}
	}
	return shown
}

// notGo matches names that are spelled like environment variables.
var notGo = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)

// resolve returns the declared names that a name in the README can mean.
func (all names) resolve(n shownName) []string {
	candidates := []string{"passwords." + n.name, "cyclostest." + n.name}
	switch {
	case n.qualifier == "passwords", n.qualifier == "cyclostest", n.qualifier == "gen":
		candidates = []string{n.qualifier + "." + n.name}
	case n.qualifier != "", n.key:
		candidates = []string{"." + n.name}
	case !n.call || !all[candidates[0]] && !all[candidates[1]]:
		// A method and a type may have one name.
		candidates = append(candidates, "."+n.name)
	}
	return slices.DeleteFunc(candidates, func(name string) bool { return !all[name] })
}

// consumerProblems describes the shown names that are not declared or not used.
func consumerProblems(shown []shownName, declared, used names) []string {
	problems := names{}
	for _, n := range shown {
		found := declared.resolve(n)
		if len(found) == 0 && (n.qualifier != "" || !notGo.MatchString(n.name)) {
			problems[fmt.Sprintf("the README shows %s, which does not exist", strings.TrimPrefix(n.qualifier+"."+n.name, "."))] = true
		}
		for _, name := range found {
			if !used[name] && !strings.HasPrefix(name, "gen.") {
				problems[fmt.Sprintf("the README shows %s, which %s does not use", name, consumer)] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(problems))
}

// addDeclared adds the exported names that a package declares outside of tests.
func (all names) addDeclared(t *testing.T, tree fs.FS, dir string) {
	t.Helper()
	for _, file := range parseDir(t, tree, dir) {
		add := func(prefix string, identifiers ...*ast.Ident) {
			for _, i := range identifiers {
				if i.IsExported() {
					all[prefix+"."+i.Name] = true
				}
			}
		}
		for _, d := range file.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Recv != nil {
				add("", d.Name)
			} else if ok {
				add(file.Name.Name, d.Name)
			}
			d, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.ValueSpec:
					add(file.Name.Name, spec.Names...)
				case *ast.TypeSpec:
					add(file.Name.Name, spec.Name)
					if object, ok := spec.Type.(*ast.StructType); ok {
						for _, field := range object.Fields.List {
							add("", field.Names...)
						}
					}
				}
			}
		}
	}
}

// addUsed adds the names that the files of a directory use: those of the packages
// of this module, however a file imports them, and those of methods and fields.
func (all names) addUsed(t *testing.T, tree fs.FS, dir string) {
	t.Helper()
	for _, file := range parse(t, tree, dir, func(string) bool { return true }) {
		imported := map[string]string{}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			as := path.Base(name)
			if spec.Name != nil {
				as = spec.Name.Name
			}
			imported[as] = name
		}
		ast.Inspect(file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.SelectorExpr:
				from, ok := node.X.(*ast.Ident)
				switch {
				case !ok || imported[from.Name] == "":
					all["."+node.Sel.Name] = true
				case imported[from.Name] == modulePath || strings.HasPrefix(imported[from.Name], modulePath+"/"):
					all[path.Base(imported[from.Name])+"."+node.Sel.Name] = true
				}
			case *ast.KeyValueExpr:
				if key, ok := node.Key.(*ast.Ident); ok {
					all["."+key.Name] = true
				}
			}
			return true
		})
	}
}

// TestConsumerProblemsAreFound compares a made-up README with made-up code.
func TestConsumerProblemsAreFound(t *testing.T) {
	t.Parallel()
	declared, used := names{}, names{}
	declared.addDeclared(t, fstest.MapFS{
		"a.go":      {Data: []byte("package passwords\ntype Client struct{ Field, hidden int }\ntype Twice int\nfunc (c Client) Twice() {}\nfunc New() {}\nvar ErrOne, ErrTwo error\nconst CodeOne = 1\n")},
		"a_test.go": {Data: []byte("package passwords\nfunc InATest() {}\n")},
	}, ".")
	used.addUsed(t, fstest.MapFS{"main.go": {Data: []byte(`package main
import (
	p "github.com/cyclos-go/passwords"
	"example.org/other/passwords"
)
func main() {
	p.New()
	passwords.CodeOne()
	c := p.Client{Field: 1}
	c.Twice()
	_ = p.ErrOne
}
`)}}, ".")
	for readme, want := range map[string][]string{
		"`New()`, `Client`, `Client.Twice`, `ErrOne`, `client.Field`": nil,
		"`ErrTwo` in text":          {"the README shows passwords.ErrTwo, which " + consumer + " does not use"},
		"`CodeOne` of another":      {"the README shows passwords.CodeOne, which " + consumer + " does not use"},
		"`Twice` is two things":     {"the README shows passwords.Twice, which " + consumer + " does not use"},
		"`Client.Twice()` is one":   nil,
		"`New(\"Other.Thing\")`":    nil,
		"`InATest`":                 {"the README shows InATest, which does not exist"},
		"`passwords.NEW`":           {"the README shows passwords.NEW, which does not exist"},
		"`MAX_SIZE` and New2":       nil,
		"`Client.New`":              {"the README shows Client.New, which does not exist"},
		"`http.New2`, `errors.Is`":  nil,
		"```go\nx := New2()\n```\n": {"the README shows New2, which does not exist"},
		"```go\nClient{Feeld: 1} // with y.Other, or Another\n```\n":      {"the README shows Feeld, which does not exist", "the README shows y.Other, which does not exist"},
		"```go\nfunc TestX(t *testing.T) { New().Twice().Thrice }\n```\n": {"the README shows ().Thrice, which does not exist"},
		"```sh\nNew2\n```\n": nil,
	} {
		if got := consumerProblems(readmeNames(readme), declared, used); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", readme, got, want)
		}
	}
}

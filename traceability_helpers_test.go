package passwords_test

import (
	"context"
	"fmt"
	"go/ast"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// specOperations returns the operations of api/openapi.yaml.
func specOperations(t *testing.T) []traced {
	t.Helper()
	var all []traced
	for path, item := range loadSpec(t).Paths.Map() {
		for method, o := range item.Operations() {
			all = append(all, traced{o.OperationID, method, path})
		}
	}
	return all
}

func goNames(all []traced) []string {
	var names []string
	for _, o := range all {
		names = append(names, o.goName())
	}
	return names
}

// lastLine is how the comment of a method ends.
var lastLine = regexp.MustCompile(`^([a-z]\w*): ([A-Z]+) (/\S+)$`)

// commentOperations returns what the comments of the methods of Client that take
// a context say, and what is wrong with them.
func commentOperations(files []*ast.File) (all []traced, problems []string) {
	for _, file := range files {
		for _, d := range file.Decls {
			method, ok := d.(*ast.FuncDecl)
			if !ok || method.Recv == nil || !method.Name.IsExported() || !isPointerTo(method.Recv.List[0].Type, "Client") {
				continue
			}
			parameters := method.Type.Params.List
			if len(parameters) == 0 || !isContext(parameters[0].Type) {
				continue
			}
			lines := strings.Split(strings.TrimSpace(method.Doc.Text()), "\n")
			match := lastLine.FindStringSubmatch(lines[len(lines)-1])
			if match == nil {
				problems = append(problems, fmt.Sprintf("the comment of %s does not end in operationId: METHOD /path", method.Name.Name))
				continue
			}
			o := traced{match[1], match[2], match[3]}
			if o.goName() != method.Name.Name {
				problems = append(problems, fmt.Sprintf("the comment of %s names %s", method.Name.Name, o.id))
			}
			all = append(all, o)
		}
	}
	return all, problems
}

func isPointerTo(e ast.Expr, name string) bool {
	star, ok := e.(*ast.StarExpr)
	if !ok {
		return false
	}
	to, ok := star.X.(*ast.Ident)
	return ok && to.Name == name
}

func isContext(e ast.Expr) bool {
	selector, ok := e.(*ast.SelectorExpr)
	return ok && selector.Sel.Name == "Context"
}

func takesContext(method reflect.Type) bool {
	return method.NumIn() > 1 && method.In(1) == reflect.TypeFor[context.Context]()
}

// operationsTable is the table below the heading.
var (
	operationsTable = regexp.MustCompile(`(?s)\n## Operations\n\n(\|.*?\n)\n`)
	tableRow        = regexp.MustCompile("(?m)^\\| `(\\w+)` \\|")
)

// tableNames returns the first column of the README's table of operations.
func tableNames(readme string) []string {
	var names []string
	if table := operationsTable.FindStringSubmatch(readme); table != nil {
		for _, row := range tableRow.FindAllStringSubmatch(table[1], -1) {
			names = append(names, row[1])
		}
	}
	return names
}

// tableOperations returns the operations of package gen.
func tableOperations() []traced {
	var all []traced
	for _, op := range gen.Operations {
		all = append(all, traced{string(op.ID), op.Method, op.Path})
	}
	return all
}

// differences says what only one of two places has, or has twice.
func differences[T comparable](one string, inOne []T, other string, inOther []T) (problems []string) {
	missing := func(from string, all []T, in string, others []T) {
		for i, item := range all {
			if !slices.Contains(others, item) {
				problems = append(problems, fmt.Sprintf("%v: in %s, not in %s", item, from, in))
			}
			if slices.Contains(all[:i], item) {
				problems = append(problems, fmt.Sprintf("%v: twice in %s", item, from))
			}
		}
	}
	missing(one, inOne, other, inOther)
	missing(other, inOther, one, inOne)
	slices.Sort(problems)
	return problems
}

// callWithSomething calls a method of the client with arguments that are sent.
func callWithSomething(t *testing.T, client *passwords.Client, method reflect.Method) error {
	t.Helper()
	arguments := []reflect.Value{reflect.ValueOf(client)}
	for i := 1; i < method.Type.NumIn(); i++ {
		if method.Type.IsVariadic() && i == method.Type.NumIn()-1 {
			break
		}
		var argument any
		switch in := method.Type.In(i); in {
		case reflect.TypeFor[context.Context]():
			argument = t.Context()
		case reflect.TypeFor[passwords.User](), reflect.TypeFor[passwords.ManagedUser]():
			argument = passwords.Principal("ana")
		case reflect.TypeFor[string]():
			argument = "login"
		case reflect.TypeFor[passwords.Secret]():
			argument = passwords.Secret{}
		case reflect.TypeFor[passwords.ChangePassword]():
			argument = passwords.ChangePassword{NewPassword: passwords.NewSecret(testkit.NewPassword)}
		default:
			t.Fatalf("%s takes a %v, for which there is no value", method.Name, in)
		}
		arguments = append(arguments, reflect.ValueOf(argument))
	}
	results := method.Func.Call(arguments)
	err, _ := results[len(results)-1].Interface().(error)
	return err
}

// pathsAround returns the paths of the operations with values for the variables,
// those with one segment replaced, left out or added, and some others.
func pathsAround(spec []traced) []string {
	segments := []string{"nope"}
	for _, o := range spec {
		segments = append(segments, strings.Split(withValues(o.path), "/")[1:]...)
	}
	slices.Sort(segments)
	segments = slices.Compact(segments)
	paths := []string{"", "/", "/openapi.yaml", "/health", "/debug/pprof"}
	add := func(path []string) { paths = append(paths, "/"+strings.Join(path, "/")) }
	for _, o := range spec {
		path := strings.Split(withValues(o.path), "/")[1:]
		add(path)
		for i := range path {
			add(slices.Delete(slices.Clone(path), i, i+1))
			for _, segment := range segments {
				changed := slices.Clone(path)
				changed[i] = segment
				add(changed)
				add(slices.Insert(slices.Clone(path), i, segment))
			}
		}
		for _, segment := range segments {
			add(append(slices.Clone(path), segment))
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

func withValues(path string) string {
	return strings.NewReplacer("{user}", cyclostest.Ana, "{type}", cyclostest.TypeLogin).Replace(path)
}

// expectedOperation returns the operation that has the path, a literal before a
// variable, or none.
func expectedOperation(spec []traced, method, path string) (best traced) {
	segments := strings.Split(path, "/")
	for _, o := range spec {
		template := strings.Split(o.path, "/")
		if o.method != method || len(template) != len(segments) {
			continue
		}
		matches := true
		for i, segment := range segments {
			matches = matches && (template[i] == segment || strings.HasPrefix(template[i], "{") && segment != "")
		}
		if matches && (best.id == "" || strings.Count(o.path, "{") < strings.Count(best.path, "{")) {
			best = o
		}
	}
	return best
}

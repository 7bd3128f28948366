package consistency

import (
	"context"
	"fmt"
	"go/ast"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/lifecycle"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// operationsPage is the file with the table of operations for users.
const operationsPage = "README.md"

// list is one place that lists operations, and what it must have.
type list struct {
	where     string
	got, want []string
}

// TestTraceability compares gen.Operations with every other list of the operations.
// The embedded server and otel have none: they use gen.Operations. Login has an option
// instead of a method, and sessions have tests of their own.
func TestTraceability(t *testing.T) {
	t.Parallel()
	ids := func(op gen.Operation) string { return string(op.ID) }
	parsed := parseDir(t, files(), ".")
	comments, problems := commentOperations(parsed)
	options := optionOperations(parsed)
	var calls []string
	for _, op := range testkit.Operations() {
		calls = append(calls, op.ID)
	}
	for _, l := range []list{
		{"gen/operations.gen.go with 'make generate'", all(line), specOperations(t)},
		{"operations.go", append(clientMethods(), options...), all(goName)},
		{"the comments in operations.go", comments, withoutOptions(t, line)},
		{"cyclostest/operations.go", constantsOfOperations(t, "cyclostest", "operations.go"), all(ids)},
		{"internal/testkit/operations.go", calls, ofPasswords(ids)},
		{"examples/lifecycle/walk.go", walkOperations(t), ofPasswords(ids)},
		{"the table of operations in " + operationsPage, tableNames(read(t, operationsPage)), ofPasswords(goName)},
	} {
		problems = append(problems, l.problems()...)
	}
	for _, problem := range problems {
		t.Error(problem)
	}
}

func actionOf(op gen.Operation) lifecycle.Action {
	return lifecycle.Action(strings.TrimSuffix(string(op.ID), "Password"))
}

// TestOutcomesAreThoseOfTheLifecycle compares the table of the package comment, which
// says how to find out whether an operation took place.
func TestOutcomesAreThoseOfTheLifecycle(t *testing.T) {
	t.Parallel()
	want := map[string]string{}
	for _, row := range lifecycle.Transitions {
		if row.Who == lifecycle.ByServer {
			continue
		}
		name := "(ForceChange)"
		if i := slices.IndexFunc(gen.Operations, func(op gen.Operation) bool { return actionOf(op) == row.Action }); i >= 0 {
			name = goName(gen.Operations[i])
		}
		star := ""
		if slices.Contains(row.From, row.To) || strings.Contains(want[name], "*") {
			star = "*"
		}
		want[name] = fmt.Sprintf("%s%s %s", row.To, star, row.History)
	}
	comment, got := read(t, "doc.go"), map[string]string{}
	for _, row := range regexp.MustCompile(`(?m)^//\t(\(?[A-Z]\w+\)?) +(\w+\*?) +(\w+)`).FindAllStringSubmatch(comment, -1) {
		got[row[1]] = row[2] + " " + row[3]
	}
	if len(want) < 10 || !maps.Equal(got, want) {
		t.Errorf("the table in doc.go is %v, want %v", got, want)
	}
}

// TestLifecycleHasEveryUnsafeOperation finds the action of each operation, whose name
// is the operationId without the suffix Password.
func TestLifecycleHasEveryUnsafeOperation(t *testing.T) {
	t.Parallel()
	drawn := map[lifecycle.Action]bool{}
	for _, transition := range lifecycle.Transitions {
		drawn[transition.Action] = true
	}
	for _, op := range gen.Operations {
		if action := actionOf(op); op.Tag == passwordsTag && !op.Safe && !drawn[action] {
			t.Errorf("%s: no transition has the action %q: add one to internal/lifecycle/table.go and run 'make generate'", op.ID, action)
		}
	}
}

// problems says what to do to the list, if it does not have what it must.
func (l list) problems() (problems []string) {
	for i, item := range l.got {
		if !slices.Contains(l.want, item) {
			problems = append(problems, fmt.Sprintf("%s is not an operation: remove it from %s", item, l.where))
		}
		if slices.Contains(l.got[:i], item) {
			problems = append(problems, fmt.Sprintf("%s is there twice: remove one from %s", item, l.where))
		}
	}
	for _, item := range l.want {
		if !slices.Contains(l.got, item) {
			problems = append(problems, fmt.Sprintf("%s is missing: add it to %s", item, l.where))
		}
	}
	slices.Sort(problems)
	return problems
}

// passwordsTag groups the operations on passwords. The others are for sessions.
const passwordsTag = "Passwords"

// all returns what f makes of each operation.
func all(f func(gen.Operation) string) []string {
	return of(func(gen.Operation) bool { return true }, f)
}

// ofPasswords returns what f makes of each operation on passwords.
func ofPasswords(f func(gen.Operation) string) []string {
	return of(func(op gen.Operation) bool { return op.Tag == passwordsTag }, f)
}

// withoutOptions returns what f makes of each operation that a method calls.
func withoutOptions(t *testing.T, f func(gen.Operation) string) []string {
	t.Helper()
	options := optionOperations(parseDir(t, files(), "."))
	return of(func(op gen.Operation) bool { return !slices.Contains(options, goName(op)) }, f)
}

func of(wanted func(gen.Operation) bool, f func(gen.Operation) string) []string {
	var items []string
	for _, op := range gen.Operations {
		if wanted(op) {
			items = append(items, f(op))
		}
	}
	return items
}

// line is the last line of the comment of a method.
func line(op gen.Operation) string { return fmt.Sprintf("%s: %s %s", op.ID, op.Method, op.Path) }

// goName is the name of the method that calls the operation.
func goName(op gen.Operation) string { return strings.ToUpper(string(op.ID[:1])) + string(op.ID[1:]) }

// specOperations returns the lines of the operations in api/openapi.yaml.
func specOperations(t *testing.T) []string {
	t.Helper()
	var lines []string
	for path, item := range loadSpec(t).Paths.Map() {
		for method, o := range item.Operations() {
			lines = append(lines, line(gen.Operation{ID: gen.OperationID(o.OperationID), Method: method, Path: path}))
		}
	}
	return lines
}

// clientMethods returns the methods of Client that take a context.
func clientMethods() []string {
	var methods []string
	client := reflect.TypeFor[*passwords.Client]()
	for i := range client.NumMethod() {
		if takesContext(client.Method(i).Type) {
			methods = append(methods, client.Method(i).Name)
		}
	}
	return methods
}

func takesContext(method reflect.Type) bool {
	return method.NumIn() > 1 && method.In(1) == reflect.TypeFor[context.Context]()
}

var lastLine = regexp.MustCompile(`^([a-z]\w*): ([A-Z]+) (/\S+)$`)

// commentOperations returns the last lines of the comments of the methods of Client
// that take a context, and describes those that do not belong to their method.
func commentOperations(parsed []*ast.File) (lines, problems []string) {
	for _, file := range parsed {
		for _, d := range file.Decls {
			method, ok := d.(*ast.FuncDecl)
			if !ok || method.Recv == nil || !method.Name.IsExported() || !isPointerTo(method.Recv.List[0].Type, "Client") {
				continue
			}
			parameters := method.Type.Params.List
			if len(parameters) == 0 || !isContext(parameters[0].Type) {
				continue
			}
			text := strings.Split(strings.TrimSpace(method.Doc.Text()), "\n")
			match := lastLine.FindStringSubmatch(text[len(text)-1])
			if match == nil {
				problems = append(problems, fmt.Sprintf("the comment of %s does not end in operationId: METHOD /path", method.Name.Name))
				continue
			}
			op := gen.Operation{ID: gen.OperationID(match[1]), Method: match[2], Path: match[3]}
			if goName(op) != method.Name.Name {
				problems = append(problems, fmt.Sprintf("the comment of %s names %s", method.Name.Name, op.ID))
			}
			lines = append(lines, line(op))
		}
	}
	return lines, problems
}

// optionOperations returns the operations that options call, by the names of the
// functions without With. The last lines of the comments name them.
func optionOperations(parsed []*ast.File) (names []string) {
	for _, file := range parsed {
		for _, d := range file.Decls {
			option, ok := d.(*ast.FuncDecl)
			if !ok || option.Recv != nil {
				continue
			}
			text := strings.Split(strings.TrimSpace(option.Doc.Text()), "\n")
			if match := lastLine.FindStringSubmatch(text[len(text)-1]); match != nil && slices.Contains(all(line), match[0]) {
				names = append(names, strings.TrimPrefix(option.Name.Name, "With"))
			}
		}
	}
	return names
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

// constantsOfOperations returns the operations whose constants are keys in a file.
func constantsOfOperations(t *testing.T, dir, name string) []string {
	t.Helper()
	ids := map[string]string{} // by name of the constant
	for _, d := range declarations(t, "gen") {
		if spec, ok := d.(*ast.ValueSpec); ok && len(spec.Values) == 1 && strings.HasPrefix(spec.Names[0].Name, "Operation") {
			ids[spec.Names[0].Name] = literal(spec.Values[0])
		}
	}
	var found []string
	for _, file := range parse(t, files(), dir, func(path string) bool { return path == dir+"/"+name }) {
		ast.Inspect(file, func(node ast.Node) bool {
			if pair, ok := node.(*ast.KeyValueExpr); ok {
				if key, ok := pair.Key.(*ast.SelectorExpr); ok && ids[key.Sel.Name] != "" {
					found = append(found, ids[key.Sel.Name])
				}
			}
			return true
		})
	}
	return found
}

// walkOperations returns the operations of the steps of examples/lifecycle, each
// once.
func walkOperations(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, file := range parseDir(t, files(), "examples/lifecycle") {
		ast.Inspect(file, func(node ast.Node) bool {
			steps, ok := node.(*ast.CompositeLit)
			if !ok {
				return true
			}
			if array, ok := steps.Type.(*ast.ArrayType); !ok || fmt.Sprint(array.Elt) != "step" {
				return true
			}
			for _, step := range steps.Elts {
				found = append(found, literal(step.(*ast.CompositeLit).Elts[0]))
			}
			return false
		})
	}
	slices.Sort(found)
	return slices.Compact(found)
}

var (
	operationsTable = regexp.MustCompile(`(?s)\n## Operations\n\n(\|.*?\n)\n`)
	tableRow        = regexp.MustCompile("(?m)^\\| `(\\w+)` \\|")
)

// tableNames returns the first column of the table below the heading Operations.
func tableNames(page string) []string {
	var names []string
	if table := operationsTable.FindStringSubmatch(page); table != nil {
		for _, row := range tableRow.FindAllStringSubmatch(table[1], -1) {
			names = append(names, row[1])
		}
	}
	return names
}

// TestTraceabilityFindsDifferences compares made-up lists.
func TestTraceabilityFindsDifferences(t *testing.T) {
	t.Parallel()
	const (
		noLastLine = "the comment of EnablePassword does not end in operationId: METHOD /path"
		missing    = "enablePassword: POST /a is missing: add it to F"
	)
	comments := func(comment string) []string {
		source := "package p\n\n" + comment + "func (c *Client) EnablePassword(ctx context.Context) error { return nil }\n"
		lines, problems := commentOperations(parseDir(t, fstest.MapFS{"p.go": {Data: []byte(source)}}, "."))
		return append(problems, list{"F", lines, []string{"enablePassword: POST /a"}}.problems()...)
	}
	table := func(rows string) []string {
		page := "# T\n\n## Operations\n\n| method | who |\n|---|---|\n" + rows + "\n| `AfterTheTable` | |\n"
		return list{"F", tableNames(page), []string{"One", "Two"}}.problems()
	}
	for name, tc := range map[string]struct{ got, want []string }{
		"comment":          {comments("// EnablePassword enables.\n//\n// enablePassword: POST /a\n"), nil},
		"no comment":       {comments(""), []string{noLastLine, missing}},
		"not at the end":   {comments("// enablePassword: POST /a\n//\n// More.\n"), []string{noLastLine, missing}},
		"another method":   {comments("// enablePassword: GET /a\n"), []string{"enablePassword: GET /a is not an operation: remove it from F", missing}},
		"another path":     {comments("// enablePassword: POST /b\n"), []string{missing, "enablePassword: POST /b is not an operation: remove it from F"}},
		"another id":       {comments("// disablePassword: POST /a\n"), []string{"the comment of EnablePassword names disablePassword", "disablePassword: POST /a is not an operation: remove it from F", missing}},
		"table":            {table("| `One` | |\n| `Two` | |\n"), nil},
		"row missing":      {table("| `One` | |\n"), []string{"Two is missing: add it to F"}},
		"row of no method": {table("| `One` | |\n| `Two` | |\n| `Three` | |\n"), []string{"Three is not an operation: remove it from F"}},
		"row twice":        {table("| `One` | |\n| `Two` | |\n| `One` | |\n"), []string{"One is there twice: remove one from F"}},
		"no such heading":  {list{"F", tableNames("## Others\n\n| `One` | |\n\n"), []string{"One"}}.problems(), []string{"One is missing: add it to F"}},
	} {
		if !slices.Equal(tc.got, tc.want) {
			t.Errorf("%s: got %q, want %q", name, tc.got, tc.want)
		}
	}
}

package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// point is a place where one mutant differs. All mutants are compiled into one
// test binary and chosen when it starts: compiling takes longer than testing.
type point struct {
	id            int
	file          string
	line, column  int
	what          string
	start, end    int // offsets of what it wraps
	before, after string
	constant      bool  // has to be compiled apart
	lines         []int // of its text in the rendered file
}

// helpers is what the points call, in each package.
const helpers = `
import ("os"; "strconv")
var mutant, _ = strconv.Atoi(os.Getenv("MUTANT"))
func mutantOn(id int) bool { return mutant == id }
func mutantZero[T any]() (zero T) { return }
func mutantDrop[T any](id int, value T) (zero T) { if mutantOn(id) { return }; return value }
func mutantPick[T any](id int, value, other T) T { if mutantOn(id) { return other }; return value }
`

var (
	boundaries = map[token.Token]string{token.LSS: "<=", token.LEQ: "<", token.GTR: ">=", token.GEQ: ">"}
	junctions  = map[token.Token]string{token.LAND: "||", token.LOR: "&&"}
	arithmetic = map[token.Token]string{token.ADD: "-", token.SUB: "+", token.MUL: "/", token.QUO: "*", token.SHL: ">>", token.SHR: "<<"}
	// Texts for people, which tests do not have to know.
	prose = map[string]bool{"Invalid": true, "Unexpected": true, "New": true, "Errorf": true, "refuse": true}
)

type finder struct {
	src    []byte
	name   string
	set    *token.FileSet
	nextID int
	points []*point
	seen   map[ast.Node]bool
}

// find returns the points of a source file; none if it is generated or has no code.
func find(name string, src []byte, firstID int) ([]*point, error) {
	f := &finder{src: src, name: name, set: token.NewFileSet(), nextID: firstID, seen: map[ast.Node]bool{}}
	file, err := parser.ParseFile(f.set, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil || ast.IsGenerated(file) {
		return nil, err
	}
	if !slices.ContainsFunc(file.Decls, func(d ast.Decl) bool { _, ok := d.(*ast.FuncDecl); return ok }) {
		return nil, nil // tables of names
	}
	f.walk(file, nil)
	return f.points, nil
}

func (f *finder) raw(n ast.Node) string {
	return string(f.src[f.set.Position(n.Pos()).Offset:f.set.Position(n.End()).Offset])
}

// add adds a point around n; %d in the texts is its id.
func (f *finder) add(n ast.Node, what, before, after string) *point {
	at := f.set.Position(n.Pos())
	id := fmt.Sprint(f.nextID)
	p := &point{id: f.nextID, file: f.name, line: at.Line, column: at.Column, what: what, start: at.Offset, end: f.set.Position(n.End()).Offset,
		before: strings.ReplaceAll(before, "%d", id), after: strings.ReplaceAll(after, "%d", id)}
	f.points, f.nextID = append(f.points, p), f.nextID+1
	return p
}

// short keeps what a point is said to do in one line.
func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	return text[:min(len(text), 60)]
}

// walk adds the points in n, in a function with these results.
func (f *finder) walk(n ast.Node, results []string) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec, *ast.Field:
			return false
		case *ast.GenDecl:
			if n.Tok == token.CONST {
				f.constants(n)
				return false
			}
		case *ast.FuncDecl:
			if n.Body != nil {
				f.walk(n.Body, f.types(n.Type))
			}
			return false
		case *ast.FuncLit:
			f.walk(n.Body, f.types(n.Type))
			return false
		case *ast.BlockStmt:
			f.statements(n.List)
		case *ast.CommClause:
			f.statements(n.Body)
		case *ast.CaseClause:
			f.statements(n.Body)
		case *ast.SwitchStmt:
			f.cases(n)
		case *ast.IfStmt:
			f.condition(n.Cond)
		case *ast.ForStmt:
			f.condition(n.Cond)
		case *ast.ReturnStmt:
			f.returns(n, results)
		case *ast.BinaryExpr:
			f.binary(n)
		case *ast.Ident:
			if n.Name == "true" || n.Name == "false" {
				f.condition(n)
			}
		case *ast.BasicLit:
			if value := strings.Trim(n.Value, "\"` "); n.Kind == token.STRING && value != "" && !strings.Contains(value, " ") {
				f.add(n, "empty "+n.Value, "mutantDrop(%d, ", ")")
			}
		case *ast.CallExpr:
			name := n.Fun
			if selector, ok := name.(*ast.SelectorExpr); ok {
				name = selector.Sel
			}
			if ident, ok := name.(*ast.Ident); ok && prose[ident.Name] {
				return false
			}
		}
		return true
	})
}

func (f *finder) types(t *ast.FuncType) (results []string) {
	if t.Results == nil {
		return nil
	}
	for _, field := range t.Results.List {
		for range max(1, len(field.Names)) {
			results = append(results, f.raw(field.Type))
		}
	}
	return results
}

func (f *finder) constants(decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		for _, value := range spec.(*ast.ValueSpec).Values {
			what, after := "double ", ")*2"
			if literal, ok := value.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				what, after = "lengthen ", `)+"x"`
			}
			f.add(value, what+f.raw(value), "(", after).constant = true
		}
	}
}

func (f *finder) statements(list []ast.Stmt) {
	for _, stmt := range list {
		switch s := stmt.(type) {
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE || f.raw(s.Lhs[0]) == "_" && len(s.Lhs) == 1 && !strings.Contains(f.raw(s), "(") {
				continue
			}
		case *ast.BranchStmt:
			if s.Tok != token.CONTINUE {
				continue
			}
		case *ast.ExprStmt, *ast.IncDecStmt, *ast.DeferStmt, *ast.GoStmt, *ast.SendStmt:
		default:
			continue
		}
		f.add(stmt, "remove "+short(f.raw(stmt)), "if !mutantOn(%d) { ", " }")
	}
}

func (f *finder) cases(s *ast.SwitchStmt) {
	for _, clause := range s.Body.List {
		for _, expr := range clause.(*ast.CaseClause).List {
			if _, literal := expr.(*ast.BasicLit); s.Tag == nil {
				f.condition(expr)
			} else if !literal {
				f.add(expr, "drop case "+f.raw(expr), "mutantDrop(%d, ", ")")
			}
		}
	}
}

// condition negates a condition, once.
func (f *finder) condition(e ast.Expr) {
	if e == nil || f.seen[e] {
		return
	}
	f.seen[e] = true
	if e, ok := e.(*ast.BinaryExpr); ok && junctions[e.Op] != "" {
		return // its parts are negated
	}
	f.add(e, "negate "+short(f.raw(e)), "(mutantOn(%d) != (", "))")
}

func (f *finder) binary(e *ast.BinaryExpr) {
	x, y := f.raw(e.X), f.raw(e.Y)
	switch {
	case junctions[e.Op] != "":
		f.condition(e.X)
		f.condition(e.Y)
		f.other(e, x+" "+junctions[e.Op]+" "+y)
	case boundaries[e.Op] != "":
		f.condition(e)
		f.other(e, x+" "+boundaries[e.Op]+" "+y)
	case e.Op == token.EQL || e.Op == token.NEQ:
		f.condition(e)
	case arithmetic[e.Op] != "" && !strings.Contains(x+y, `"`):
		f.add(e, arithmetic[e.Op]+" in "+short(f.raw(e)), "mutantPick(%d, ", ", "+x+" "+arithmetic[e.Op]+" "+y+")")
	}
}

// other has another condition in the place of e, which is evaluated once.
func (f *finder) other(e ast.Expr, text string) {
	f.add(e, "instead: "+short(text), "(!mutantOn(%d) && (", ") || mutantOn(%d) && ("+text+"))")
}

func (f *finder) returns(s *ast.ReturnStmt, results []string) {
	if len(s.Results) == 1 && len(results) == 1 && results[0] == "bool" {
		f.condition(s.Results[0])
		return
	}
	for i, result := range s.Results {
		text := f.raw(result)
		same := i < len(results) && text == results[i]+"{}" && text[0] != '[' // which differs from nil
		if same || text == "nil" || text == "0" || text == `""` {
			continue
		}
		var other []string
		for at, kind := range results {
			if len(s.Results) != len(results) || at == i {
				other = append(other, "mutantZero["+kind+"]()")
			} else {
				other = append(other, f.raw(s.Results[at]))
			}
		}
		f.add(s, "return zero for "+short(text), "if mutantOn(%d) { return "+strings.Join(other, ", ")+" }; ", "")
	}
}

// render returns the source with the points in it, and notes their lines.
func render(src []byte, points []*point) []byte {
	points = slices.SortedStableFunc(slices.Values(points), func(a, b *point) int { return cmp.Or(a.start-b.start, b.end-a.end) })
	var out []byte
	line := 1
	write := func(text string, p *point) {
		for _, part := range strings.SplitAfter(text, "\n") {
			if p != nil && part != "" {
				p.lines = append(p.lines, line)
			}
			line += strings.Count(part, "\n")
		}
		out = append(out, text...)
	}
	var from func(at, end int)
	from = func(at, end int) {
		for len(points) > 0 && points[0].start < end {
			p := points[0]
			points = points[1:]
			write(string(src[at:p.start]), nil)
			write(p.before, p)
			from(p.start, p.end)
			write(p.after, p)
			at = p.end
		}
		write(string(src[at:end]), nil)
	}
	from(0, len(src))
	return out
}

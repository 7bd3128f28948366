package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// enumeration is one that package passwords exports.
type enumeration struct {
	alias, generated string // names of the type
	constants        []constant
}

// constant is a value of an enumeration.
type constant struct{ suffix, generated, value string }

// misspelled has the correct names for those that are misspelled in the API.
var misspelled = map[string]string{"GatewayUreachable": "GatewayUnreachable", "MaxCheckAtemptsReached": "MaxCheckAttemptsReached"}

// enumerations returns the aliases in one file, with the constants that the other
// file declares for their types.
func enumerations(generated, aliases string) ([]enumeration, error) {
	var all []enumeration
	constants := map[string][]constant{}
	err := declarations(generated, func(spec *ast.ValueSpec) error {
		kind, ok := spec.Type.(*ast.Ident)
		if !ok || len(spec.Values) != 1 {
			return nil
		}
		name := spec.Names[0].Name
		literal, ok := spec.Values[0].(*ast.BasicLit)
		if suffix, found := strings.CutPrefix(name, kind.Name); ok && found {
			value, err := strconv.Unquote(literal.Value)
			constants[kind.Name] = append(constants[kind.Name], constant{cmp.Or(misspelled[suffix], suffix), name, value})
			return err
		}
		return fmt.Errorf("%s is not named after its type", name)
	})
	if err != nil {
		return nil, err
	}
	err = declarations(aliases, func(spec *ast.TypeSpec) error {
		target, ok := spec.Type.(*ast.SelectorExpr)
		if !ok || len(constants[target.Sel.Name]) == 0 {
			return nil // a model
		}
		e := enumeration{spec.Name.Name, target.Sel.Name, constants[target.Sel.Name]}
		slices.SortFunc(e.constants, func(a, b constant) int { return cmp.Compare(a.suffix, b.suffix) })
		all = append(all, e)
		return nil
	})
	return all, err
}

// declarations calls do for each specification of type T in the file.
func declarations[T ast.Spec](file string, do func(T) error) error {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		return err
	}
	for _, d := range parsed.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range group.Specs {
			if s, ok := s.(T); ok {
				if err := do(s); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// explanation matches the list item in which a description explains a value. It can
// span several lines.
var explanation = regexp.MustCompile("(?m)^- `([^`]+)`: ([^\n]+(?:\n  [^\n]+)*)")

// explanations returns the explanations of values in the API description, by the
// name of the enumeration in lower case and by value.
func explanations(doc *openapi3.T) map[string]map[string]string {
	all := map[string]map[string]string{}
	for name, schema := range doc.Components.Schemas {
		of := map[string]string{}
		for _, match := range explanation.FindAllStringSubmatch(schema.Value.Description, -1) {
			of[match[1]] = strings.Join(strings.Fields(match[2]), " ")
		}
		all[strings.ToLower(name)] = of
	}
	return all
}

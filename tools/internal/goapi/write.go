package goapi

import (
	"fmt"
	"go/constant"
	"go/format"
	"go/types"
	"maps"
	"path"
	"slices"
	"strings"
)

// write returns the declarations of a package that others can reach, as Go
// source that type-checks without the rest.
func write(pkg *types.Package, objects []types.Object) ([]byte, error) {
	w := &writer{pkg: pkg, imports: map[string]bool{}, sealing: sealing(objects)}
	for _, object := range objects {
		w.object(object)
	}
	var head strings.Builder
	fmt.Fprintf(&head, "// What others can reach of this package, as of the last release.\n")
	fmt.Fprintf(&head, "// Written by 'make baseline'; DO NOT EDIT.\n\n")
	fmt.Fprintf(&head, "package %s // import %q\n\n", pkg.Name(), pkg.Path())
	for _, file := range slices.Sorted(maps.Keys(w.imports)) {
		fmt.Fprintf(&head, "import %q\n", file)
	}
	source, err := format.Source([]byte(head.String() + "\n" + w.text.String()))
	if err != nil {
		return nil, fmt.Errorf("write the API of %s: %w", pkg.Path(), err)
	}
	return source, nil
}

type writer struct {
	pkg     *types.Package
	imports map[string]bool
	sealing map[string]bool
	text    strings.Builder
}

func (w *writer) printf(format string, args ...any) { fmt.Fprintf(&w.text, format, args...) }

func (w *writer) typ(t types.Type) string {
	return types.TypeString(t, func(other *types.Package) string {
		if other == w.pkg {
			return ""
		}
		w.imports[other.Path()] = true
		return other.Name()
	})
}

func (w *writer) signature(s *types.Signature) string {
	return strings.TrimPrefix(w.typ(s), "func")
}

func (w *writer) object(object types.Object) {
	switch object := object.(type) {
	case *types.Const:
		kind := ""
		if basic, ok := object.Type().(*types.Basic); !ok || basic.Info()&types.IsUntyped == 0 {
			kind = w.typ(object.Type())
		}
		// The exact value of 0.1 is a fraction of integers, whose quotient is 0 in Go.
		value := object.Val().ExactString()
		if object.Val().Kind() == constant.Float {
			value = strings.Replace(value, "/", ".0/", 1)
		}
		w.printf("const %s %s = %s\n", object.Name(), kind, value)
	case *types.Var:
		w.printf("var %s %s\n", object.Name(), w.typ(object.Type()))
	case *types.Func:
		body := ""
		if object.Signature().TypeParams().Len() > 0 {
			body = " {}" // without it the type checker refuses a generic function
		}
		w.printf("func %s%s%s\n\n", object.Name(), w.signature(object.Signature()), body)
	case *types.TypeName:
		w.typeName(object)
	}
}

func (w *writer) typeName(name *types.TypeName) {
	if alias, ok := name.Type().(*types.Alias); ok {
		w.printf("type %s%s = %s\n\n", name.Name(), w.params(alias.TypeParams()), w.typ(alias.Rhs()))
		return
	}
	named := name.Type().(*types.Named)
	w.printf("type %s%s ", name.Name(), w.params(named.TypeParams()))
	switch under := named.Underlying().(type) {
	case *types.Struct:
		w.structure(under)
	case *types.Interface:
		w.contract(under)
	default:
		w.printf("%s", w.typ(under))
	}
	w.printf("\n\n")
	for method := range named.Methods() {
		if method.Exported() {
			receiver := w.typ(method.Signature().Recv().Type())
			w.printf("func (%s) %s%s\n\n", receiver, method.Name(), w.signature(method.Signature()))
		} else if w.sealing[method.Name()] {
			w.printf("func (%s) %s()\n\n", w.typ(method.Signature().Recv().Type()), method.Name())
		}
	}
}

func (w *writer) params(list *types.TypeParamList) string {
	var all []string
	for param := range list.TypeParams() {
		all = append(all, param.Obj().Name()+" "+w.typ(param.Constraint()))
	}
	if all == nil {
		return ""
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// structure leaves out of the unexported fields all but whether values can be compared.
func (w *writer) structure(s *types.Struct) {
	w.printf("struct {\n")
	hidden := ""
	for field := range s.Fields() {
		switch {
		case field.Embedded():
			w.printf("%s\n", w.typ(field.Type()))
		case field.Exported():
			w.printf("%s %s\n", field.Name(), w.typ(field.Type()))
		case !types.Comparable(field.Type()):
			hidden = "_ func()\n"
		case hidden == "":
			hidden = "_ struct{}\n"
		}
	}
	w.printf("%s}", hidden)
}

// sealing returns the unexported methods of interfaces: a type needs them to be
// accepted for such an interface.
func sealing(objects []types.Object) map[string]bool {
	names := map[string]bool{}
	for _, object := range objects {
		if contract, ok := object.Type().Underlying().(*types.Interface); ok {
			for method := range contract.Methods() {
				if !method.Exported() {
					names[method.Name()] = true
				}
			}
		}
	}
	return names
}

// contract leaves out the parameters of unexported methods, as typeName does.
func (w *writer) contract(i *types.Interface) {
	w.printf("interface {\n")
	for embedded := range i.EmbeddedTypes() {
		w.printf("%s\n", w.typ(embedded))
	}
	for method := range i.ExplicitMethods() {
		if method.Exported() {
			w.printf("%s%s\n", method.Name(), w.signature(method.Signature()))
		} else {
			w.printf("%s()\n", method.Name())
		}
	}
	w.printf("}")
}

// fileName returns the name of the file with the API of a package.
func fileName(module, pkg string) string {
	name := strings.TrimPrefix(strings.TrimPrefix(pkg, module), "/")
	if name == "" {
		root, _ := splitMajor(module)
		name = path.Base(root)
	}
	return strings.ReplaceAll(name, "/", "-") + ".go.txt"
}

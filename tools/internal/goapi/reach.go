package goapi

import (
	"cmp"
	"go/types"
	"slices"
)

// reach returns what can be reached from the exported names of packages, by the
// packages within that declare it.
func reach(pkgs []*types.Package, within func(path string) bool) map[*types.Package][]types.Object {
	r := &reacher{within: within, seen: map[types.Object]bool{}, types: map[types.Type]bool{}}
	found := map[*types.Package][]types.Object{}
	for _, pkg := range pkgs {
		found[pkg] = nil // a package that shows nothing has a baseline nevertheless
		for _, name := range pkg.Scope().Names() {
			if object := pkg.Scope().Lookup(name); object.Exported() {
				r.object(object)
			}
		}
	}
	for object := range r.seen {
		found[object.Pkg()] = append(found[object.Pkg()], object)
	}
	for _, objects := range found {
		slices.SortFunc(objects, func(a, b types.Object) int {
			return cmp.Or(cmp.Compare(kind(a), kind(b)), cmp.Compare(a.Name(), b.Name()))
		})
	}
	return found
}

func kind(object types.Object) int {
	switch object.(type) {
	case *types.Const:
		return 0
	case *types.Var:
		return 1
	case *types.Func:
		return 2
	}
	return 3
}

type reacher struct {
	within func(path string) bool
	seen   map[types.Object]bool
	types  map[types.Type]bool
}

func (r *reacher) object(object types.Object) {
	if object.Pkg() == nil || !r.within(object.Pkg().Path()) || r.seen[object] {
		return
	}
	r.seen[object] = true
	r.typ(object.Type())
}

func (r *reacher) typ(t types.Type) {
	if t == nil || r.types[t] {
		return
	}
	r.types[t] = true
	switch t := t.(type) {
	case *types.Alias:
		r.object(t.Obj())
		r.params(t.TypeParams())
		r.list(t.TypeArgs())
		r.typ(t.Rhs())
	case *types.Named:
		r.list(t.TypeArgs())
		t = t.Origin()
		r.object(t.Obj())
		if t.Obj().Pkg() == nil || !r.within(t.Obj().Pkg().Path()) {
			return
		}
		r.params(t.TypeParams())
		r.typ(t.Underlying())
		for method := range t.Methods() {
			if method.Exported() {
				r.typ(method.Signature())
			}
		}
	case *types.Struct:
		for field := range t.Fields() {
			if field.Exported() || field.Embedded() {
				r.typ(field.Type())
			}
		}
	case *types.Interface:
		for embedded := range t.EmbeddedTypes() {
			r.typ(embedded)
		}
		for method := range t.ExplicitMethods() {
			if method.Exported() {
				r.typ(method.Signature())
			}
		}
	case *types.Signature:
		r.params(t.TypeParams())
		for v := range t.Params().Variables() {
			r.typ(v.Type())
		}
		for v := range t.Results().Variables() {
			r.typ(v.Type())
		}
	case *types.Union:
		for term := range t.Terms() {
			r.typ(term.Type())
		}
	case *types.Map:
		r.typ(t.Key())
		r.typ(t.Elem())
	case interface{ Elem() types.Type }: // pointers, slices, arrays and channels
		r.typ(t.Elem())
	}
}

func (r *reacher) params(list *types.TypeParamList) {
	for param := range list.TypeParams() {
		r.typ(param.Constraint())
	}
}

func (r *reacher) list(list *types.TypeList) {
	for t := range list.Types() {
		r.typ(t)
	}
}

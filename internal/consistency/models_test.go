package consistency

import (
	"cmp"
	"go/ast"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/cyclos-go/passwords"
)

// genPath is the import path of the generated models.
const genPath = modulePath + "/gen"

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
			t.Errorf("gen.%s is reachable from the operations and has no name in package passwords: add an alias to models.go", name)
		}
		delete(offered, name)
	}
	for name := range offered {
		t.Errorf("gen.%s has a name in package passwords and is not reachable from the operations: remove it from models.go", name)
	}
}

// TestEveryEnumValueHasAConstant compares the constants of package passwords
// with the enumerations of the API description.
func TestEveryEnumValueHasAConstant(t *testing.T) {
	t.Parallel()
	generated := map[string]string{} // values of the constants of gen
	kinds := map[string]string{}     // their types
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
	for name, schema := range loadSpec(t).Components.Schemas {
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
				t.Errorf("%s: no constant for %v: run 'make generate'; a new enumeration also needs an alias in models.go", name, value)
			}
		}
	}
	if enums < 10 {
		t.Errorf("only %d enumerations were seen", enums)
	}
}

// TestGeneratedModelsKeepTheirShape pins the types and names of fields, which a
// change of the generator's configuration would break for users.
func TestGeneratedModelsKeepTheirShape(t *testing.T) {
	t.Parallel()
	for name, model := range reachableModels() {
		if model.Kind() != reflect.Struct {
			continue
		}
		for i := range model.NumField() {
			field := model.Field(i)
			where, kind := name+"."+field.Name, field.Type.Kind()
			switch {
			case kind == reflect.Pointer && field.Type.Elem().PkgPath() != genPath:
				t.Errorf("%s is a pointer to a scalar or list", where)
			case kind == reflect.Struct && field.Type.PkgPath() == genPath:
				t.Errorf("%s is an object without a pointer", where)
			case strings.Contains(field.Tag.Get("json"), "omitempty") == (where == "Error.ExceptionType"):
				t.Errorf("%s: optional fields, and no others, must have omitempty", where)
			}
			if notAnInitialism.MatchString(field.Name) {
				t.Errorf("%s must be spelled like Go: name it in api/overlay.yaml", where)
			}
		}
	}
}

var notAnInitialism = regexp.MustCompile(`(Id|Url|Totp|Otp|Pin|Sms|Nfc|Oidc)([A-Z]|$)`)

func TestGeneratedConstantsHaveTheirTypeInFront(t *testing.T) {
	t.Parallel()
	constants := 0
	for _, d := range declarations(t, "gen") {
		spec, ok := d.(*ast.ValueSpec)
		if !ok || spec.Type == nil {
			continue
		}
		constants++
		name, prefix := spec.Names[0].Name, strings.TrimSuffix(spec.Type.(*ast.Ident).Name, "ID")
		if !strings.HasPrefix(name, prefix) || name == prefix || notAnInitialism.MatchString(name) {
			t.Errorf("gen.%s must begin with %s and be spelled like Go: see the templates in api", name, prefix)
		}
	}
	if constants < 100 {
		t.Errorf("only %d constants were seen", constants)
	}
}

func TestGeneratedClientHoldsNoServerOrParser(t *testing.T) {
	t.Parallel()
	text := read(t, "gen/client.gen.go")
	for _, word := range []string{"ServerInterface", "ServeMux", "http.ResponseWriter", "http.Handler", "WithResponse"} {
		if strings.Contains(text, word) {
			t.Errorf("package gen contains %s", word)
		}
	}
}

// reachableModels returns the types of package gen that can be reached from the
// methods of Client and the fields of Error, by name.
func reachableModels() map[string]reflect.Type {
	reachable := map[string]reflect.Type{}
	var walk func(reflect.Type)
	walk = func(r reflect.Type) {
		if r.PkgPath() == genPath {
			if reachable[r.Name()] != nil {
				return
			}
			reachable[r.Name()] = r
		}
		switch r.Kind() {
		case reflect.Pointer, reflect.Slice:
			walk(r.Elem())
		case reflect.Map:
			walk(r.Key())
			walk(r.Elem())
		case reflect.Struct:
			for i := range r.NumField() {
				if r.Field(i).IsExported() && (r.PkgPath() == genPath || r == reflect.TypeFor[passwords.Error]() || r == reflect.TypeFor[passwords.ChangePassword]()) {
					walk(r.Field(i).Type)
				}
			}
		}
	}
	client := reflect.TypeFor[*passwords.Client]()
	for i := range client.NumMethod() {
		method := client.Method(i).Type
		for j := range method.NumIn() {
			walk(method.In(j))
		}
		for j := range method.NumOut() {
			walk(method.Out(j))
		}
	}
	walk(reflect.TypeFor[passwords.Error]())
	return reachable
}

// TestFieldsAreDescribed compares the comments of the fields with the descriptions of
// their properties, and checks that tools recognize the deprecated ones, whose notice
// has to be a paragraph of its own.
func TestFieldsAreDescribed(t *testing.T) {
	t.Parallel()
	marked := map[string]bool{}
	described := map[string]string{} // by the name in lower case, since Go spells TOTP and PIN otherwise
	for name, schema := range loadSpec(t).Components.Schemas {
		for _, part := range append(openapi3.SchemaRefs{schema}, schema.Value.AllOf...) {
			for property, ref := range part.Value.Properties {
				if part.Ref != "" {
					continue
				}
				described[strings.ToLower(name+"."+property)] = ref.Value.Description
				if ref.Value.Deprecated {
					marked[name+"."+property] = true
				}
			}
		}
	}
	if len(marked) < 22 {
		t.Errorf("%d properties are deprecated, want those of 4.16.18", len(marked))
	}
	for _, d := range declarations(t, "gen") {
		spec, ok := d.(*ast.TypeSpec)
		if !ok {
			continue
		}
		if model, ok := spec.Type.(*ast.StructType); ok {
			for _, field := range model.Fields.List {
				if field.Tag == nil {
					continue
				}
				name, _, _ := strings.Cut(reflect.StructTag(literal(field.Tag)).Get("json"), ",")
				where := spec.Name.Name + "." + name
				if strings.Contains(field.Doc.Text(), "\n\nDeprecated: use ") != marked[where] {
					t.Errorf("%s is deprecated: %t, but the comment is %q: give it an x-deprecated-reason", where, marked[where], field.Doc.Text())
				}
				if got, want := field.Doc.Text(), described[strings.ToLower(where)]; !strings.HasPrefix(got, want) {
					t.Errorf("%s: the comment is %q, want %q", where, got, want)
				}
				delete(marked, where)
				delete(described, strings.ToLower(where))
			}
		}
	}
	for where := range described {
		t.Errorf("%s has no field", where)
	}
}

package passwords_test

import (
	"encoding/json"
	"go/ast"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestGeneratedModelsKeepTheirShape pins what a later change of the generator's
// configuration would break for users.
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
				t.Errorf("%s: only what is required is always sent", where)
			}
			if notAnInitialism.MatchString(field.Name) {
				t.Errorf("%s is spelled unlike Go", where)
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
			t.Errorf("%s of type %s", name, prefix)
		}
	}
	if constants < 100 {
		t.Errorf("only %d constants were seen", constants)
	}
}

func TestGeneratedClientHoldsNoServerOrParser(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("gen/client.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"ServerInterface", "ServeMux", "http.ResponseWriter", "http.Handler", "WithResponse"} {
		if strings.Contains(string(text), word) {
			t.Errorf("package gen holds %s", word)
		}
	}
}

// TestGeneratedModelsTakeWhatNewerServersSend covers those who use gen without
// package passwords.
func TestGeneratedModelsTakeWhatNewerServersSend(t *testing.T) {
	t.Parallel()
	server := testkit.Serve(t, testkit.JSON(200, `[{"status":"fromTheFuture","unknown":[1],"type":null}]`))
	client, err := gen.NewClient(server, gen.WithHTTPClient(testkit.DoerFunc(testkit.NewTransport(t).RoundTrip)))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.ListUserPasswords(t.Context(), "self", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var list []gen.PasswordStatusAndType
	if err := json.NewDecoder(resp.Body).Decode(&list); err != nil || len(list) != 1 || list[0].Status != "fromTheFuture" {
		t.Fatalf("got %v", err)
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

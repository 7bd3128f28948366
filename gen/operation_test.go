package gen_test

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/gen"
)

// TestOperationsMatchClient compares the table with the requests of the client:
// two separate runs of the generator create them.
func TestOperationsMatchClient(t *testing.T) {
	t.Parallel()
	methods := map[string]bool{}
	for i := range reflect.TypeFor[gen.ClientInterface]().NumMethod() {
		methods[strings.TrimSuffix(reflect.TypeFor[gen.ClientInterface]().Method(i).Name, "WithBody")] = true
	}
	var sent *http.Request
	client, err := gen.NewClient("https://cyclos.example", gen.WithHTTPClient(doerFunc(func(req *http.Request) (*http.Response, error) {
		sent = req
		return &http.Response{}, nil
	})))
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range gen.Operations {
		name := strings.ToUpper(string(op.ID[:1])) + string(op.ID[1:])
		if !methods[name] {
			t.Errorf("%s: the client has no method, or the operation is listed twice", op.ID)
			continue
		}
		delete(methods, name)
		call(t, client, name)
		path := strings.NewReplacer("{user}", "a", "{type}", "a").Replace(op.Path)
		if sent.Method != op.Method || sent.URL.Path != path {
			t.Errorf("%s: the client sends %s %s, the table has %s %s", op.ID, sent.Method, sent.URL.Path, op.Method, op.Path)
		}
	}
	for name := range methods {
		t.Errorf("%s is not in the table", name)
	}
}

type doerFunc func(*http.Request) (*http.Response, error)

func (f doerFunc) Do(req *http.Request) (*http.Response, error) { return f(req) }

// call calls a method of the client with "a" as the value of each path variable.
func call(t *testing.T, client *gen.Client, name string) {
	t.Helper()
	method := reflect.ValueOf(client).MethodByName(name)
	arguments := []reflect.Value{reflect.ValueOf(t.Context())}
	for i := 1; i < method.Type().NumIn()-1; i++ {
		argument := reflect.New(method.Type().In(i)).Elem()
		if argument.Kind() == reflect.String {
			argument.SetString("a")
		}
		arguments = append(arguments, argument)
	}
	if err, _ := method.Call(arguments)[1].Interface().(error); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func TestOperation(t *testing.T) {
	t.Parallel()
	for _, op := range gen.Operations {
		if got := op.ID.Operation(); got != op {
			t.Errorf("%s: got %v, want %v", op.ID, got, op)
		}
		if op.Safe != (op.Method == http.MethodGet) || op.Status/100 != 2 {
			t.Errorf("%s: got safe %t for %s and status %d", op.ID, op.Safe, op.Method, op.Status)
		}
		for status := range 600 {
			if got := op.Succeeded(status); got != (status == op.Status || op.ID == gen.OperationLogout && status == http.StatusOK) {
				t.Errorf("%s: status %d is a success: %t", op.ID, status, got)
			}
		}
		if hasBody := op.Status != http.StatusNoContent; hasBody != (op.MediaType != "") || (op.Model != nil) != (op.MediaType == "application/json") {
			t.Errorf("%s: status %d with media type %q and model %v", op.ID, op.Status, op.MediaType, op.Model)
		}
	}
	for _, unknown := range []gen.OperationID{"", "ListUserPasswords", "listUserPasswords "} {
		if got := unknown.Operation(); got != (gen.Operation{}) {
			t.Errorf("%q: got %v", unknown, got)
		}
	}
	list := gen.Operation{
		ID: "listUserPasswords", Tag: "Passwords", Method: "GET", Path: "/{user}/passwords", Safe: true,
		Status: 200, MediaType: "application/json", Model: reflect.TypeFor[gen.PasswordStatusAndType](), List: true,
	}
	if got := gen.OperationListUserPasswords.Operation(); got != list || slices.Index(gen.Operations, list) != 0 {
		t.Errorf("got %v, want %v", got, list)
	}
}

// TestOperationsCannotBeChanged: clients decide by the descriptions what is safe to
// repeat. It is not parallel, because others read the list.
func TestOperationsCannotBeChanged(t *testing.T) {
	kept := slices.Clone(gen.Operations)
	defer copy(gen.Operations, kept)
	clear(gen.Operations)
	for _, op := range kept {
		if got := op.ID.Operation(); got != op {
			t.Errorf("%s: got %v, want %v", op.ID, got, op)
		}
	}
}

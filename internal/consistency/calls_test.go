package consistency

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestTraceabilityOfCalls calls each method of Client that takes a context. It checks
// which request arrives, which operation the log line and the error name, and which
// types the method returns.
func TestTraceabilityOfCalls(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	arrived := make(chan string, len(gen.Operations))
	for _, op := range gen.Operations {
		mux.HandleFunc(op.Method+" /api"+op.Path, func(w http.ResponseWriter, r *http.Request) {
			arrived <- r.Pattern
			w.WriteHeader(http.StatusForbidden)
		})
	}
	var log bytes.Buffer
	client := testkit.NewClient(t, testkit.Serve(t, mux), passwords.WithSessionToken(passwords.NewSecret(testkit.Token)),
		passwords.WithLogger(slog.New(slog.NewJSONHandler(&log, nil))))
	var called []string
	for i := range reflect.TypeOf(client).NumMethod() {
		method := reflect.TypeOf(client).Method(i)
		if !takesContext(method.Type) {
			continue
		}
		log.Reset()
		var failure *passwords.Error
		if err := callWithSomething(t, client, method); !errors.As(err, &failure) || failure.StatusCode != http.StatusForbidden {
			t.Fatalf("%s: got %v, want 403", method.Name, err)
		}
		var logged struct{ Operation, Method, Path string }
		if err := json.Unmarshal(log.Bytes(), &logged); err != nil {
			t.Fatal(err)
		}
		op := gen.Operation{ID: gen.OperationID(logged.Operation), Method: logged.Method, Path: logged.Path}
		if pattern := <-arrived; failure.Operation != string(op.ID) || goName(op) != method.Name || pattern != op.Method+" /api"+op.Path || len(arrived) > 0 {
			t.Errorf("%s: logged as %s, failed as %s, arrived as %s and %d times more", method.Name, line(op), failure.Operation, pattern, len(arrived))
		}
		if got, want := resultName(method.Type), wantedResult(op.ID.Operation()); got != want {
			t.Errorf("%s returns %s, want %s", method.Name, got, want)
		}
		called = append(called, line(op))
	}
	for _, problem := range (list{"the methods of Client", called, withoutOptions(t, line)}).problems() {
		t.Error(problem)
	}
}

// callWithSomething calls a method of the client with valid arguments.
func callWithSomething(t *testing.T, client *passwords.Client, method reflect.Method) error {
	t.Helper()
	arguments := []reflect.Value{reflect.ValueOf(client)}
	for i := 1; i < method.Type.NumIn(); i++ {
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
		case reflect.TypeFor[[]string](), reflect.TypeFor[[]passwords.SendMedium]():
			if !method.Type.IsVariadic() {
				t.Errorf("%s takes a %v, which must be variadic", method.Name, in)
			}
			continue
		default:
			t.Fatalf("%s takes a %v, for which callWithSomething has no value: add one to internal/consistency/calls_test.go", method.Name, in)
		}
		arguments = append(arguments, reflect.ValueOf(argument))
	}
	results := method.Func.Call(arguments)
	err, _ := results[len(results)-1].Interface().(error)
	return err
}

// resultName returns the result types of a method.
func resultName(method reflect.Type) string {
	var types []string
	for i := range method.NumOut() {
		types = append(types, method.Out(i).String())
	}
	return strings.Join(types, ", ")
}

// wantedResult returns the result types of the method that calls the operation.
func wantedResult(op gen.Operation) string {
	switch {
	case op.List:
		return fmt.Sprintf("[]%s, error", op.Model)
	case op.Model != nil:
		return fmt.Sprintf("*%s, error", op.Model)
	case op.MediaType != "":
		return "passwords.Secret, error"
	}
	return "error"
}

// TestTraceabilityOfTheEmbeddedServer sends each method to the path of each
// operation, and to the paths that differ from it in one segment. The server's
// counters tell for which operation it took a request. HEAD is left out, because
// net/http treats it like GET.
func TestTraceabilityOfTheEmbeddedServer(t *testing.T) {
	t.Parallel()
	cyclos := cyclostest.New()
	counts := func() map[string]int {
		counted := map[string]int{}
		for _, op := range gen.Operations {
			counted[string(op.ID)] = cyclos.Calls(op.ID)
		}
		return counted
	}
	defer func() {
		if reason := recover(); reason != nil {
			t.Fatalf("the embedded server panicked, does cyclostest/operations.go lack an operation? %v", reason)
		}
	}()
	requests := 0
	var reached []string
	for _, path := range pathsAround(gen.Operations) {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"} {
			requests++
			want := expectedOperation(gen.Operations, method, path)
			before := counts()
			r := httptest.NewRequest(method, "/api"+path, strings.NewReader("{}"))
			r.Header.Set("Session-Token", cyclos.NewSession(cyclostest.Admin))
			w := httptest.NewRecorder()
			cyclos.Handler().ServeHTTP(w, r)
			var got []string
			for id, n := range counts() {
				if n != before[id] {
					got = append(got, id)
				}
			}
			switch {
			case want.ID != "" && !slices.Equal(got, []string{string(want.ID)}):
				t.Errorf("%s %s: taken for %q, want %s", method, path, got, want.ID)
			case want.ID == "" && (len(got) > 0 || w.Code != http.StatusNotFound && w.Code != http.StatusMethodNotAllowed):
				t.Errorf("%s %s: taken for %q with status %d, want none", method, path, got, w.Code)
			case want.ID != "" && !slices.Contains(reached, line(want)):
				reached = append(reached, line(want))
			}
		}
	}
	for _, problem := range (list{"the embedded server", reached, all(line)}).problems() {
		t.Error(problem)
	}
	if requests < 2000 {
		t.Errorf("only %d requests were sent", requests)
	}
}

// pathsAround returns the paths of the operations with values for the variables,
// the same paths with one segment replaced, removed or added, and some others.
func pathsAround(operations []gen.Operation) []string {
	segments := []string{"nope"}
	for _, op := range operations {
		segments = append(segments, strings.Split(withValues(op.Path), "/")[1:]...)
	}
	slices.Sort(segments)
	segments = slices.Compact(segments)
	paths := []string{"", "/", "/openapi.yaml", "/health", "/debug/pprof"}
	add := func(path []string) { paths = append(paths, "/"+strings.Join(path, "/")) }
	for _, op := range operations {
		path := strings.Split(withValues(op.Path), "/")[1:]
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

// expectedOperation returns the operation that has the path, preferring literals to
// variables. It is zero if there is none.
func expectedOperation(operations []gen.Operation, method, path string) (best gen.Operation) {
	segments := strings.Split(path, "/")
	for _, op := range operations {
		template := strings.Split(op.Path, "/")
		if op.Method != method || len(template) != len(segments) {
			continue
		}
		matches := true
		for i, segment := range segments {
			matches = matches && (template[i] == segment || strings.HasPrefix(template[i], "{") && segment != "")
		}
		if matches && (best.ID == "" || strings.Count(op.Path, "{") < strings.Count(best.Path, "{")) {
			best = op
		}
	}
	return best
}

func TestExpectedOperationPrefersLiterals(t *testing.T) {
	t.Parallel()
	operations := []gen.Operation{{ID: "data", Method: "GET", Path: "/{user}/p/{type}"}, {ID: "list", Method: "GET", Path: "/{user}/p/list"}}
	for path, want := range map[string]gen.OperationID{"/a/p/b": "data", "/a/p/list": "list", "/a/p": "", "/a/q/b": "", "/a/p/b/c": "", "//p/b": ""} {
		if got := expectedOperation(operations, "GET", path).ID; got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
	if got := expectedOperation(operations, "POST", "/a/p/b").ID; got != "" {
		t.Errorf("another method: got %q", got)
	}
}

package passwords_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// traced is an operation of the API in one of the places that name it.
type traced struct{ id, method, path string }

func (o traced) String() string { return o.id + ": " + o.method + " " + o.path }

// goName returns the name of the method that calls the operation.
func (o traced) goName() string { return strings.ToUpper(o.id[:1]) + o.id[1:] }

// TestTraceability holds every place that names the operations of the API
// against its description.
func TestTraceability(t *testing.T) {
	t.Parallel()
	spec := specOperations(t)
	comments, problems := commentOperations(parseDir(t, os.DirFS("."), false))
	for _, problem := range problems {
		t.Error(problem)
	}
	var methods []string
	client := reflect.TypeFor[*passwords.Client]()
	for i := range client.NumMethod() {
		if takesContext(client.Method(i).Type) {
			methods = append(methods, client.Method(i).Name)
		}
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var calls []traced
	for _, o := range testkit.Operations() {
		calls = append(calls, traced{o.ID, o.Method, o.Path})
	}
	for _, problem := range slices.Concat(
		differences("the API description", spec, "the comments", comments),
		differences("the API description", spec, "gen.Operations", tableOperations()),
		differences("the API description", spec, "testkit.Operations", calls),
		differences("the API description", goNames(spec), "Client", methods),
		differences("Client", methods, "the table of operations in the README", tableNames(string(readme))),
	) {
		t.Error(problem)
	}
}

// TestTraceabilityOfCalls calls each method of Client that takes a context, and
// looks at what arrives, what is logged and what the error names.
func TestTraceabilityOfCalls(t *testing.T) {
	t.Parallel()
	spec := specOperations(t)
	mux := http.NewServeMux()
	arrived := make(chan string, len(spec))
	for _, o := range spec {
		mux.HandleFunc(o.method+" /api"+o.path, func(w http.ResponseWriter, r *http.Request) {
			arrived <- r.Pattern
			w.WriteHeader(http.StatusForbidden)
		})
	}
	var log bytes.Buffer
	client := testkit.NewClient(t, testkit.Serve(t, mux), passwords.WithSessionToken(testkit.Token),
		passwords.WithLogger(slog.New(slog.NewJSONHandler(&log, nil))))
	var called []traced
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
		var line struct{ Operation, Method, Path string }
		if err := json.Unmarshal(log.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		o := traced{line.Operation, line.Method, line.Path}
		if pattern := <-arrived; failure.Operation != o.id || o.goName() != method.Name || pattern != o.method+" /api"+o.path || len(arrived) > 0 {
			t.Errorf("%s: logged as %v, failed as %s, arrived as %s and %d times more", method.Name, o, failure.Operation, pattern, len(arrived))
		}
		called = append(called, o)
	}
	for _, problem := range differences("the API description", spec, "the calls", called) {
		t.Error(problem)
	}
}

// TestTraceabilityOfTheEmbeddedServer sends each method to the path of each
// operation, and to the paths that differ from it in one segment. What the server
// counts tells which operation it took a request for. HEAD is left out: net/http
// takes it for GET.
func TestTraceabilityOfTheEmbeddedServer(t *testing.T) {
	t.Parallel()
	spec := specOperations(t)
	cyclos := cyclostest.New()
	counts := func() map[string]int {
		// The server panics for an operation which it does not know.
		defer func() {
			if unknown := recover(); unknown != nil {
				t.Fatal(unknown)
			}
		}()
		all := map[string]int{}
		for _, o := range spec {
			all[o.id] = cyclos.Calls(o.id)
		}
		return all
	}
	requests := 0
	var reached []traced
	for _, path := range pathsAround(spec) {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"} {
			requests++
			want := expectedOperation(spec, method, path)
			before := counts()
			r := httptest.NewRequest(method, "/api"+path, strings.NewReader("{}"))
			r.Header.Set("Session-Token", cyclostest.AdminSession)
			w := httptest.NewRecorder()
			cyclos.Handler().ServeHTTP(w, r)
			var got []string
			for id, n := range counts() {
				if n != before[id] {
					got = append(got, id)
				}
			}
			switch {
			case want.id != "" && !slices.Equal(got, []string{want.id}):
				t.Errorf("%s %s: taken for %q, want %s", method, path, got, want.id)
			case want.id == "" && (len(got) > 0 || w.Code != http.StatusNotFound && w.Code != http.StatusMethodNotAllowed):
				t.Errorf("%s %s: taken for %q with status %d, want none", method, path, got, w.Code)
			case want.id != "" && !slices.Contains(reached, want):
				reached = append(reached, want)
			}
		}
	}
	for _, problem := range differences("the API description", spec, "what the embedded server serves", reached) {
		t.Error(problem)
	}
	if requests < 2000 {
		t.Errorf("only %d requests were sent", requests)
	}
}

// TestTraceabilityFindsDifferences seeds what the comparisons have to find.
func TestTraceabilityFindsDifferences(t *testing.T) {
	t.Parallel()
	comments := func(comment string) []string {
		source := "package p\n\n" + comment + "func (c *Client) EnablePassword(ctx context.Context) error { return nil }\n"
		all, problems := commentOperations(parseDir(t, fstest.MapFS{"p.go": {Data: []byte(source)}}, false))
		return append(problems, differences("spec", []traced{{"enablePassword", "POST", "/a"}}, "comments", all)...)
	}
	table := func(rows string) []string {
		readme := "# T\n\n## Operations\n\n| method | who |\n|---|---|\n" + rows + "\n| `AfterTheTable` | |\n"
		return differences("client", []string{"One", "Two"}, "README", tableNames(readme))
	}
	for name, tc := range map[string]struct{ got, want []string }{
		"comment":         {comments("// EnablePassword enables.\n//\n// enablePassword: POST /a\n"), nil},
		"no comment":      {comments(""), []string{"the comment of EnablePassword does not end in operationId: METHOD /path", "enablePassword: POST /a: in spec, not in comments"}},
		"not at the end":  {comments("// enablePassword: POST /a\n//\n// More.\n"), []string{"the comment of EnablePassword does not end in operationId: METHOD /path", "enablePassword: POST /a: in spec, not in comments"}},
		"another method":  {comments("// enablePassword: GET /a\n"), []string{"enablePassword: GET /a: in comments, not in spec", "enablePassword: POST /a: in spec, not in comments"}},
		"another path":    {comments("// enablePassword: POST /b\n"), []string{"enablePassword: POST /a: in spec, not in comments", "enablePassword: POST /b: in comments, not in spec"}},
		"another id":      {comments("// disablePassword: POST /a\n"), []string{"the comment of EnablePassword names disablePassword", "disablePassword: POST /a: in comments, not in spec", "enablePassword: POST /a: in spec, not in comments"}},
		"table":           {table("| `One` | |\n| `Two` | |\n"), nil},
		"row missing":     {table("| `One` | |\n"), []string{"Two: in client, not in README"}},
		"row of nothing":  {table("| `One` | |\n| `Two` | |\n| `Three` | |\n"), []string{"Three: in README, not in client"}},
		"row twice":       {table("| `One` | |\n| `Two` | |\n| `One` | |\n"), []string{"One: twice in README"}},
		"no such heading": {differences("client", []string{"One"}, "README", tableNames("## Others\n\n| `One` | |\n\n")), []string{"One: in client, not in README"}},
	} {
		if !slices.Equal(tc.got, tc.want) {
			t.Errorf("%s: got %q, want %q", name, tc.got, tc.want)
		}
	}

	spec := []traced{{"data", "GET", "/{user}/p/{type}"}, {"list", "GET", "/{user}/p/list"}}
	for path, want := range map[string]string{"/a/p/b": "data", "/a/p/list": "list", "/a/p": "", "/a/q/b": "", "/a/p/b/c": "", "//p/b": ""} {
		if got := expectedOperation(spec, "GET", path).id; got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
	if got := expectedOperation(spec, "POST", "/a/p/b").id; got != "" {
		t.Errorf("another method: got %q", got)
	}
}

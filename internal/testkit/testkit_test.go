package testkit_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// failures is a test that records its failures instead of failing.
type failures struct {
	testing.TB
	mu    sync.Mutex
	texts []string
}

func (f *failures) Errorf(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.texts = append(f.texts, fmt.Sprintf(format, args...))
}

func (f *failures) Error(args ...any) { f.Errorf("%s", fmt.Sprint(args...)) }

// errFatal is the value of the panic by which Fatalf ends the caller.
var errFatal = fmt.Errorf("fatal")

func (f *failures) Fatalf(format string, args ...any) {
	f.Errorf(format, args...)
	panic(errFatal)
}

// run calls check and returns the failures that it reports.
func (f *failures) run(check func()) (texts []string) {
	defer func() {
		texts = f.texts
		if ended := recover(); ended != nil && ended != errFatal {
			panic(ended)
		}
	}()
	check()
	return nil // set above
}

func TestWireFailsForWhatTheAPIDescriptionForbids(t *testing.T) {
	t.Parallel()
	off := func(r testkit.Reply) testkit.Reply { r.OffSpec = true; return r }
	for name, tc := range map[string]struct {
		path  string
		token string
		reply testkit.Reply
		fails bool
	}{
		"allowed":                       {"/ana/passwords", testkit.Token, testkit.JSON(200, `[]`), false},
		"unknown path":                  {"/ana/password", testkit.Token, testkit.JSON(200, `[]`), true},
		"no authentication":             {"/ana/passwords", "", testkit.JSON(200, `[]`), true},
		"undeclared status":             {"/ana/passwords", testkit.Token, testkit.JSON(202, `[]`), true},
		"body of another type":          {"/ana/passwords", testkit.Token, testkit.JSON(200, `{"leak-me":1}`), true},
		"value of another type":         {"/ana/passwords", testkit.Token, testkit.JSON(200, `[{"status":["leak-me"]}]`), true},
		"undeclared status, announced":  {"/ana/passwords", testkit.Token, off(testkit.JSON(202, `[]`)), false},
		"allowed, announced as not":     {"/ana/passwords", testkit.Token, off(testkit.JSON(200, `[]`)), true},
		"unknown path, announced":       {"/ana/password", testkit.Token, off(testkit.JSON(200, `[]`)), false},
		"no authentication, announced":  {"/ana/passwords", "", off(testkit.JSON(200, `[]`)), false},
		"body of another media type":    {"/ana/passwords", testkit.Token, testkit.Text("leak-me"), true},
		"header without value is unset": {"/ana/passwords", testkit.Token, testkit.Reply{Status: 200, Header: map[string]string{"Content-Type": "application/json", "X-Empty": ""}, Body: "[]"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &failures{TB: t}
			w := testkit.NewWire(f, tc.reply)
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+tc.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if tc.token != "" {
				req.Header.Set("Session-Token", tc.token)
			}
			resp, err := testkit.NewTransport(t).RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			if err != nil || resp.StatusCode != tc.reply.Status || string(body) != tc.reply.Body || resp.Header.Values("X-Empty") != nil {
				t.Errorf("the response differs: %v", err)
			}
			if got := w.One(t); got.Method != http.MethodGet || got.URI != "/api"+tc.path || got.Header.Get("Session-Token") != tc.token {
				t.Error("the recorded request differs")
			}
			f.mu.Lock()
			defer f.mu.Unlock()
			if (len(f.texts) > 0) != tc.fails || strings.Contains(strings.Join(f.texts, ""), "leak-me") {
				t.Errorf("%d failures, want one: %t, without values", len(f.texts), tc.fails)
			}
		})
	}
}

func TestWireCountsRequests(t *testing.T) {
	t.Parallel()
	f := &failures{TB: t}
	w := testkit.NewWire(t, testkit.NoContent)
	if got := f.run(func() { w.One(f) }); len(got) != 1 {
		t.Errorf("One failed %d times for no request", len(got))
	}
	client := testkit.NewClient(t, w.URL)
	for _, user := range []string{"ana", "ben"} {
		if err := client.EnablePassword(t.Context(), passwords.Principal(user), "login"); err != nil {
			t.Fatal(err)
		}
	}
	if got := f.run(func() { w.One(f) }); len(got) != 2 {
		t.Error("One did not fail for two requests")
	}
	all := w.All()
	if w.Count() != 2 || len(all) != 2 || !strings.Contains(all[0].URI, "/ana/") || !strings.Contains(all[1].URI, "/ben/") {
		t.Errorf("recorded %d requests, want those for ana and ben", len(all))
	}
}

func TestWantRejectedFails(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.NoContent)
	client := testkit.NewClient(t, w.URL)
	enable := func(id string) error { return client.EnablePassword(t.Context(), passwords.UserID(id), "login") }
	rejected := enable("no-number")
	for name, tc := range map[string]struct {
		err              error
		operation, value string
		fails            bool
	}{
		"rejected":          {rejected, "enablePassword", "no-number", false},
		"not rejected":      {nil, "enablePassword", "no-number", true},
		"another error":     {io.EOF, "enablePassword", "no-number", true},
		"another operation": {rejected, "disablePassword", "no-number", true},
		"the value shows":   {rejected, "enablePassword", "decimal", true},
	} {
		f := &failures{TB: t}
		if got := f.run(func() { testkit.WantRejected(f, w, tc.err, tc.operation, tc.value) }); (len(got) > 0) != tc.fails {
			t.Errorf("%s: got %d failures", name, len(got))
		}
	}
	if err := enable("1"); err != nil {
		t.Fatal(err)
	}
	f := &failures{TB: t}
	if got := f.run(func() { testkit.WantRejected(f, w, rejected, "enablePassword", "") }); len(got) != 1 {
		t.Error("a request that was sent was not noticed")
	}
}

// TestAuthenticationsSetTheirHeader and no other one.
func TestAuthenticationsSetTheirHeader(t *testing.T) {
	t.Parallel()
	all := testkit.Authentications()
	for name, a := range all {
		w := testkit.NewWire(t, testkit.NoContent)
		if err := testkit.NewClient(t, w.URL, a.Option).EnablePassword(t.Context(), passwords.UserID("1"), "login"); err != nil {
			t.Fatal(err)
		}
		for _, other := range all {
			if got := w.One(t).Header.Get(other.Header) != ""; got != (other.Header == a.Header) {
				t.Errorf("%s: %s is set: %t", name, other.Header, got)
			}
		}
	}
}

func TestTablesAreLargeAndNameEachRowOnce(t *testing.T) {
	t.Parallel()
	var users, types, errs, operations []string
	for _, row := range testkit.UserCases() {
		users = append(users, row.Name)
		for kind, want := range map[string]string{"UserID": row.ID, "Principal": row.Principal, "Locator": row.Locator} {
			if got, ok := row.Users()[kind]; !ok || got.Want != want {
				t.Errorf("%s: %s arrives as %q, want %q", row.Name, kind, got.Want, want)
			}
		}
	}
	for _, row := range testkit.TypeCases() {
		types = append(types, row.Name)
	}
	for _, row := range testkit.ErrorCases() {
		errs = append(errs, row.Name)
	}
	for _, o := range testkit.Operations() {
		operations = append(operations, o.ID)
	}
	for _, table := range []struct {
		names []string
		least int
	}{{users, 80}, {types, 25}, {errs, 35}, {operations, 1}} {
		rows := len(table.names)
		slices.Sort(table.names)
		if unique := len(slices.Compact(table.names)); unique < table.least || unique != rows {
			t.Errorf("%d rows with %d names, want at least %d rows with a name each", rows, unique, table.least)
		}
	}
}

// TestOperationsArriveAsTheySay checks the typical calls against the API description
// and against the pattern, user and type that tests expect.
func TestOperationsArriveAsTheySay(t *testing.T) {
	t.Parallel()
	for _, o := range testkit.Operations() {
		w := testkit.NewWire(t, o.OK)
		if _, err := o.Do(t.Context(), testkit.NewClient(t, w.URL)); err != nil {
			t.Errorf("%s: %v", o.ID, err)
		}
		if got := w.One(t); got.Method != o.Method || got.URI != "/api"+o.URI || got.Body != o.Body {
			t.Errorf("%s: the request differs", o.ID)
		}
		var got []testkit.Arrival
		server := testkit.Serve(t, testkit.NewRecorder(func(_ http.ResponseWriter, a testkit.Arrival) { got = append(got, a) }))
		if _, err := o.Call(t.Context(), testkit.NewClient(t, server), passwords.Principal("a b"), "c+d"); err != nil {
			t.Errorf("%s: %v", o.ID, err)
		}
		if want := o.Expect("a b", "c+d"); !slices.Equal(got, []testkit.Arrival{want}) {
			t.Errorf("%s: got %q, want %q", o.ID, got, want)
		}
		if found := testkit.OperationByID(o.ID); found.URI != o.URI {
			t.Errorf("%s: found by its ID: %s", o.ID, found.ID)
		}
		for _, row := range testkit.TypeCases() {
			if o.HasType() && (row.Rejected && !o.Rejects(row) || row.Value == testkit.ListData && o.Rejects(row) != (o.ID == "getUserPasswordsData")) {
				t.Errorf("%s: wrong expectation for %s", o.ID, row.Name)
			}
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("an unknown operation was found")
		}
	}()
	testkit.OperationByID("unknown")
}

// TestEmulatorCallsTellWhetherTheyWereExecuted: tests of faults rely on Done.
func TestEmulatorCallsTellWhetherTheyWereExecuted(t *testing.T) {
	t.Parallel()
	var ids []string
	for _, c := range testkit.EmulatorCalls() {
		ids = append(ids, string(c.ID))
		server := cyclostest.Start(t, cyclostest.WithWorld(testkit.FaultWorld()))
		if c.Done != nil && c.Done(server) {
			t.Errorf("%s: done before the call", c.ID)
		}
		client := testkit.NewClient(t, server.URL, passwords.WithSessionToken(passwords.NewSecret(c.Session)))
		if err := c.Do(t.Context(), client); err != nil || server.Calls(c.ID) != 1 {
			t.Errorf("%s: executed %d times: %v", c.ID, server.Calls(c.ID), err)
		}
		if c.Safe != (c.Done == nil) || c.Done != nil && !c.Done(server) {
			t.Errorf("%s: not done after the call", c.ID)
		}
	}
	for _, o := range testkit.Operations() {
		if !slices.Contains(ids, o.ID) {
			t.Errorf("%s: there is no call", o.ID)
		}
	}
}

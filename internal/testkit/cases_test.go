package testkit_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/internal/testkit"
)

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
		ids = append(ids, c.ID)
		server := cyclostest.NewServer(cyclostest.WithWorld(testkit.FaultWorld()))
		t.Cleanup(server.Close)
		if c.Done != nil && c.Done(server) {
			t.Errorf("%s: done before the call", c.ID)
		}
		client := testkit.NewClient(t, server.URL, passwords.WithSessionToken(c.Session))
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

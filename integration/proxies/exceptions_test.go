//go:build servers

package proxies

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
)

// strays are values that the SDK rejects, with the operation that they reach if a
// client only escapes them. They justify the rules and prove that the tests would
// detect a value that reaches another user or operation.
var strays = []struct {
	name, route        string
	user, passwordType string
	method, suffix     string
	want               arrival
}{
	{
		"semicolon: another user", mappedToTomcat, "ana;b", "pin", http.MethodPost, "/disable",
		arrival{Pattern: "POST /api/{user}/passwords/{type}/disable", User: "ana", Type: "pin"},
	},
	{
		"semicolon: another type", mappedToTomcat, "ana", "pin;b", http.MethodPost, "/disable",
		arrival{Pattern: "POST /api/{user}/passwords/{type}/disable", User: "ana", Type: "pin"},
	},
	{
		"slash: another user", mappedToGo, "x/../ana", "pin", http.MethodPost, "/disable",
		arrival{Pattern: "POST /api/{user}/passwords/{type}/disable", User: "ana", Type: "pin"},
	},
	{
		"slash: another operation", mappedToGo, "ana", "x/../list-data", http.MethodGet, "",
		arrival{Pattern: "GET /api/{user}/passwords/list-data", User: "ana"},
	},
	{
		"dot segment: another operation", "Tomcat", ".", "passwords", http.MethodGet, "",
		arrival{Pattern: "GET /api/{user}/passwords", User: "passwords"},
	},
	{
		"dot segments: another path", "Tomcat", "ana", "..", http.MethodPost, "/disable",
		arrival{Pattern: "POST /api/ana/disable"},
	},
	{
		"list-data: another operation", "Tomcat", "ana", listData, http.MethodGet, "",
		arrival{Pattern: "GET /api/{user}/passwords/list-data", User: "ana"},
	},
}

func testStrays(t *testing.T, routes []route) {
	t.Parallel()
	for _, tc := range strays {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			i := slices.IndexFunc(routes, func(r route) bool { return r.name == tc.route })
			if i < 0 {
				t.Fatalf("no route is called %q", tc.route)
			}
			req, err := http.NewRequest(tc.method, routes[i].baseURL+"/"+url.PathEscape(tc.user)+"/passwords/"+url.PathEscape(tc.passwordType)+tc.suffix, nil)
			if err != nil {
				t.Fatal(err)
			}
			transport := &http.Transport{}
			t.Cleanup(transport.CloseIdleConnections)
			observed := &observer{next: transport, arrived: routes[i].backend.arrived}
			resp, err := observed.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			if err := resp.Body.Close(); err != nil {
				t.Error(err)
			}
			if _, got := observed.take(); !slices.Equal(got, []arrival{tc.want}) {
				t.Errorf("got %q and status %d, want %q", got, resp.StatusCode, tc.want)
			}
		})
	}
}

// refusal is a group of values that the SDK sends but a server rejects: the caller
// gets an error and no operation takes place.
type refusal struct {
	server string
	// rows are names of user and type cases.
	rows   []string
	status int
	reason string
	on     func(route) bool
}

var refusals = []refusal{{
	server: "Tomcat",
	rows:   []string{"brackets", "square brackets"},
	status: http.StatusBadRequest,
	reason: "nginx unescapes square brackets if it maps the path, and Tomcat accepts them only escaped",
	on:     func(r route) bool { return r.mapsPath && r.backend.name == "Tomcat" },
}}

// refusedBy returns the refusal of a row on a route, nil if the row must arrive.
func refusedBy(r route, row string) *refusal {
	for i := range refusals {
		if refusals[i].on(r) && slices.Contains(refusals[i].rows, row) {
			return &refusals[i]
		}
	}
	return nil
}

func TestRefusalsAreOfRows(t *testing.T) {
	t.Parallel()
	var names []string
	for _, row := range userCases() {
		names = append(names, row.Name)
	}
	for _, row := range typeCases() {
		names = append(names, row.Name)
	}
	for _, refused := range refusals {
		for _, row := range refused.rows {
			if !slices.Contains(names, row) {
				t.Errorf("no row is called %q", row)
			}
		}
	}
}

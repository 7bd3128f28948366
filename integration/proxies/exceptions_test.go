//go:build servers && linux

package proxies

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/cyclos-go/passwords/internal/testkit"
)

// strays are values that the SDK rejects, with the operation that they reach if a
// client only escapes them. They justify the rules and prove that the tests would
// detect a value that reaches another user or operation.
var strays = []struct {
	name, route        string
	user, passwordType string
	method, suffix     string
	want               testkit.Arrival
}{
	{"semicolon: another user", mappedToTomcat, "ana;b", "pin", http.MethodPost, "/disable",
		testkit.Arrival{Pattern: "POST /api/{user}/passwords/{type}/disable", User: "ana", Type: "pin"}},
	{"semicolon: another type", mappedToTomcat, "ana", "pin;b", http.MethodPost, "/disable",
		testkit.Arrival{Pattern: "POST /api/{user}/passwords/{type}/disable", User: "ana", Type: "pin"}},
	{"slash: another user", mappedToGo, "x/../ana", "pin", http.MethodPost, "/disable",
		testkit.Arrival{Pattern: "POST /api/{user}/passwords/{type}/disable", User: "ana", Type: "pin"}},
	{"slash: another operation", mappedToGo, "ana", "x/../list-data", http.MethodGet, "",
		testkit.Arrival{Pattern: "GET /api/{user}/passwords/list-data", User: "ana"}},
	{"dot segment: another operation", "Tomcat", ".", "passwords", http.MethodGet, "",
		testkit.Arrival{Pattern: "GET /api/{user}/passwords", User: "passwords"}},
	{"dot segments: another path", "Tomcat", "ana", "..", http.MethodPost, "/disable",
		testkit.Arrival{Pattern: "POST /api/ana/disable"}},
	{"list-data: another operation", "Tomcat", "ana", testkit.ListData, http.MethodGet, "",
		testkit.Arrival{Pattern: "GET /api/{user}/passwords/list-data", User: "ana"}},
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
			req, err := http.NewRequest(tc.method, routes[i].baseURL()+"/"+url.PathEscape(tc.user)+"/passwords/"+url.PathEscape(tc.passwordType)+tc.suffix, nil)
			if err != nil {
				t.Fatal(err)
			}
			observed := &observer{next: routes[i].transport(t), arrived: routes[i].backend.arrived}
			resp, err := observed.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			if err := resp.Body.Close(); err != nil {
				t.Error(err)
			}
			if _, got := observed.take(); !slices.Equal(got, []testkit.Arrival{tc.want}) {
				t.Errorf("got %q and status %d, want %q", got, resp.StatusCode, tc.want)
			}
		})
	}
}

// refusedBy reports whether a server rejects the values of a row that the SDK sends,
// with status 400: the caller gets an error and no operation takes place. nginx
// unescapes square brackets if it maps the path, and Tomcat accepts them only
// escaped.
func refusedBy(r route, row string) bool {
	return r.mapsPath && r.backend.name == "Tomcat" && (row == "brackets" || row == "square brackets")
}

//go:build servers

package proxytest

import (
	"net/http"
	"slices"
	"testing"

	"github.com/cyclos-go/passwords/internal/testkit"
)

// refusal is a group of values which the SDK sends and a server refuses, so that
// the caller gets an error and nobody is acted on.
type refusal struct {
	server string
	// rows are names of rows of the tables.
	rows   []string
	status int
	reason string
	on     func(route) bool
}

var refusals = []refusal{{
	server: "Tomcat",
	rows:   []string{"brackets", "square brackets"},
	status: http.StatusBadRequest,
	reason: "nginx unescapes square brackets wherever it maps the path, and Tomcat takes them only escaped",
	on:     func(r route) bool { return r.mapsPath && r.backend.name == "Tomcat" },
}}

// refusedBy returns the refusal of a row on a route, nil if it has to arrive.
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
	for _, row := range testkit.UserCases() {
		names = append(names, row.Name)
	}
	for _, row := range testkit.TypeCases() {
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

// Package peers holds the clients that are compared, each behind the one
// interface of package work.
package peers

import (
	"net/http"

	"github.com/cyclos-go/passwords/bench/internal/work"
)

// Peer is one way to call the API.
type Peer struct {
	Name string
	New  func(base string, transport http.RoundTripper) (work.Client, error)
	// Floor is set if nothing is decoded: what remains is net/http.
	Floor bool
}

// Ours is the name of the client the others are compared with.
const Ours = "ours"

// All are the clients in the order of the tables.
var All = []Peer{
	{Name: Ours, New: newOurs},
	{Name: "hand-experiment", New: byHand(jsonExperiment)},
	{Name: "hand-encoding", New: byHand(standard)},
	{Name: "oapi-codegen", New: newStock},
	{Name: "ogen-quiet", New: newOgenQuiet},
	{Name: "ogen", New: newOgen},
	{Name: "go-swagger", New: newSwagger},
	{Name: "floor", New: newFloor, Floor: true},
}

func byHand(c codec) func(string, http.RoundTripper) (work.Client, error) {
	return func(base string, transport http.RoundTripper) (work.Client, error) {
		return &hand{base: base, client: &http.Client{Transport: transport}, codec: c}, nil
	}
}

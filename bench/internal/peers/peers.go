// Package peers lists the clients that are compared. With the build tag peers it
// has the generated ones, too.
package peers

import (
	"net/http"
	"slices"

	"github.com/cyclos-go/passwords/bench/internal/peers/floor"
	"github.com/cyclos-go/passwords/bench/internal/peers/hand"
	"github.com/cyclos-go/passwords/bench/internal/peers/ours"
	"github.com/cyclos-go/passwords/bench/internal/work"
)

// Peer is one way to call the API.
type Peer struct {
	Name string
	// Package has New, and no other client: "" if there is no such package.
	Package string
	New     func(base string, transport http.RoundTripper) (work.Client, error)
}

// The names of clients that others are compared with. Floor decodes nothing: it is
// net/http alone.
const (
	Ours           = "ours"
	HandExperiment = "hand-experiment"
	Floor          = "floor"
)

// All are the clients in the order of the tables.
var All = slices.Concat([]Peer{
	{Ours, "internal/peers/ours", ours.New},
	{HandExperiment, "", hand.NewExperiment},
	{"hand-encoding", "", hand.NewEncoding},
}, Generated, []Peer{
	{Floor, "internal/peers/floor", floor.New},
})

// Named returns the client of a name.
func Named(name string) Peer {
	return All[slices.IndexFunc(All, func(p Peer) bool { return p.Name == name })]
}

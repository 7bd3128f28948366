package main

import (
	"fmt"

	"github.com/cyclos-go/passwords/bench/internal/peers"
)

// thing is what takes memory: a client, or a call in flight.
type thing struct{ object, transport, client string }

// thingOf returns what a benchmark of footprints is about.
func thingOf(path []string) (thing, error) {
	if len(path) != 4 {
		return thing{}, fmt.Errorf("a benchmark is named %q", path)
	}
	return thing{path[1], path[2], path[3]}, nil
}

// things are the rows of the table, with what they are called there.
var things = []struct{ object, transport, name string }{
	{"client", "own", "client made by New, with a transport of its own"},
	{"client", "shared", "client made by New, WithHTTPClient"},
	{"client", "with", "client made by With, with another session"},
	{"call", "memory", "call in flight, over memory"},
	{"call", "http1", "call in flight, over HTTP/1"},
	{"call", "http2", "call in flight, over HTTP/2"},
}

var footprintColumns = []string{"", "heap: ours", "noise", "net/http", "noise", "stack: ours", "noise", "net/http", "noise"}

func footprintRows(all samples[thing]) [][]string {
	var table [][]string
	for _, t := range things {
		row := []string{t.name}
		for _, unit := range []string{"heap-B", "stack-B"} {
			for _, client := range []string{peers.Ours, "floor"} {
				at := thing{t.object, t.transport, client}
				bytes, noise := all.median(at, unit)
				if all[at] == nil || t.object == "client" && unit == "stack-B" {
					row = append(row, "", "")
				} else {
					row = append(row, fmt.Sprintf("%.0f", bytes), percent(noise))
				}
			}
		}
		table = append(table, row)
	}
	return table
}

func footprintSection(all samples[thing]) string {
	return footprintText + markdown(1, footprintColumns, footprintRows(all))
}

const footprintText = `
## Memory

What one of many keeps, in bytes that are in use after a garbage collection. Clients have a session token and have not been
used: connections come on top, with those who share them once. A client of net/http is an http.Client, with a copy of the
default transport or a shared one. A call in flight waits for the answer to list, at ours and at the client floor of the table
above, over the same transport; the goroutine that makes it is included, and so is, over HTTP/1, the connection it has alone.
The server is a process of its own and not included.

`

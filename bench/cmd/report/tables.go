package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/cyclos-go/passwords/bench/internal/peers"
	"github.com/cyclos-go/passwords/bench/internal/workloads"
)

// handLimit is the part of the time of the client written by hand with
// go-json-experiment that ours may take.
const handLimit = 1.25

// cpu is the unit of CPU time.
const cpu = "cpu-µs/op"

var transports = []string{"Memory", "Loopback"}

// cell returns the name of the benchmark of a call.
func cell(transport string, w workloads.Workload, client string) string {
	return transport + "/" + w.Name + "/" + client
}

func callRows(all samples) (table [][]string) {
	for _, transport := range transports {
		for _, w := range workloads.All {
			own := cell(transport, w, peers.Ours)
			for _, p := range peers.All {
				at := cell(transport, w, p.Name)
				table = append(table, []string{
					strings.ToLower(transport), w.Name, p.Name,
					fmt.Sprintf("%.1f µs", all.median(at, "sec/op")*1e6), all.noise(at, "sec/op"), all.ratio(at, own, "sec/op"),
					fmt.Sprintf("%.1f µs", all.median(at, cpu)), all.noise(at, cpu), all.ratio(at, own, cpu),
					fmt.Sprintf("%.0f", all.median(at, "B/op")), all.ratio(at, own, "B/op"),
					fmt.Sprintf("%.0f", all.median(at, "allocs/op")), all.ratio(at, own, "allocs/op"),
				})
			}
		}
	}
	return table
}

// goalRows compares our CPU times with the fastest generated client, and with the
// client written by hand.
func goalRows(all samples) (table [][]string) {
	for _, transport := range transports {
		for _, w := range workloads.All {
			own := cell(transport, w, peers.Ours)
			add := func(goal, other string, part float64) {
				measured, limit := all.median(own, cpu), part*all.median(other, cpu)
				met := "met"
				switch {
				case part == 1 && !all.differ(own, other, cpu):
					met = "not distinguished"
				case measured > limit:
					met = "**not met**"
				}
				table = append(table, []string{goal, strings.ToLower(transport), w.Name,
					fmt.Sprintf("%.1f µs", measured), fmt.Sprintf("%.1f µs", limit), met})
			}
			if len(peers.Generated) > 0 {
				fastest := slices.MinFunc(peers.Generated, func(a, b peers.Peer) int {
					return cmp.Compare(all.median(cell(transport, w, a.Name), cpu), all.median(cell(transport, w, b.Name), cpu))
				})
				add("at most the fastest generated client, "+fastest.Name, cell(transport, w, fastest.Name), 1)
			}
			add(fmt.Sprintf("at most %.2f of %s", handLimit, peers.HandExperiment), cell(transport, w, peers.HandExperiment), handLimit)
		}
	}
	return table
}

// scalingRows returns a row for each number of goroutines, with one and two cores
// side by side.
func scalingRows(all samples) (table [][]string) {
	for _, transport := range []string{"none", "memory", "memory-nogc", "http1", "http2"} {
		for _, workload := range []string{"sha256", workloads.List.Name, workloads.ListData.Name} {
			at := func(goroutines, procs int) string {
				return fmt.Sprintf("Scaling/%s/%s/goroutines=%d/procs=%d", transport, workload, goroutines, procs)
			}
			crews := slices.DeleteFunc([]int{1, 2, 10, 100, 1000}, func(n int) bool { return all[at(n, 1)] == nil })
			var fastest float64
			for _, n := range crews {
				fastest = max(fastest, all.median(at(n, 2), "calls/s"))
			}
			for _, n := range crews {
				one, two := at(n, 1), at(n, 2)
				// Connections are those of one core or two, whichever are more.
				most := func(unit string, scale float64) string {
					return fmt.Sprintf("%.0f", scale*max(all.median(one, unit), all.median(two, unit)))
				}
				table = append(table, []string{
					transport, workload, fmt.Sprint(n),
					fmt.Sprintf("%.0f", all.median(one, "calls/s")), all.noise(one, "calls/s"),
					fmt.Sprintf("%.0f", all.median(two, "calls/s")), all.noise(two, "calls/s"),
					all.ratio(two, one, "calls/s"), percent(all.median(two, "calls/s") / fastest),
					most("first-conns", 1), most("conns", 1), most("conns/call", 1000),
				})
			}
		}
	}
	return table
}

// footprints are the rows of the table of memory.
var footprints = []struct{ benchmark, name string }{
	{"client/own", "client made by New, with a transport of its own"},
	{"client/shared", "client made by New, WithHTTPClient"},
	{"client/with", "client made by With, with another session"},
	{"call/memory", "call in flight, over memory"},
	{"call/http1", "call in flight, over HTTP/1"},
	{"call/http2", "call in flight, over HTTP/2"},
}

func footprintRows(all samples) (table [][]string) {
	for _, f := range footprints {
		row := []string{f.name}
		for _, unit := range []string{"heap-B", "stack-B"} {
			for _, client := range []string{peers.Ours, peers.Floor} {
				at := "Footprint/" + f.benchmark + "/" + client
				if all[at] == nil || unit == "stack-B" && strings.HasPrefix(f.benchmark, "client/") {
					row = append(row, "", "")
				} else {
					row = append(row, fmt.Sprintf("%.0f", all.median(at, unit)), all.noise(at, unit))
				}
			}
		}
		table = append(table, row)
	}
	return table
}

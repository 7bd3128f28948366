package main

import (
	"fmt"

	"github.com/cyclos-go/passwords/bench/internal/peers"
	"github.com/cyclos-go/passwords/bench/internal/work"
)

// handLimit is how much of the time of the hand-written client with
// go-json-experiment ours may take.
const handLimit = 1.25

// generated are the clients that ours is to be faster than.
var generated = []string{"oapi-codegen", "ogen-quiet", "ogen", "go-swagger"}

var budgetColumns = []string{"goal", "transport", "workload", "measured", "limit", ""}

func budgetRows(all results) [][]string {
	var table [][]string
	add := func(goal string, at cell, measured, limit float64, format string) {
		met := "met"
		if measured > limit {
			met = "**not met**"
		}
		table = append(table, []string{goal, at.transport, at.workload,
			fmt.Sprintf(format, measured), fmt.Sprintf(format, limit), met})
	}
	for _, w := range work.All {
		own := cell{"memory", w.Name, peers.Ours}
		allocs, _ := all.median(own, "allocs/op")
		bytes, _ := all.median(own, "B/op")
		add("allocations", own, allocs, w.MaxAllocs, "%.0f")
		add("bytes", own, bytes, w.MaxBytes, "%.0f")
	}
	for _, transport := range transports {
		for _, w := range work.All {
			own := cell{transport, w.Name, peers.Ours}
			time, _ := all.median(own, "sec/op")
			fastest := generated[0]
			for _, name := range generated[1:] {
				if all.times(cell{transport, w.Name, name}, cell{transport, w.Name, fastest}, "sec/op") < 1 {
					fastest = name
				}
			}
			limit, _ := all.median(cell{transport, w.Name, fastest}, "sec/op")
			add("µs, below the fastest generated client ("+fastest+")", own, time*1e6, limit*1e6, "%.1f")
			if !all.differ(own, cell{transport, w.Name, fastest}, "sec/op") {
				table[len(table)-1][5] = "not told apart"
			}
			hand, _ := all.median(cell{transport, w.Name, "hand-experiment"}, "sec/op")
			add(fmt.Sprintf("µs, at most %.2f of hand-experiment", handLimit), own, time*1e6, hand*handLimit*1e6, "%.1f")
		}
	}
	return table
}

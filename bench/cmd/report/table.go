package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/cyclos-go/passwords/bench/internal/peers"
	"github.com/cyclos-go/passwords/bench/internal/work"
)

var transports = []string{"memory", "loopback"}

var columns = []string{"transport", "workload", "client", "time", "noise", "ratio", "bytes", "ratio", "allocs", "ratio"}

// rows returns the table: a row a cell.
func rows(all results) [][]string {
	var table [][]string
	for _, transport := range transports {
		for _, w := range work.All {
			for _, p := range peers.All {
				at := cell{transport, w.Name, p.Name}
				time, noise := all.median(at, "sec/op")
				bytes, _ := all.median(at, "B/op")
				allocs, _ := all.median(at, "allocs/op")
				table = append(table, []string{
					transport, w.Name, p.Name,
					fmt.Sprintf("%.1f µs", time*1e6), percent(noise), toOurs(all, at, "sec/op"),
					fmt.Sprintf("%.0f", bytes), toOurs(all, at, "B/op"),
					fmt.Sprintf("%.0f", allocs), toOurs(all, at, "allocs/op"),
				})
			}
		}
	}
	return table
}

func percent(part float64) string { return fmt.Sprintf("%.0f %%", part*100) }

// toOurs returns how much a client takes of what ours takes.
func toOurs(all results, at cell, unit string) string {
	return all.ratio(at, cell{at.transport, at.workload, peers.Ours}, unit)
}

func print(w io.Writer, table [][]string) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{columns}, table...) {
		if _, err := fmt.Fprintln(tw, strings.Join(row, "\t")); err != nil {
			return err
		}
	}
	return tw.Flush()
}

// markdown returns a table with the first columns to the left, the others to
// the right.
func markdown(left int, head []string, table [][]string) string {
	var b strings.Builder
	line := func(row []string) { b.WriteString("| " + strings.Join(row, " | ") + " |\n") }
	line(head)
	for i := range head {
		if i < left {
			b.WriteString("|---")
		} else {
			b.WriteString("|---:")
		}
	}
	b.WriteString("|\n")
	for _, row := range table {
		line(row)
	}
	return b.String()
}

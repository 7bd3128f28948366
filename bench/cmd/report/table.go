package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"golang.org/x/perf/benchmath"

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
					fmt.Sprintf("%.1f µs", time*1e6), fmt.Sprintf("%.0f %%", noise*100), all.ratio(at, "sec/op"),
					fmt.Sprintf("%.0f", bytes), all.ratio(at, "B/op"),
					fmt.Sprintf("%.0f", allocs), all.ratio(at, "allocs/op"),
				})
			}
		}
	}
	return table
}

// ratio returns how much a client takes of what ours takes, with a tilde where
// the rounds do not tell the two apart.
func (all results) ratio(at cell, unit string) string {
	own := cell{at.transport, at.workload, peers.Ours}
	if at == own {
		return "1"
	}
	ratio := fmt.Sprintf("%.2f", all.times(at, own, unit))
	if !all.differ(at, own, unit) {
		return "~" + ratio
	}
	return ratio
}

// differ reports whether the rounds tell two cells apart.
func (all results) differ(at, other cell, unit string) bool {
	one := benchmath.NewSample(all[at][unit], &benchmath.DefaultThresholds)
	two := benchmath.NewSample(all[other][unit], &benchmath.DefaultThresholds)
	compared := benchmath.AssumeNothing.Compare(one, two)
	return compared.P <= compared.Alpha
}

// times returns the median of one cell as a multiple of that of another.
func (all results) times(at, other cell, unit string) float64 {
	one, _ := all.median(at, unit)
	two, _ := all.median(other, unit)
	return one / two
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

package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cyclos-go/passwords/bench/internal/peers"
	"github.com/cyclos-go/passwords/bench/internal/workloads"
)

// sample returns six rounds. The clients take 10, 20, 30 µs and so on, in the order
// of peers.All, give or take a little. Two cores are 1.5 times as fast as one, 100
// goroutines half as fast as one, and each call of theirs opens half a connection.
func sample(t *testing.T) samples {
	t.Helper()
	all := samples{}
	for round := range 6 {
		var b strings.Builder
		b.WriteString("goos: linux\n")
		for _, transport := range transports {
			for _, w := range workloads.All {
				for i, p := range peers.All {
					fmt.Fprintf(&b, "Benchmark%s-2 \t 100\t %d ns/op\t %d cpu-µs/op\t %d B/op\t %d allocs/op\n",
						cell(transport, w, p.Name), 10000*(i+1)+100*round, 5*(i+1)+round, 1000*(i+1), 10*(i+1))
				}
			}
		}
		for _, transport := range []string{"http1", "none", "memory"} {
			for _, goroutines := range []int{100, 1} {
				for _, procs := range []int{2, 1} {
					speed, opened := 1000*(1+procs)+round, 0.0
					if goroutines > 1 {
						speed, opened = speed/2, 0.5
					}
					fmt.Fprintf(&b, "BenchmarkScaling/%s/list/goroutines=%d/procs=%d-2 \t 100\t 5 ns/op\t %d calls/s\t %d first-conns\t %d conns\t %g conns/call\n",
						transport, goroutines, procs, speed, goroutines+procs, goroutines, opened)
				}
			}
		}
		b.WriteString(`
BenchmarkFootprint/client/own/ours-2     1  1368 heap-B  0 stack-B
BenchmarkFootprint/client/own/floor-2    1  944.0 heap-B  0 stack-B
BenchmarkFootprint/client/with/ours-2    1  384.0 heap-B  0 stack-B
BenchmarkFootprint/call/http1/ours-2     1  14507 heap-B  21081 stack-B
BenchmarkFootprint/call/http1/floor-2    1  12737 heap-B  20174 stack-B
`)
		if err := all.read(b.String()); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func TestSamples(t *testing.T) {
	t.Parallel()
	all := sample(t)
	at := cell("Memory", workloads.ListData, peers.Ours)
	if median := all.median(at, "sec/op"); math.Abs(median-10.25e-6) > 1e-9 || all.noise(at, "sec/op") != "5 %" {
		t.Errorf("median %g, noise %s", median, all.noise(at, "sec/op"))
	}
	if low, high := all.quartiles(at, at, "sec/op"); math.Abs(low-10.1/10.25) > 1e-6 || math.Abs(high-10.4/10.25) > 1e-6 {
		t.Errorf("quartiles %g and %g", low, high)
	}
	all = samples{"own": {"sec/op": {1, 2, 3, 4, 5, 6}}, "other": {"sec/op": {1.5, 2.5, 3.5, 4.5, 5.5, 6.5}}}
	if got := all.ratio("other", "own", "sec/op"); got != "~1.14" {
		t.Errorf("got %s, want ~1.14, as the rounds do not distinguish the two", got)
	}
}

func TestTables(t *testing.T) {
	t.Parallel()
	all := sample(t)
	for _, table := range []struct {
		name  string
		rows  [][]string
		count int
		want  [][]string
	}{
		{"calls", callRows(all), len(transports) * len(workloads.All) * len(peers.All), [][]string{
			{"loopback", "change", "hand-experiment", "20.2 µs", "2 %", "1.98", "12.5 µs", "40 %", "1.67", "2000", "2.00", "20", "2.00"},
		}},
		{"scaling", scalingRows(all), 6, [][]string{
			{"http1", "list", "100", "1001", "0 %", "1501", "0 %", "1.50", "50 %", "102", "100", "500"},
		}},
		{"footprint", footprintRows(all), len(footprints), [][]string{
			{footprints[0].name, "1368", "0 %", "944", "0 %", "", "", "", ""},
			{footprints[2].name, "384", "0 %", "", "", "", "", "", ""},
			{footprints[4].name, "14507", "0 %", "12737", "0 %", "21081", "0 %", "20174", "0 %"},
		}},
		{"cost", costRows([]cost{{peers.Ours, time.Second, 7.5e6, 200, 10}}), 1, [][]string{{"ours", "1.0 s", "7.5 MB", "200", "10"}}},
	} {
		if len(table.rows) != table.count {
			t.Errorf("%s: %d rows, want %d", table.name, len(table.rows), table.count)
		}
		for _, want := range table.want {
			if !slices.ContainsFunc(table.rows, func(row []string) bool { return slices.Equal(row, want) }) {
				t.Errorf("%s: the row %q is missing", table.name, want)
			}
		}
	}
	var order []string
	for _, row := range scalingRows(all) {
		order = append(order, row[0]+" "+row[2])
	}
	if want := []string{"none 1", "none 100", "memory 1", "memory 100", "http1 1", "http1 100"}; !slices.Equal(order, want) {
		t.Errorf("the rows of scaling are %q, want %q", order, want)
	}
}

func TestGoals(t *testing.T) {
	t.Parallel()
	all := sample(t)
	all[cell("Loopback", workloads.List, peers.Ours)][cpu] = []float64{1e3, 1e3, 1e3, 1e3, 1e3, 1e3}
	for _, p := range peers.Generated {
		all[cell("Memory", workloads.Change, p.Name)][cpu] = all[cell("Memory", workloads.Change, peers.Ours)][cpu]
	}
	for _, row := range goalRows(all) {
		want := "met"
		switch {
		case row[1] == "loopback" && row[2] == "list":
			want = "**not met**"
		case row[1] == "memory" && row[2] == "change" && strings.Contains(row[0], "generated"):
			want = "not distinguished"
		}
		if row[5] != want {
			t.Errorf("%q is %s, want %s", row[:3], row[5], want)
		}
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	text, err := page(facts{Date: "2026-01-02", Seed: 42, Rounds: 6, ScalingTime: "5ms", LoadBefore: "0.25", Samples: sample(t), costs: []cost{{client: peers.Ours, size: 7.5e6}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Date: 2026-01-02", "seed 42", "6 of 5ms", "0.25", "| memory | list-data | ours | 10.3 µs | 5 % | 1 | 7.5 µs |", "| ours | 0.0 s | 7.5 MB |",
		"| http1 | list | 100 | 1001 |", "| call in flight, over HTTP/1 | 14507 |", "| at most 1.25 of hand-experiment |"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	columns := 0
	for line := range strings.Lines(text) {
		got := strings.Count(line, "|")
		if columns > 0 && got > 0 && got != columns {
			t.Errorf("a row of the table with %d columns: %s", columns-1, line)
		}
		columns = got
	}
}

func TestPicture(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "performance.svg")
	if err := picture(sample(t), file); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if all, fallback := strings.Count(string(text), "font-family:"), strings.Count(string(text), ",sans-serif;"); all == 0 || all != fallback {
		t.Errorf("%d of %d fonts have a fallback", fallback, all)
	}
	var names []string
	decoder := xml.NewDecoder(strings.NewReader(string(text)))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := token.(xml.CharData); ok {
			names = append(names, strings.TrimSpace(string(text)))
		}
	}
	for _, p := range peers.All {
		if slices.Contains(names, p.Name) == (p.Name == peers.Floor) {
			t.Errorf("the legend is wrong about %s", p.Name)
		}
	}
}

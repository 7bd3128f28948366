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

	"github.com/cyclos-go/passwords/bench/internal/peers"
	"github.com/cyclos-go/passwords/bench/internal/work"
)

// sample returns six rounds in which the clients take 10, 20, 30 µs and so on,
// in the order of peers.All, give or take a little.
func sample(t *testing.T) results {
	t.Helper()
	all := results{}
	for round := range 6 {
		var b strings.Builder
		b.WriteString("goos: linux\n")
		for _, transport := range []string{"Memory", "Loopback"} {
			for _, w := range work.All {
				for i, p := range peers.All {
					fmt.Fprintf(&b, "Benchmark%s/%s/%s-2 \t 100\t %d ns/op\t %d B/op\t %d allocs/op\n",
						transport, w.Name, p.Name, 10000*(i+1)+100*round, 1000*(i+1), 10*(i+1))
				}
			}
		}
		if err := all.read(b.String(), cellOf); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func TestMedianAndNoise(t *testing.T) {
	t.Parallel()
	center, noise := sample(t).median(cell{"memory", "list-data", peers.Ours}, "sec/op")
	if math.Abs(center-10.25e-6) > 1e-9 || math.Abs(noise-0.5/10.25) > 1e-6 {
		t.Errorf("median %g, noise %g", center, noise)
	}
}

func TestRowsHaveEveryCell(t *testing.T) {
	t.Parallel()
	table := rows(sample(t))
	if want := len(transports) * len(work.All) * len(peers.All); len(table) != want {
		t.Fatalf("%d rows, want %d", len(table), want)
	}
	want := []string{"loopback", "change", "hand-experiment", "20.2 µs", "2 %", "1.98", "2000", "2.00", "20", "2.00"}
	if !slices.ContainsFunc(table, func(row []string) bool { return slices.Equal(row, want) }) {
		t.Errorf("the row %q is missing", want)
	}
}

func TestRatioMarksWhatIsNotToldApart(t *testing.T) {
	t.Parallel()
	own, other := cell{"memory", "list", peers.Ours}, cell{"memory", "list", "ogen"}
	all := results{
		own:   {"sec/op": {1, 2, 3, 4, 5, 6}},
		other: {"sec/op": {1.5, 2.5, 3.5, 4.5, 5.5, 6.5}},
	}
	if got := toOurs(all, other, "sec/op"); got != "~1.14" {
		t.Errorf("got %s, want ~1.14", got)
	}
}

func TestGoals(t *testing.T) {
	t.Parallel()
	all := sample(t)
	all[cell{"memory", "list", peers.Ours}]["allocs/op"] = []float64{46, 46, 46}
	all[cell{"loopback", "list", peers.Ours}]["sec/op"] = []float64{1, 1, 1, 1, 1, 1}
	for _, row := range budgetRows(all) {
		want := "met"
		if row[1] == "memory" && row[2] == "list" && row[0] == "allocations" ||
			row[1] == "loopback" && row[2] == "list" {
			want = "**not met**"
		}
		if row[5] != want {
			t.Errorf("%q is %s, want %s", row[:3], row[5], want)
		}
	}
}

func TestPageAndPicture(t *testing.T) {
	t.Parallel()
	all := sample(t)
	text := page(facts{date: "2026-01-02", rounds: 6, benchtime: "1ms", results: all, costs: []cost{{client: peers.Ours, size: 7.5e6}}})
	for _, want := range []string{"Date: 2026-01-02", "| memory | list-data | ours | 10.3 µs |", "| ours | 0.0 s | 7.5 MB |"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	file := filepath.Join(t.TempDir(), "performance.svg")
	if err := picture(all, file); err != nil {
		t.Fatal(err)
	}
	svg, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = svg.Close() }()
	var names []string
	decoder := xml.NewDecoder(svg)
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
		if slices.Contains(names, p.Name) == p.Floor {
			t.Errorf("the legend is wrong about %s", p.Name)
		}
	}
}

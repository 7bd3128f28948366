package main

import (
	"slices"
	"strings"
	"testing"
)

// sampleThings returns two rounds of some footprints.
func sampleThings(t *testing.T) samples[thing] {
	t.Helper()
	all := samples[thing]{}
	for range 2 {
		if err := all.read(`
BenchmarkFootprint/client/own/ours-2     1  1368 heap-B  0 stack-B
BenchmarkFootprint/client/own/floor-2    1  944.0 heap-B  0 stack-B
BenchmarkFootprint/client/with/ours-2    1  384.0 heap-B  0 stack-B
BenchmarkFootprint/call/http1/ours-2     1  14507 heap-B  21081 stack-B
BenchmarkFootprint/call/http1/floor-2    1  12737 heap-B  20174 stack-B
`, thingOf); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func TestFootprintRows(t *testing.T) {
	t.Parallel()
	table := footprintRows(sampleThings(t))
	for _, want := range [][]string{
		{things[0].name, "1368", "0 %", "944", "0 %", "", "", "", ""},
		{things[2].name, "384", "0 %", "", "", "", "", "", ""},
		{things[4].name, "14507", "0 %", "12737", "0 %", "21081", "0 %", "20174", "0 %"},
	} {
		if !slices.ContainsFunc(table, func(row []string) bool { return slices.Equal(row, want) }) {
			t.Errorf("the row %q is missing", want)
		}
		if len(want) != len(footprintColumns) {
			t.Errorf("%d columns for %d cells", len(footprintColumns), len(want))
		}
	}
}

func TestPageHasScalingOnlyIfMeasured(t *testing.T) {
	t.Parallel()
	f := facts{results: sample(t)}
	sections := []string{"\n## Scaling\n", "\n## Memory\n"}
	for _, section := range sections {
		if strings.Contains(page(f), section) {
			t.Errorf("the page has %q, which was not measured", section)
		}
	}
	f.rounds, f.scalingtime, f.loads, f.things = 6, "5ms", sampleLoads(t), sampleThings(t)
	text := page(f)
	for _, want := range append(sections, "6 of 5ms", "| http1 | list | 100 | 1001 |", "| call in flight, over HTTP/1 | 14507 |") {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

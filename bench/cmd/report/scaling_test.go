package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// sampleLoads returns six rounds in which two cores are 1.5 times as fast as
// one, 100 goroutines half as fast as one, and each call of theirs opens half a
// connection.
func sampleLoads(t *testing.T) samples[load] {
	t.Helper()
	all := samples[load]{}
	for round := range 6 {
		var b strings.Builder
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
		if err := all.read(b.String(), loadOf); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func TestScalingRows(t *testing.T) {
	t.Parallel()
	table := scalingRows(sampleLoads(t))
	var order []string
	for _, row := range table {
		order = append(order, row[0]+" "+row[2])
	}
	if want := []string{"none 1", "none 100", "memory 1", "memory 100", "http1 1", "http1 100"}; !slices.Equal(order, want) {
		t.Fatalf("the rows are %q, want %q", order, want)
	}
	want := []string{"http1", "list", "100", "1001", "0 %", "1501", "0 %", "1.50", "50 %", "102", "100", "500"}
	if got := table[5]; !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if len(want) != len(scalingColumns) {
		t.Errorf("%d columns for %d cells", len(scalingColumns), len(want))
	}
}

func TestNamesOfBenchmarks(t *testing.T) {
	t.Parallel()
	for _, path := range [][]string{
		{"Scaling"}, {"Scaling", "http1", "list", "goroutines=10"}, {"Scaling", "http1", "list", "goroutines=x", "procs=1"},
	} {
		if _, err := loadOf(path); err == nil {
			t.Errorf("%q is taken for a load", path)
		}
	}
	if _, err := cellOf([]string{"Memory", "list"}); err == nil {
		t.Error("a name too short is taken for a cell")
	}
	if _, err := thingOf([]string{"Footprint", "client"}); err == nil {
		t.Error("a name too short is taken for a thing")
	}
}

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
)

// units are what is measured, under the names of benchfmt.
var units = []string{"sec/op", "B/op", "allocs/op"}

// cell names what one client did in one workload over one transport.
type cell struct{ transport, workload, client string }

// results hold the values of all rounds by cell and unit.
type results map[cell]map[string][]float64

// run takes the benchmarks round by round. In each round every client does each
// workload, in another order.
func run(ctx context.Context, rounds int, benchtime string) (results, error) {
	dir, err := os.MkdirTemp("", "passwords-bench")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	binary := filepath.Join(dir, "bench.test")
	if _, err := output(ctx, ".", nil, "go", "test", "-c", "-o", binary, "."); err != nil {
		return nil, err
	}
	fmt.Fprintln(os.Stderr, "checking that every client decodes fully")
	if _, err := output(ctx, ".", nil, binary, "-test.run", "."); err != nil {
		return nil, err
	}
	all := results{}
	for round := 1; round <= rounds; round++ {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round, rounds)
		text, err := output(ctx, ".", nil, binary, "-test.run", "^$", "-test.bench", ".",
			"-test.benchtime", benchtime, "-order", fmt.Sprint(round))
		if err != nil {
			return nil, err
		}
		if err := all.read(text); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (all results) read(text string) error {
	reader := benchfmt.NewReader(strings.NewReader(text), "benchmarks")
	for reader.Scan() {
		result, ok := reader.Result().(*benchfmt.Result)
		if !ok {
			continue
		}
		base, parts := result.Name.Parts()
		if len(parts) < 2 {
			return fmt.Errorf("a benchmark is named %s", result.Name)
		}
		at := cell{
			transport: strings.ToLower(string(base)),
			workload:  strings.TrimPrefix(string(parts[0]), "/"),
			client:    strings.TrimPrefix(string(parts[1]), "/"),
		}
		if all[at] == nil {
			all[at] = map[string][]float64{}
		}
		for _, unit := range units {
			if value, ok := result.Value(unit); ok {
				all[at][unit] = append(all[at][unit], value)
			}
		}
	}
	return reader.Err()
}

// median returns the median of a cell and how far the rounds lie apart, as a
// part of it.
func (all results) median(at cell, unit string) (center, spread float64) {
	values := all[at][unit]
	if len(values) == 0 {
		return 0, 0
	}
	sample := benchmath.NewSample(values, &benchmath.DefaultThresholds)
	center = benchmath.AssumeNothing.Summary(sample, 0.95).Center
	if center != 0 {
		spread = (sample.Values[len(sample.Values)-1] - sample.Values[0]) / center
	}
	return center, spread
}

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// cell names what one client did in one workload over one transport.
type cell struct{ transport, workload, client string }

type results = samples[cell]

// cellOf returns the cell of a benchmark of calls.
func cellOf(path []string) (cell, error) {
	if len(path) != 3 {
		return cell{}, fmt.Errorf("a benchmark is named %q", path)
	}
	return cell{strings.ToLower(path[0]), path[1], path[2]}, nil
}

// build makes the program in dir that has the benchmarks, and returns its path.
func build(ctx context.Context, dir string) (string, error) {
	binary := filepath.Join(dir, "bench.test")
	if _, err := output(ctx, ".", nil, "go", "test", "-c", "-o", binary, "."); err != nil {
		return "", err
	}
	fmt.Fprintln(os.Stderr, "checking that every client decodes fully")
	_, err := output(ctx, ".", nil, binary, "-test.run", ".")
	return binary, err
}

// run takes the benchmarks that match a pattern round by round, in each round in
// another order.
func run[K comparable](ctx context.Context, binary, pattern, benchtime string, rounds int, key func(path []string) (K, error)) (samples[K], error) {
	all := samples[K]{}
	for round := 1; round <= rounds; round++ {
		fmt.Fprintf(os.Stderr, "%s: round %d of %d\n", pattern, round, rounds)
		text, err := output(ctx, ".", nil, binary, "-test.run", "^$", "-test.bench", pattern,
			"-test.benchtime", benchtime, "-order", fmt.Sprint(round))
		if err != nil {
			return nil, err
		}
		if err := all.read(text, key); err != nil {
			return nil, err
		}
	}
	return all, nil
}

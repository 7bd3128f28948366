// Command report runs the benchmarks, prints them as one table, and writes
// performance.md and performance.svg. Run it in the directory bench.
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"time"
)

func main() {
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	out := flag.String("out", "../docs", "the directory to write to")
	date := flag.String("date", time.Now().UTC().Format(time.DateOnly), "the date of the run")
	rounds := flag.Int("rounds", 6, "how often each benchmark runs; fewer than 4 tell nothing apart")
	benchtime := flag.String("benchtime", "100ms", "how long each runs")
	scalingtime := flag.String("scalingtime", "300ms", "how long each of the benchmarks with many goroutines runs")
	withScaling := flag.Bool("scaling", true, "measure scaling and memory too")
	withCost := flag.Bool("cost", true, "measure builds too")
	flag.Parse()
	f := facts{date: *date, rounds: *rounds, benchtime: *benchtime, scalingtime: *scalingtime}
	if err := report(ctx, *out, f, *withScaling, *withCost); err != nil {
		stop()
		log.Fatal(err)
	}
}

func report(ctx context.Context, out string, f facts, withScaling, withCost bool) error {
	dir, err := os.MkdirTemp("", "passwords-bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if f.versions, err = versions(ctx); err != nil {
		return err
	}
	binary, err := build(ctx, dir)
	if err != nil {
		return err
	}
	if f.results, err = run(ctx, binary, "^Benchmark(Memory|Loopback)$", f.benchtime, f.rounds, cellOf); err != nil {
		return err
	}
	if err := print(os.Stdout, rows(f.results)); err != nil {
		return err
	}
	if withScaling {
		if f.loads, err = run(ctx, binary, "^BenchmarkScaling$", f.scalingtime, f.rounds, loadOf); err != nil {
			return err
		}
		// Memory does not depend on how long one looks.
		if f.things, err = run(ctx, binary, "^BenchmarkFootprint$", "1x", f.rounds, thingOf); err != nil {
			return err
		}
	}
	if withCost {
		if f.costs, err = costs(ctx); err != nil {
			return err
		}
	}
	if err := write(filepath.Join(out, "performance.md"), page(f)); err != nil {
		return err
	}
	return picture(f.results, filepath.Join(out, "performance.svg"))
}

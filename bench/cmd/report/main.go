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
	withCost := flag.Bool("cost", true, "measure builds too")
	flag.Parse()
	if err := report(ctx, *out, facts{date: *date, rounds: *rounds, benchtime: *benchtime}, *withCost); err != nil {
		stop()
		log.Fatal(err)
	}
}

func report(ctx context.Context, out string, f facts, withCost bool) error {
	var err error
	if f.versions, err = versions(ctx); err != nil {
		return err
	}
	if f.results, err = run(ctx, f.rounds, f.benchtime); err != nil {
		return err
	}
	if err := print(os.Stdout, rows(f.results)); err != nil {
		return err
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

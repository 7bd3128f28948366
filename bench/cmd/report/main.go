// Command report runs the benchmarks and writes performance.md and performance.svg.
// Run it in the directory bench, with the build tag peers, after go generate.
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"text/template"
	"time"

	"github.com/cyclos-go/passwords/bench/internal/peers"
	"github.com/cyclos-go/passwords/bench/internal/workloads"
)

func main() {
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	out := flag.String("out", "../docs", "the directory to write to")
	var f facts
	flag.StringVar(&f.Date, "date", time.Now().UTC().Format(time.DateOnly), "the date of the run")
	flag.Uint64Var(&f.Seed, "seed", rand.Uint64N(1_000_000), "the seed of the body of list-data-seeded")
	flag.IntVar(&f.Rounds, "rounds", 6, "how often each benchmark runs; fewer than 4 distinguish nothing")
	flag.StringVar(&f.Time, "benchtime", "100ms", "how long each runs")
	flag.StringVar(&f.ScalingTime, "scalingtime", "200ms", "how long each of the benchmarks with many goroutines runs")
	flag.Parse()
	if err := report(ctx, *out, f); err != nil {
		stop()
		log.Fatal(err)
	}
}

func report(ctx context.Context, out string, f facts) error {
	if len(peers.Generated) == 0 {
		return errors.New("the generated clients are missing: run make bench")
	}
	dir, err := os.MkdirTemp("", "passwords-bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := os.Setenv(workloads.SeedVariable, fmt.Sprint(f.Seed)); err != nil {
		return err
	}
	f.LoadBefore = load()
	if f.Versions, err = output(ctx, "go", append([]string{"list", "-m", "-f", "- {{.Path}} {{.Version}}"}, compared...)...); err != nil {
		return err
	}
	binary := filepath.Join(dir, "bench.test")
	if _, err := output(ctx, "go", "test", "-tags", "peers", "-c", "-o", binary, "."); err != nil {
		return err
	}
	log.Print("checking that every client decodes fully")
	if _, err := output(ctx, binary, "-test.run", "."); err != nil {
		return err
	}
	f.Samples = samples{}
	for _, part := range []struct{ pattern, time string }{
		{"^Benchmark(Memory|Loopback)$", f.Time},
		{"^BenchmarkScaling$", f.ScalingTime},
		{"^BenchmarkFootprint$", "1x"},
	} {
		// Each round has another order.
		for round := 1; round <= f.Rounds; round++ {
			log.Printf("%s: round %d of %d", part.pattern, round, f.Rounds)
			text, err := output(ctx, binary, "-test.run", "^$", "-test.bench", part.pattern, "-test.benchtime", part.time, "-order", fmt.Sprint(round))
			if err != nil {
				return err
			}
			if err := f.Samples.read(text); err != nil {
				return err
			}
		}
	}
	if f.costs, err = costs(ctx, dir); err != nil {
		return err
	}
	f.LoadAfter = load()
	text, err := page(f)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "performance.md"), []byte(text), 0o644); err != nil {
		return err
	}
	return picture(f.Samples, filepath.Join(out, "performance.svg"))
}

// output runs a command and returns what it prints.
func output(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s%s", name, args[0], err, out, stderr.String())
	}
	return string(out), nil
}

// load returns the load averages that the system reports, if it does.
func load() string {
	data, err := os.ReadFile("/proc/loadavg")
	if fields := strings.Fields(string(data)); err == nil && len(fields) > 0 {
		return fields[0]
	}
	return "unknown"
}

// facts are what the page says about a run.
type facts struct {
	Date                  string
	Seed                  uint64
	Rounds                int
	Time, ScalingTime     string
	Versions              string
	LoadBefore, LoadAfter string
	Samples               samples
	costs                 []cost
}

// compared are the modules whose versions matter to the figures.
var compared = []string{
	"github.com/go-json-experiment/json", "github.com/oapi-codegen/oapi-codegen/v2", "github.com/oapi-codegen/runtime", "github.com/ogen-go/ogen",
	"github.com/go-faster/jx", "go.opentelemetry.io/otel", "github.com/go-swagger/go-swagger", "github.com/go-openapi/runtime",
	"golang.org/x/perf", "gonum.org/v1/plot",
}

//go:embed page.md.tmpl
var pageText string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{"join": strings.Join}).Parse(pageText))

func page(f facts) (string, error) {
	var text strings.Builder
	err := pageTemplate.Execute(&text, map[string]any{
		"Facts": f, "Processor": processor(), "Procs": runtime.GOMAXPROCS(0), "Cores": runtime.NumCPU(),
		"Platform": runtime.GOOS + "/" + runtime.GOARCH, "Go": runtime.Version(), "SeededKB": len(workloads.ListDataSeeded.Body) / 1000,
		"Calls":     callRows(f.Samples),
		"Goals":     goalRows(f.Samples),
		"Scaling":   scalingRows(f.Samples),
		"Footprint": footprintRows(f.Samples),
		"Cost":      costRows(f.costs),
	})
	return text.String(), err
}

// processor returns what the system says of its processor, if it does.
func processor() string {
	data, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(data)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

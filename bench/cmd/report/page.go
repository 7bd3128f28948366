package main

import (
	_ "embed"
	"os"
	"runtime"
	"strings"
	"text/template"

	"github.com/cyclos-go/passwords/bench/internal/workloads"
)

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

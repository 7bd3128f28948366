package main

import (
	"context"
	"os"
	"runtime"
	"strings"
)

// compared are the modules whose versions matter to the figures.
var compared = []string{
	"github.com/go-json-experiment/json",
	"github.com/oapi-codegen/runtime",
	"github.com/ogen-go/ogen",
	"github.com/go-faster/jx",
	"go.opentelemetry.io/otel",
	"github.com/go-openapi/runtime",
	"golang.org/x/perf",
	"gonum.org/v1/plot",
}

func versions(ctx context.Context) ([]string, error) {
	list, err := output(ctx, ".", nil, "go", append([]string{"list", "-m"}, compared...)...)
	if err != nil {
		return nil, err
	}
	return strings.Split(strings.TrimSpace(list), "\n"), nil
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

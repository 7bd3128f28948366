package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
)

// samples have the values of all rounds by benchmark and unit. A benchmark goes by
// its name without the number of processors, such as "Memory/list/ours".
type samples map[string]map[string][]float64

// read adds what a round printed.
func (all samples) read(text string) error {
	reader := benchfmt.NewReader(strings.NewReader(text), "benchmarks")
	for reader.Scan() {
		result, ok := reader.Result().(*benchfmt.Result)
		if !ok {
			continue
		}
		base, parts := result.Name.Parts()
		name := string(base)
		for _, part := range parts {
			if strings.HasPrefix(string(part), "/") {
				name += string(part)
			}
		}
		if all[name] == nil {
			all[name] = map[string][]float64{}
		}
		for _, value := range result.Values {
			all[name][value.Unit] = append(all[name][value.Unit], value.Value)
		}
	}
	return reader.Err()
}

func (all samples) sample(name, unit string) *benchmath.Sample {
	return benchmath.NewSample(slices.Clone(all[name][unit]), &benchmath.DefaultThresholds)
}

// median returns the median of a benchmark, 0 if there is none.
func (all samples) median(name, unit string) float64 {
	if len(all[name][unit]) == 0 {
		return 0
	}
	return benchmath.AssumeNothing.Summary(all.sample(name, unit), 0.95).Center
}

// noise returns the distance of the rounds, as a part of the median.
func (all samples) noise(name, unit string) string {
	median := all.median(name, unit)
	if median == 0 {
		return percent(0)
	}
	values := all[name][unit]
	return percent((slices.Max(values) - slices.Min(values)) / median)
}

// times returns one median as a multiple of another.
func (all samples) times(name, other, unit string) float64 {
	return all.median(name, unit) / all.median(other, unit)
}

// differ reports whether the rounds distinguish two medians.
func (all samples) differ(name, other, unit string) bool {
	compared := benchmath.AssumeNothing.Compare(all.sample(name, unit), all.sample(other, unit))
	return compared.P <= compared.Alpha
}

// ratio returns one median as a multiple of another, with a tilde if the rounds do
// not distinguish the two.
func (all samples) ratio(name, other, unit string) string {
	if name == other {
		return "1"
	}
	ratio := fmt.Sprintf("%.2f", all.times(name, other, unit))
	if !all.differ(name, other, unit) {
		return "~" + ratio
	}
	return ratio
}

// quartiles returns the ratios of the first and the third quartile of a benchmark's
// rounds to the median of another.
func (all samples) quartiles(name, other, unit string) (low, high float64) {
	values := slices.SortedFunc(slices.Values(all[name][unit]), cmp.Compare[float64])
	if len(values) == 0 {
		return 0, 0
	}
	median := all.median(other, unit)
	return values[len(values)/4] / median, values[(3*len(values)-1)/4] / median
}

func percent(part float64) string { return fmt.Sprintf("%.0f %%", part*100) }

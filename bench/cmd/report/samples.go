package main

import (
	"fmt"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
)

// samples hold the values of all rounds by what was measured and unit.
type samples[K comparable] map[K]map[string][]float64

// read adds what a round printed. The path that key gets is the name of the
// benchmark without the number of processors.
func (all samples[K]) read(text string, key func(path []string) (K, error)) error {
	reader := benchfmt.NewReader(strings.NewReader(text), "benchmarks")
	for reader.Scan() {
		result, ok := reader.Result().(*benchfmt.Result)
		if !ok {
			continue
		}
		base, parts := result.Name.Parts()
		path := []string{string(base)}
		for _, part := range parts {
			if name, ok := strings.CutPrefix(string(part), "/"); ok {
				path = append(path, name)
			}
		}
		at, err := key(path)
		if err != nil {
			return err
		}
		if all[at] == nil {
			all[at] = map[string][]float64{}
		}
		for _, value := range result.Values {
			all[at][value.Unit] = append(all[at][value.Unit], value.Value)
		}
	}
	return reader.Err()
}

// median returns the median of a cell and how far the rounds lie apart, as a
// part of it.
func (all samples[K]) median(at K, unit string) (center, spread float64) {
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

// ratio returns one median as a multiple of another, with a tilde where the
// rounds do not tell the two apart.
func (all samples[K]) ratio(at, other K, unit string) string {
	if at == other {
		return "1"
	}
	ratio := fmt.Sprintf("%.2f", all.times(at, other, unit))
	if !all.differ(at, other, unit) {
		return "~" + ratio
	}
	return ratio
}

// differ reports whether the rounds tell two medians apart.
func (all samples[K]) differ(at, other K, unit string) bool {
	one := benchmath.NewSample(all[at][unit], &benchmath.DefaultThresholds)
	two := benchmath.NewSample(all[other][unit], &benchmath.DefaultThresholds)
	compared := benchmath.AssumeNothing.Compare(one, two)
	return compared.P <= compared.Alpha
}

// times returns one median as a multiple of another.
func (all samples[K]) times(at, other K, unit string) float64 {
	one, _ := all.median(at, unit)
	two, _ := all.median(other, unit)
	return one / two
}

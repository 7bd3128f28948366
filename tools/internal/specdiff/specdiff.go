// Package specdiff finds what a change of the API description breaks.
package specdiff

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/checker"
	"github.com/oasdiff/oasdiff/diff"
	"github.com/oasdiff/oasdiff/load"
)

// levels are those which oasdiff cannot know.
var levels = map[string]checker.Level{
	// All properties of results are optional here, and programs read them all the same.
	checker.ResponseOptionalPropertyRemovedId: checker.ERR,
	// Clients pass on the values they do not know, and newer servers do send some.
	checker.ResponsePropertyEnumValueAddedId:  checker.INFO,
	checker.ResponseMediaTypeEnumValueAddedId: checker.INFO,
}

// Result is what became of a description.
type Result struct {
	// Breaking names each breaking change in a line of its own, in order.
	Breaking []string
	// MajorRaised tells that the new description has a higher major version.
	MajorRaised bool
}

// Compare reads two descriptions and compares them.
func Compare(before, after string) (Result, error) {
	old, err := read(before)
	if err != nil {
		return Result{}, err
	}
	changed, err := read(after)
	if err != nil {
		return Result{}, err
	}
	report, sources, err := diff.GetWithOperationsSourcesMap(diff.NewConfig(), old, changed)
	if err != nil {
		return Result{}, fmt.Errorf("compare %s with %s: %w", after, before, err)
	}
	config := checker.NewConfig(checker.GetAllChecks(), checker.WithSeverityLevels(levels))
	localizer := checker.NewDefaultLocalizer()
	lines := map[string]bool{}
	for _, change := range checker.CheckBackwardCompatibility(config, report, sources) {
		place := strings.TrimSpace(change.GetOperation() + " " + change.GetPath())
		text := strings.Join(strings.Fields(change.GetUncolorizedText(localizer)), " ")
		parts := slices.DeleteFunc([]string{"spec", change.GetId(), place, text}, func(s string) bool { return s == "" })
		lines[strings.Join(parts, ": ")] = true
	}
	return Result{slices.Sorted(maps.Keys(lines)), major(changed) > major(old)}, nil
}

func read(file string) (*load.SpecInfo, error) {
	loader := openapi3.NewLoader()
	// The one it has reads a name only once in the life of the program.
	loader.ReadFromURIFunc = openapi3.ReadFromFile
	info, err := load.NewSpecInfo(loader, load.NewSource(file), load.WithFlattenAllOf())
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	return info, nil
}

func major(info *load.SpecInfo) int {
	var number int
	if _, err := fmt.Sscanf(info.Spec.Info.Version, "%d", &number); err != nil {
		return 0
	}
	return number
}

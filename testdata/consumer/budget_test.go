package main

import (
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// The most that the client may bring along. Go 1.26 takes the JSON packages from
// a module, newer releases from a standard library that is larger.
const (
	maxModules = 129 // in the module graph, this one and the client included
	maxForeign = 20  // packages in the program that are not of the standard library, its own included
	maxLinked  = 225 // packages in the program
)

const ifMore = `find what brought them with "go mod graph" or "go mod why". If a tool or a test needs it, give that a module of its own. ` +
	`If the client needs it, or Go has grown, raise the budget here in the same change`

// TestBudgets bounds what a program gets that imports the client.
func TestBudgets(t *testing.T) {
	t.Parallel()
	modules := goList(t, "-m", "all")
	linked := goList(t, "-deps", "-f", "{{if not .Standard}}foreign {{end}}{{.ImportPath}}", ".")
	foreign := slices.DeleteFunc(slices.Clone(linked), func(line string) bool { return !strings.HasPrefix(line, "foreign ") })
	for _, b := range []struct {
		what   string
		got    []string
		budget int
	}{
		{"modules", modules, maxModules},
		{"linked packages of others", foreign, maxForeign},
		{"linked packages", linked, maxLinked},
	} {
		if problem := over(b.what, b.got, b.budget); problem != "" {
			t.Error(problem)
		}
	}
	for _, path := range []string{"github.com/cyclos-go/passwords/cyclostest", "github.com/getkin/kin-openapi/openapi3", "testing"} {
		if slices.ContainsFunc(linked, func(line string) bool { return strings.TrimPrefix(line, "foreign ") == path }) {
			t.Errorf("%s is for tests, and linked", path)
		}
	}
}

// over says that there is more than the budget, and what.
func over(what string, got []string, budget int) string {
	if len(got) <= budget {
		return ""
	}
	return fmt.Sprintf("%d %s, the budget is %d: %s:\n%s", len(got), what, budget, ifMore, strings.Join(got, "\n"))
}

func TestBudgetsCanBeExceeded(t *testing.T) {
	t.Parallel()
	if problem := over("things", []string{"a", "b"}, 2); problem != "" {
		t.Errorf("got %q", problem)
	}
	if problem := over("things", []string{"a", "b"}, 1); !strings.HasPrefix(problem, "2 things, the budget is 1") {
		t.Errorf("got %q", problem)
	}
}

// goList returns the lines that go list writes.
func goList(t *testing.T, arguments ...string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list"}, arguments...)...)
	// Elsewhere, and with a C compiler, the standard library links other packages.
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")
	out, err := cmd.Output()
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		t.Fatalf("go list: %v\n%s", err, failed.Stderr)
	} else if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

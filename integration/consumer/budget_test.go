package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// The most that a user of the client gets. go.mod and go.sum of this module are
// what go mod tidy writes for a program like that of the README, which
// "make verify" checks. Go 1.26 takes the JSON packages from a module, newer
// releases from a larger standard library.
const (
	maxIndirect = 4   // indirect requirements in go.mod
	maxSums     = 39  // lines of go.sum
	maxModules  = 97  // in the module graph, including this one and the client
	maxForeign  = 20  // linked packages outside the standard library, including this one and the client's
	maxLinked   = 225 // linked packages
)

const ifMore = `find the cause with "go mod graph" or "go mod why". If a tool or a test needs it, give that a module of its own. ` +
	`If the client needs it, or Go has grown, raise the budget here in the same change`

// TestBudgets bounds what importing the client adds to a program.
func TestBudgets(t *testing.T) {
	t.Parallel()
	indirect := slices.DeleteFunc(lines(t, "go.mod"), func(line string) bool { return !strings.HasSuffix(line, "// indirect") })
	sums := lines(t, "go.sum")
	modules := goList(t, "-m", "all")
	linked := goList(t, "-deps", "-f", "{{if not .Standard}}foreign {{end}}{{.ImportPath}}", ".")
	foreign := slices.DeleteFunc(slices.Clone(linked), func(line string) bool { return !strings.HasPrefix(line, "foreign ") })
	for _, b := range []struct {
		what   string
		got    []string
		budget int
	}{
		{"indirect requirements", indirect, maxIndirect},
		{"lines of go.sum", sums, maxSums},
		{"modules", modules, maxModules},
		{"linked foreign packages", foreign, maxForeign},
		{"linked packages", linked, maxLinked},
	} {
		if len(b.got) == 0 {
			t.Errorf("no %s were found", b.what)
		}
		if problem := over(b.what, b.got, b.budget); problem != "" {
			t.Error(problem)
		}
	}
	for _, path := range []string{"github.com/cyclos-go/passwords/cyclostest", "github.com/getkin/kin-openapi/openapi3", "testing"} {
		if slices.ContainsFunc(linked, func(line string) bool { return strings.TrimPrefix(line, "foreign ") == path }) {
			t.Errorf("%s is for tests, but is linked", path)
		}
	}
}

// lines returns the lines of a file.
func lines(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

// over describes what exceeds the budget, "" if nothing does.
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

// goList returns the output lines of go list.
func goList(t *testing.T, arguments ...string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list"}, arguments...)...)
	// The packages of the standard library depend on the platform and on cgo.
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")
	out, err := cmd.Output()
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		t.Fatalf("go list: %v\n%s", err, failed.Stderr)
	} else if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

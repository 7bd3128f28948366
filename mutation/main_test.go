package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

const code = `package sample

import "errors"

const most = 10

var errLarge = errors.New("large")

type Counter struct{ n int }

func (c *Counter) Add(by int, quiet bool) (int, error) {
	if by > most && !quiet {
		return c.n, errLarge
	}
	for i := 0; i < by; i++ {
		c.n++
	}
	return c.n, nil
}

func Kind(by int) string {
	switch {
	case by < 0:
		return "negative"
	}
	return Name
}

func unseen() string { return "unseen" }
`

const constants = `package sample

const Name = "natural"
`

// The test takes a change of the limit, of its error and of the count for what it
// is, and knows nothing of quiet and of kinds.
const test = `package sample

import "testing"

func TestAdd(t *testing.T) {
	var c Counter
	if n, err := c.Add(2, false); n != 2 || err != nil {
		t.Error(n, err)
	}
	if n, err := c.Add(11, false); n != 2 || err == nil {
		t.Error(n, err)
	}
	_ = unseen()
}
`

func TestChangesAreFoundBuiltAndJudged(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module sample\n\ngo 1.26\n", "code.go": code, "constants.go": constants, "code_test.go": test} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d := &driver{root: root, dir: t.TempDir(), timeout: time.Minute, sources: map[string][]byte{}}
	d.binary = filepath.Join(d.dir, "all.test")
	if err := d.collect("."); err != nil {
		t.Fatal(err)
	}
	if _, err := d.buildAll(); err != nil {
		t.Fatal(err)
	}
	if v := d.test(d.binary, 0); v != survived {
		t.Fatalf("without a change: %s", v)
	}
	got := map[string]verdict{}
	for i, v := range d.testAll(d.points, 2) {
		p := d.points[i]
		got[fmt.Sprintf("%d: %s", p.line, p.what)] = v
	}
	for what, want := range map[string]verdict{
		"5: double 10":                     killed,
		"12: negate by > most":             killed,
		"12: instead: by >= most":          survived,
		"12: instead: by > most || !quiet": killed,
		"12: negate !quiet":                killed,
		"13: return zero for c.n":          killed,
		"13: return zero for errLarge":     killed,
		"15: negate i < by":                killed,
		"15: instead: i <= by":             killed,
		"16: remove c.n++":                 killed,
		"18: return zero for c.n":          killed,
		"23: negate by < 0":                survived,
		"23: instead: by <= 0":             survived,
		`24: empty "negative"`:             survived,
		`24: return zero for "negative"`:   survived,
		"26: return zero for Name":         survived,
		`29: empty "unseen"`:               survived,
		`29: return zero for "unseen"`:     survived,
	} {
		if got[what] != want {
			t.Errorf("%s: got %q, want %q", what, got[what], want)
		}
		delete(got, what)
	}
	for what, v := range got {
		t.Errorf("%s: %s, and nobody asked for it", what, v)
	}
	if err := report([]string{"."}, d, d.points, make([]verdict, len(d.points)), 85); err != nil {
		t.Errorf("nothing was judged, yet: %v", err)
	}
	if err := report([]string{"."}, d, d.points[:1], []verdict{survived}, 85); err == nil {
		t.Error("a change that nobody noticed passes")
	}
}

// TestChangesThatDoNotCompileAreDropped and only these.
func TestChangesThatDoNotCompileAreDropped(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	text := "package sample\n\nfunc F() int {\n\tpanic(1)\n}\n\nfunc G(b bool) bool {\n\treturn b\n}\n"
	for name, text := range map[string]string{"go.mod": "module sample\n\ngo 1.26\n", "code.go": text, "code_test.go": "package sample\n"} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d := &driver{root: root, dir: t.TempDir(), timeout: time.Minute, sources: map[string][]byte{}}
	d.binary = filepath.Join(d.dir, "all.test")
	if err := d.collect("."); err != nil {
		t.Fatal(err)
	}
	dropped, err := d.buildAll()
	if err != nil || dropped != 1 || len(d.points) != 1 || d.points[0].what != "negate b" {
		t.Errorf("dropped %d, kept %d: %v", dropped, len(d.points), err)
	}
}

func TestTheTestsThatArePutAsideAreNamedWhole(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{aside, slow} {
		if !strings.HasPrefix(pattern, "^") || !strings.HasSuffix(pattern, "$") || regexp.MustCompile(pattern).MatchString("TestRetriesByStatus") {
			t.Errorf("%s puts other tests aside", pattern)
		}
	}
}

// Command mutation changes the code of the module above in many small ways, one at
// a time, and reports which changes no test notices.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/build"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// packages are those whose code the tests of the root have to hold.
const packages = ".,internal/transport,internal/response,internal/validate,internal/singleflight,internal/backoff,internal/encode"

// aside are the tests that look at source and documents, not at what the code does.
const aside = `^(TestSpec.*|TestGenerated(Models|Constants|Client).*|TestEvery.*|TestSecurityDoc.*|TestPathTables.*|TestSelfDoesNot.*)$`

// slow are those that run only where the others noticed nothing.
const slow = `^(TestLoad|TestFaultsNever.*|Fuzz.*)$`

type driver struct {
	root, dir string
	timeout   time.Duration
	sources   map[string][]byte
	points    []*point
	binary    string
}

type verdict string

const (
	killed   verdict = "killed"
	timedOut verdict = "timed out"
	survived verdict = "survived"
	unbuilt  verdict = "does not compile"
)

func main() {
	root := flag.String("root", "..", "directory of the module")
	list := flag.String("packages", packages, "directories to change, below root")
	every := flag.Int("every", 1, "take only each n-th change")
	only := flag.String("only", "", "take only changes whose line in the report matches")
	jobs := flag.Int("jobs", 2, "tests at a time")
	timeout := flag.Duration("timeout", time.Minute, "after which a test counts as failed")
	least := flag.Float64("least", 85, "percentage that tests have to notice, in each package")
	flag.Parse()
	if err := run(*root, strings.Split(*list, ","), *every, regexp.MustCompile(*only), *jobs, *timeout, *least); err != nil {
		fmt.Fprintln(os.Stderr, "mutation:", err)
		os.Exit(1)
	}
}

func run(root string, dirs []string, every int, only *regexp.Regexp, jobs int, timeout time.Duration, least float64) error {
	if every < 1 || jobs < 1 {
		return errors.New("-every and -jobs are at least 1")
	}
	dir, err := os.MkdirTemp("", "mutation")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	root, err = filepath.Abs(root)
	if err != nil {
		return err
	}
	d := &driver{root: root, dir: dir, timeout: timeout, sources: map[string][]byte{}, binary: filepath.Join(dir, "all.test")}
	for _, pkg := range dirs {
		if err := d.collect(pkg); err != nil {
			return err
		}
	}
	dropped, err := d.buildAll()
	if err != nil {
		return err
	}
	if v := d.test(d.binary, 0); v != survived { // no mutant has id 0
		return fmt.Errorf("without a change the tests end as %s: run go test . first, or give -timeout more", v)
	}
	fmt.Printf("%d changes, %d more do not compile\n", len(d.points), dropped)
	var chosen []*point
	for i, p := range d.points {
		if i%every == 0 && only.MatchString(d.describe(p)) {
			chosen = append(chosen, p)
		}
	}
	return report(dirs, d, chosen, d.testAll(chosen, jobs), least)
}

func (d *driver) describe(p *point) string {
	return fmt.Sprintf("%s:%d:%d: %s", p.file, p.line, p.column, p.what)
}

// collect finds the points of a package.
func (d *driver) collect(dir string) error {
	pkg, err := build.ImportDir(filepath.Join(d.root, dir), 0)
	if err != nil {
		return err
	}
	for _, file := range pkg.GoFiles {
		name := filepath.Join(dir, file)
		src, err := os.ReadFile(filepath.Join(d.root, name))
		if err != nil {
			return err
		}
		points, err := find(name, src, len(d.points)+1)
		if err != nil {
			return err
		}
		d.sources[name] = src
		d.points = append(d.points, points...)
	}
	d.sources[filepath.Join(dir, "mutant.gen.go")] = []byte("package " + pkg.Name + helpers)
	return nil
}

// compile builds the tests of the root with these points.
func (d *driver) compile(binary string, points []*point) ([]byte, error) {
	dir, err := os.MkdirTemp(d.dir, "overlay")
	if err != nil {
		return nil, err
	}
	replace := map[string]string{}
	for name, src := range d.sources {
		var of []*point
		for _, p := range points {
			if p.file == name {
				p.lines = nil
				of = append(of, p)
			}
		}
		at := filepath.Join(dir, flat(name))
		if err := os.WriteFile(at, render(src, of), 0o600); err != nil {
			return nil, err
		}
		replace[filepath.Join(d.root, name)] = at
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return nil, err
	}
	overlay := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlay, text, 0o600); err != nil {
		return nil, err
	}
	cmd := exec.Command("go", "test", "-c", "-vet=off", "-gcflags=-e", "-overlay", overlay, "-o", binary, ".")
	cmd.Dir = d.root
	return cmd.CombinedOutput()
}

// flat is what an overlaid file is called: errors show this name.
func flat(name string) string { return strings.ReplaceAll(name, string(filepath.Separator), "_") }

var compileError = regexp.MustCompile(`(?m)^(?:\./)?(\S+\.go):(\d+):`)

// buildAll builds all points but constants, and without those that do not compile,
// which it drops.
func (d *driver) buildAll() (dropped int, err error) {
	for {
		out, err := d.compile(d.binary, slices.DeleteFunc(slices.Clone(d.points), func(p *point) bool { return p.constant }))
		if err == nil {
			return dropped, nil
		}
		before := len(d.points)
		for _, at := range compileError.FindAllStringSubmatch(string(out), -1) {
			line, _ := strconv.Atoi(at[2])
			d.drop(filepath.Base(at[1]), line)
		}
		if len(d.points) == before {
			return dropped, fmt.Errorf("cannot compile: %w\n%s", err, out)
		}
		dropped += before - len(d.points)
	}
}

// drop drops the points at the line of an error, or at the last one before it: a
// return is missed at the end of a function.
func (d *driver) drop(file string, line int) {
	nearest := 0
	in := func(p *point) bool { return !p.constant && flat(p.file) == file }
	for _, p := range d.points {
		for _, at := range p.lines {
			if in(p) && at <= line {
				nearest = max(nearest, at)
			}
		}
	}
	d.points = slices.DeleteFunc(d.points, func(p *point) bool { return in(p) && slices.Contains(p.lines, nearest) })
}

// failure ends the tests at the first one that fails: the others go on for long.
type failure context.CancelFunc

func (f failure) Write(text []byte) (int, error) {
	if bytes.Contains(text, []byte("--- FAIL")) {
		f()
	}
	return len(text), nil
}

// test runs the tests with a mutant, the slow ones only if need be.
func (d *driver) test(binary string, mutant int) verdict {
	for _, args := range [][]string{{"-test.skip", aside + "|" + slow}, {"-test.run", slow}} {
		ctx, cancel := context.WithTimeout(context.Background(), d.timeout)
		cmd := exec.CommandContext(ctx, binary, append(args, "-test.failfast")...)
		cmd.Dir, cmd.Env, cmd.WaitDelay = d.root, append(os.Environ(), "MUTANT="+strconv.Itoa(mutant)), time.Second
		cmd.Stdout = failure(cancel)
		err := cmd.Run()
		late := errors.Is(ctx.Err(), context.DeadlineExceeded)
		cancel()
		switch {
		case late:
			return timedOut
		case err != nil:
			return killed
		}
	}
	return survived
}

func (d *driver) testAll(points []*point, jobs int) []verdict {
	verdicts := make([]verdict, len(points))
	next := make(chan int)
	var wg sync.WaitGroup
	for range jobs {
		wg.Go(func() {
			for i := range next {
				p, binary := points[i], d.binary
				if p.constant {
					binary = filepath.Join(d.dir, fmt.Sprintf("%d.test", p.id))
					if _, err := d.compile(binary, []*point{p}); err != nil {
						verdicts[i] = unbuilt
					}
				}
				if verdicts[i] != unbuilt {
					verdicts[i] = d.test(binary, p.id)
				}
				fmt.Printf("%-9s %s\n", verdicts[i], d.describe(p))
				if p.constant {
					_ = os.Remove(binary)
				}
			}
		})
	}
	for i := range points {
		next <- i
	}
	close(next)
	wg.Wait()
	return verdicts
}

// report prints the table, and fails if the tests of a package notice too little.
func report(dirs []string, d *driver, points []*point, verdicts []verdict, least float64) error {
	fmt.Println("\nnobody noticed:")
	for i, p := range points {
		if verdicts[i] == survived {
			fmt.Println(d.describe(p))
		}
	}
	var poor []string
	fmt.Printf("\n%-18s %7s %7s %9s %8s\n", "package", "changes", "killed", "timed out", "survived")
	for _, dir := range dirs {
		count := map[verdict]int{}
		for i, p := range points {
			if filepath.Dir(p.file) == filepath.Clean(dir) {
				count[verdicts[i]]++
			}
		}
		noticed := count[killed] + count[timedOut]
		all := noticed + count[survived]
		if all == 0 {
			continue
		}
		percent := 100 * float64(noticed) / float64(all)
		fmt.Printf("%-18s %7d %7d %9d %8d  %.1f %%\n", dir, all, count[killed], count[timedOut], count[survived], percent)
		if percent < least {
			poor = append(poor, dir)
		}
	}
	if len(poor) > 0 {
		return fmt.Errorf("less than %v %% were noticed in %s: add tests for what nobody noticed", least, strings.Join(poor, ", "))
	}
	return nil
}

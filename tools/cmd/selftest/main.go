// Command selftest proves that each check of make verify finds what it is for: it
// copies the tree, sees the check pass, plants a fault, and sees the check fail
// with a message that tells what to do.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	root := flag.String("root", "..", "root of the repository")
	only := flag.String("only", "", "test this target alone, such as verify-api")
	flag.Parse()
	if err := run(*root, *only); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(root, only string) error {
	if err := complete(root); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "gates-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	t := tree{origin: root, dir: dir}
	if err := t.copy(); err != nil {
		return err
	}
	passed, failed := 0, 0
	count := func(name string, start time.Time, err error) {
		word := "ok"
		if err != nil {
			word = "FAIL"
			failed++
		} else {
			passed++
		}
		fmt.Printf("%-4s %5.1fs %s\n", word, time.Since(start).Seconds(), name)
		if err != nil {
			fmt.Println(err)
		}
	}
	controlled := map[string]bool{}
	for _, f := range faults {
		if only != "" && f.target != only {
			continue
		}
		if start := time.Now(); !controlled[f.target] {
			controlled[f.target] = true
			count(f.target+" without a fault", start, t.control(f.target))
		}
		start := time.Now()
		count(f.target+" with "+f.name, start, t.fault(f))
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	switch {
	case failed > 0:
		return errors.New("a check does not do what it is for: correct it in the Makefile, or its fault in tools/cmd/selftest")
	case passed == 0:
		return fmt.Errorf("no fault is planted for %s", only)
	}
	return nil
}

// complete makes sure that no check of make verify lacks a fault.
func complete(root string) error {
	text, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		return err
	}
	checks := checksOf(string(text))
	if len(checks) == 0 {
		return errors.New("the Makefile has no target verify")
	}
	for _, check := range checks {
		if !slices.ContainsFunc(faults, func(f fault) bool { return f.target == check }) {
			return fmt.Errorf("%s is never seen to fail: plant a fault for it in tools/cmd/selftest/faults.go", check)
		}
	}
	return nil
}

// checksOf returns the prerequisites of the target verify.
func checksOf(makefile string) []string {
	for line := range strings.Lines(makefile) {
		if list, ok := strings.CutPrefix(line, "verify:"); ok {
			list, _, _ = strings.Cut(list, "#")
			return strings.Fields(list)
		}
	}
	return nil
}

// tree is a copy, and the files in it that are not as they were.
type tree struct {
	origin, dir string
}

// copy takes what is or would be committed.
func (t tree) copy() error {
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = t.origin
	names, err := list.Output()
	if err != nil {
		return fmt.Errorf("list the tree: %w", err)
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(names), "\x00"), "\x00") {
		// A file that was removed and is not committed yet is still listed.
		if err := t.restore(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// restore copies a file, and removes it if it is not in the origin.
func (t tree) restore(name string) error {
	from, to := filepath.Join(t.origin, name), filepath.Join(t.dir, name)
	info, err := os.Stat(from)
	if err != nil {
		return errors.Join(err, os.RemoveAll(to))
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, text, info.Mode().Perm())
}

func (t tree) make(target string) (string, error) {
	command := exec.Command("make", target)
	command.Dir = t.dir
	// Under make, what the outer one was told would reach the inner one.
	command.Env = slices.DeleteFunc(os.Environ(), func(s string) bool {
		return strings.HasPrefix(s, "MAKEFLAGS=") || strings.HasPrefix(s, "MFLAGS=") || strings.HasPrefix(s, "MAKELEVEL=")
	})
	output, err := command.CombinedOutput()
	return string(output), err
}

func (t tree) control(target string) error {
	if output, err := t.make(target); err != nil {
		return fmt.Errorf("make %s fails without a fault: %w\n%s", target, err, output)
	}
	return nil
}

func (t tree) fault(f fault) (err error) {
	file := filepath.Join(t.dir, f.file)
	before, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	after, err := f.plant(string(before))
	if err != nil {
		return fmt.Errorf("%s: %w", f.file, err)
	}
	if err := os.WriteFile(file, []byte(after), 0o644); err != nil {
		return err
	}
	defer func() {
		// The check itself may have written the file, so it is taken from the origin.
		if restored := t.restore(f.file); !errors.Is(restored, fs.ErrNotExist) {
			err = errors.Join(err, restored)
		}
	}()
	output, err := t.make(f.target)
	if err == nil {
		return fmt.Errorf("make %s passes in spite of the fault\n%s", f.target, output)
	}
	for _, part := range f.want {
		if !strings.Contains(output, part) {
			return fmt.Errorf("make %s fails without saying %q\n%s", f.target, part, output)
		}
	}
	return nil
}

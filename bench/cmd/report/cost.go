package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/cyclos-go/passwords/bench/internal/peers"
)

const module = "github.com/cyclos-go/passwords/bench"

// cost is what a program pays for the client it imports.
type cost struct {
	client   string
	build    time.Duration
	size     int64
	packages int // linked, the standard library included
	foreign  int // of these, of other modules
	modules  int // in the module graph, the program's included
}

// costs measures the least program of each client, see the directory cost.
func costs(ctx context.Context) ([]cost, error) {
	dir, err := os.MkdirTemp("", "passwords-cost")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	warm := filepath.Join(dir, "cache")
	if err := warmCache(ctx, warm); err != nil {
		return nil, err
	}
	var all []cost
	for _, p := range peers.All {
		if p.Floor {
			continue
		}
		c, err := costOf(ctx, filepath.Join(dir, p.Name), warm, p.Name)
		if err != nil {
			return nil, fmt.Errorf("cost of %s: %w", p.Name, err)
		}
		all = append(all, c)
	}
	return all, nil
}

// warmCache builds what the programs need of the standard library: it is the
// same for all and would hide what differs.
func warmCache(ctx context.Context, cache string) error {
	list, err := output(ctx, ".", nil, "go", "list", "-deps", "-f", "{{if .Standard}}{{.ImportPath}}{{end}}", "./cost/...")
	if err != nil {
		return err
	}
	var packages []string
	for name := range strings.FieldsSeq(list) {
		if name != "unsafe" && !strings.HasPrefix(name, "vendor/") {
			packages = append(packages, name)
		}
	}
	_, err = output(ctx, ".", []string{"GOCACHE=" + cache}, "go", append([]string{"build"}, packages...)...)
	return err
}

func costOf(ctx context.Context, dir, warm, name string) (cost, error) {
	c := cost{client: name}
	program := "./cost/" + name
	cache := dir + "-cache"
	if err := os.CopyFS(cache, os.DirFS(warm)); err != nil {
		return c, err
	}
	binary := dir + "-program"
	start := time.Now()
	if _, err := output(ctx, ".", []string{"GOCACHE=" + cache},
		"go", "build", "-ldflags", "-s -w", "-o", binary, program); err != nil {
		return c, err
	}
	c.build = time.Since(start)
	info, err := os.Stat(binary)
	if err != nil {
		return c, err
	}
	c.size = info.Size()
	list, err := output(ctx, ".", nil, "go", "list", "-deps", "-f", "{{if .Standard}}std{{else}}{{.ImportPath}}{{end}}", program)
	if err != nil {
		return c, err
	}
	var own []string
	for path := range strings.FieldsSeq(list) {
		c.packages++
		switch {
		case path == "std":
		case strings.HasPrefix(path, module+"/"):
			own = append(own, strings.TrimPrefix(path, module+"/"))
		default:
			c.foreign++
		}
	}
	c.modules, err = graph(ctx, dir, own)
	return c, err
}

// graph returns the size of the module graph of a module that has nothing but
// the packages given.
func graph(ctx context.Context, dir string, packages []string) (int, error) {
	for _, p := range packages {
		if err := os.CopyFS(filepath.Join(dir, p), os.DirFS(p)); err != nil {
			return 0, err
		}
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(name)
		if err != nil {
			return 0, err
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			return 0, err
		}
	}
	root, err := filepath.Abs("..")
	if err != nil {
		return 0, err
	}
	if _, err := output(ctx, dir, nil, "go", "mod", "edit", "-replace=github.com/cyclos-go/passwords="+root); err != nil {
		return 0, err
	}
	if _, err := output(ctx, dir, nil, "go", "mod", "tidy"); err != nil {
		return 0, err
	}
	list, err := output(ctx, dir, nil, "go", "list", "-m", "all")
	return strings.Count(list, "\n"), err
}

// output runs a command and returns what it prints.
func output(ctx context.Context, dir string, env []string, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var errors strings.Builder
	cmd.Stderr = &errors
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, args[0], err, errors.String())
	}
	return string(out), nil
}

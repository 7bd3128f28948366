// Package goapi finds what a change of Go packages breaks. It keeps the API of a
// release as Go source without bodies, so that no tag, no history and no compiled
// file is needed, and so that the baseline can be read.
package goapi

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/exp/apidiff"
	"golang.org/x/tools/go/packages"
)

// Tree is a module whose packages are compared with a baseline. What they show
// of internal packages is compared as well.
type Tree struct {
	Dir      string   // of the module
	Packages []string // patterns, such as ./gen
	Baseline string   // directory
}

// Result is what became of the packages.
type Result struct {
	// Breaking names each breaking change in a line of its own, in order.
	Breaking []string
	// MajorRaised tells that the path of the module has a higher major version.
	MajorRaised bool
}

// Renew replaces the baseline by the packages as they are.
func (t Tree) Renew() error {
	now, module, err := t.load(nil)
	if err != nil {
		return err
	}
	var pkgs []*types.Package
	for _, pkg := range now {
		pkgs = append(pkgs, pkg)
	}
	old, err := filepath.Glob(filepath.Join(t.Baseline, "*.go.txt"))
	if err != nil {
		return err
	}
	for _, file := range old {
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	for pkg, objects := range reach(pkgs, within(module)) {
		text, err := write(pkg, objects)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(t.Baseline, fileName(module, pkg.Path())), text, 0o644); err != nil {
			return err
		}
	}
	result, err := t.Compare()
	if err == nil && len(result.Breaking) > 0 {
		err = fmt.Errorf("the baseline does not say what the packages do:\n%s", strings.Join(result.Breaking, "\n"))
	}
	return err
}

// Compare compares the packages with the baseline.
func (t Tree) Compare() (Result, error) {
	before, err := parse(t.Baseline)
	if err != nil {
		return Result{}, err
	}
	module, err := t.module()
	if err != nil {
		return Result{}, err
	}
	root, version := splitMajor(module)
	for path := range before.files {
		// A new major version is another module: nothing of the baseline is in it.
		if base, old := splitMajor(majorPart(path, root)); base == root && old < version {
			return Result{MajorRaised: true}, nil
		}
	}
	now, _, err := t.load(before.paths())
	if err != nil {
		return Result{}, err
	}
	before.others = now
	var result Result
	for _, path := range slices.Sorted(maps.Keys(before.files)) {
		place := "go: " + strings.TrimSuffix(fileName(module, path), ".go.txt") + ": "
		old, err := before.Import(path)
		if err != nil {
			return Result{}, fmt.Errorf("%s: %w", t.Baseline, err)
		}
		changed, ok := now[path]
		if !ok {
			result.Breaking = append(result.Breaking, place+"package removed")
			continue
		}
		for _, change := range apidiff.Changes(old, changed).Changes {
			if !change.Compatible {
				result.Breaking = append(result.Breaking, place+change.Message)
			}
		}
	}
	slices.Sort(result.Breaking)
	return result, nil
}

func (t Tree) module() (string, error) {
	text, err := os.ReadFile(filepath.Join(t.Dir, "go.mod"))
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(text)) {
		if path, ok := strings.CutPrefix(line, "module "); ok {
			return strings.TrimSpace(path), nil
		}
	}
	return "", errors.New("go.mod names no module")
}

// load type-checks the packages, and others that the baseline refers to.
func (t Tree) load(others []string) (map[string]*types.Package, string, error) {
	module, err := t.module()
	if err != nil {
		return nil, "", err
	}
	config := &packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedTypes | packages.NeedImports | packages.NeedDeps | packages.NeedExportFile,
		Dir:  t.Dir,
	}
	loaded, err := packages.Load(config, append(slices.Clone(t.Packages), others...)...)
	if err != nil {
		return nil, "", err
	}
	found := map[string]*types.Package{}
	for _, pkg := range loaded {
		if len(pkg.Errors) > 0 && len(pkg.GoFiles) > 0 && within(module)(pkg.PkgPath) {
			return nil, "", fmt.Errorf("%s does not compile: %w", pkg.PkgPath, pkg.Errors[0])
		}
		if len(pkg.Errors) == 0 {
			found[pkg.PkgPath] = pkg.Types
		}
	}
	return found, module, nil
}

func within(module string) func(string) bool {
	return func(path string) bool { return path == module || strings.HasPrefix(path, module+"/") }
}

// baseline is the importer of the packages of the last release.
type baseline struct {
	fset   *token.FileSet
	files  map[string]*ast.File
	done   map[string]*types.Package
	others map[string]*types.Package
}

func parse(dir string) (*baseline, error) {
	b := &baseline{token.NewFileSet(), map[string]*ast.File{}, map[string]*types.Package{}, nil}
	names, err := filepath.Glob(filepath.Join(dir, "*.go.txt"))
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s has no API to compare with: run 'make baseline' at the last release and commit", dir)
	}
	for _, name := range names {
		file, err := parser.ParseFile(b.fset, name, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		path := ""
		for _, comment := range file.Comments {
			if quoted, ok := strings.CutPrefix(comment.List[0].Text, "// import "); ok {
				path, _ = strconv.Unquote(quoted)
			}
		}
		if path == "" {
			return nil, fmt.Errorf("%s does not say which package it is of", name)
		}
		b.files[path] = file
	}
	return b, nil
}

// paths returns the packages of the baseline and those they import.
func (b *baseline) paths() []string {
	paths := map[string]bool{}
	for path, file := range b.files {
		paths[path] = true
		for _, spec := range file.Imports {
			if path, err := strconv.Unquote(spec.Path.Value); err == nil {
				paths[path] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(paths))
}

// Import is of types.Importer.
func (b *baseline) Import(path string) (*types.Package, error) {
	if pkg := b.done[path]; pkg != nil {
		return pkg, nil
	}
	file := b.files[path]
	if file == nil {
		if pkg := b.others[path]; pkg != nil {
			return pkg, nil
		}
		return nil, fmt.Errorf("%s, to which the API of the last release refers, is gone: "+
			"keep it, or raise the major version", path)
	}
	config := types.Config{Importer: b, IgnoreFuncBodies: true}
	pkg, err := config.Check(path, b.fset, []*ast.File{file}, nil)
	if err != nil {
		return nil, err
	}
	b.done[path] = pkg
	return pkg, nil
}

// majorPart returns the path of the module that a package of the baseline is in.
func majorPart(path, root string) string {
	rest, ok := strings.CutPrefix(path, root+"/")
	first, _, _ := strings.Cut(rest, "/")
	if _, version := splitMajor(root + "/" + first); ok && version > 1 {
		return root + "/" + first
	}
	return root
}

// splitMajor parts the path of a module from its major version.
func splitMajor(module string) (string, int) {
	i := strings.LastIndex(module, "/v")
	if i < 0 {
		return module, 1
	}
	version, err := strconv.Atoi(module[i+2:])
	if err != nil || version < 2 {
		return module, 1
	}
	return module[:i], version
}

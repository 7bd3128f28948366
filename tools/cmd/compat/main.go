// Command compat compares the API description and the Go packages with those of
// the last release, which api/baseline keeps.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/cyclos-go/passwords/tools/internal/accepted"
	"github.com/cyclos-go/passwords/tools/internal/goapi"
	"github.com/cyclos-go/passwords/tools/internal/specdiff"
)

func main() {
	root := flag.String("root", "..", "root of the repository")
	flag.Parse()
	if err := run(*root, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(root, command string) error {
	root, err := filepath.Abs(root)
	if err != nil {
		return err
	}
	spec := filepath.Join(root, "api", "openapi.yaml")
	baseline := filepath.Join(root, "api", "baseline")
	// These are what the README promises.
	tree := goapi.Tree{Dir: root, Packages: []string{".", "./cyclostest", "./gen"}, Baseline: baseline}
	switch command {
	case "spec":
		result, err := specdiff.Compare(filepath.Join(baseline, "openapi.yaml"), spec)
		if err != nil {
			return err
		}
		return check(root, "spec", result.Breaking, result.MajorRaised, "raise the major version in info.version of api/openapi.yaml")
	case "go":
		result, err := tree.Compare()
		if err != nil {
			return err
		}
		return check(root, "go", result.Breaking, result.MajorRaised, "raise the major version in the module path")
	case "renew":
		if err := os.MkdirAll(baseline, 0o755); err != nil {
			return err
		}
		text, err := os.ReadFile(spec)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(baseline, "openapi.yaml"), text, 0o644); err != nil {
			return err
		}
		return tree.Renew()
	}
	return errors.New("usage: compat [-root dir] spec | go | renew")
}

func check(root, kind string, breaking []string, majorRaised bool, instead string) error {
	if majorRaised {
		fmt.Printf("%s: the major version is higher than that of the last release, which allows every change\n", kind)
		return nil
	}
	known, err := accepted.Load(filepath.Join(root, accepted.File), kind)
	if err != nil {
		return err
	}
	if err := accepted.Check(breaking, known, instead); err != nil {
		return err
	}
	fmt.Printf("%s: nothing breaks those who use the last release, beside %d changes accepted in %s\n", kind, len(known), accepted.File)
	return nil
}

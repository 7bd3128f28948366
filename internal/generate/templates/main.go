// Command templates fails if a template of oapi-codegen has changed since it was
// replaced by one in api/templates, which may need the same change. It runs in the
// root of the repository.
package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

func main() {
	if err := run(os.DirFS("api/templates")); err != nil {
		log.New(os.Stderr, "templates: ", 0).Fatal(err)
	}
}

// run compares our templates with those of the oapi-codegen in go.mod.
func run(own fs.FS) error {
	// In this form go list works with a vendor directory too.
	list := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen")
	list.Stderr = os.Stderr
	dir, err := list.Output()
	if err != nil {
		return fmt.Errorf("find oapi-codegen: %w", err)
	}
	return check(own, os.DirFS(filepath.Join(strings.TrimSpace(string(dir)), "templates")))
}

// noted matches the checksum of the replaced template in a comment.
var noted = regexp.MustCompile(`SHA-256 ([0-9a-f]{64})`)

// check compares the templates of oapi-codegen with the checksums in our templates.
func check(own, builtin fs.FS) error {
	names, err := fs.Glob(own, "*.tmpl")
	if err != nil || len(names) == 0 {
		return fmt.Errorf("no templates: %w", errors.Join(err, fs.ErrNotExist))
	}
	var errs []error
	for _, name := range names {
		text, err := fs.ReadFile(own, name)
		if err != nil {
			return err
		}
		sum := noted.FindSubmatch(text)
		replaced, err := fs.ReadFile(builtin, name)
		switch got := fmt.Sprintf("%x", sha256.Sum256(replaced)); {
		case errors.Is(err, fs.ErrNotExist):
			if sum != nil {
				errs = append(errs, fmt.Errorf("%s: oapi-codegen no longer has this template", name))
			}
		case err != nil:
			return err
		case sum == nil:
			errs = append(errs, fmt.Errorf("%s: its comment must say: SHA-256 %s", name, got))
		case string(sum[1]) != got:
			errs = append(errs, fmt.Errorf("%s of oapi-codegen has changed: apply the change to api/templates if it matters there, then note SHA-256 %s", name, got))
		}
	}
	return errors.Join(errs...)
}

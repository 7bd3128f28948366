// Command templates fails if a template of oapi-codegen has changed since the one
// that replaces it in api/templates was written: what has changed may be needed
// there too.
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
	if err := run("api/templates", "github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"); err != nil {
		log.New(os.Stderr, "templates: ", 0).Fatal(err)
	}
}

// run compares the templates in the directory own with those of a package.
func run(own, pkg string) error {
	// In this form go list works with a vendor directory too.
	list := exec.Command("go", "list", "-f", "{{.Dir}}", pkg)
	list.Stderr = os.Stderr
	dir, err := list.Output()
	if err != nil {
		return fmt.Errorf("find %s: %w", pkg, err)
	}
	return check(os.DirFS(own), os.DirFS(filepath.Join(strings.TrimSpace(string(dir)), "templates")))
}

// noted matches the sum, in the comment of a template, of the one it replaces.
var noted = regexp.MustCompile(`SHA-256 ([0-9a-f]{64})`)

// check compares the templates of oapi-codegen with the sums noted in those that
// replace them.
func check(own, builtin fs.FS) error {
	names, err := fs.Glob(own, "*.tmpl")
	if len(names) == 0 {
		return errors.Join(errors.New("no templates"), err)
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
			errs = append(errs, fmt.Errorf("%s: its comment has to say: SHA-256 %s", name, got))
		case string(sum[1]) != got:
			errs = append(errs, fmt.Errorf("%s of oapi-codegen has changed: carry over to api/templates what matters, then note SHA-256 %s there", name, got))
		}
	}
	return errors.Join(errs...)
}

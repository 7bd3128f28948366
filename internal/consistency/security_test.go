package consistency

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// TestSecurityDocNamesExistingTests looks for each test and each file that
// docs/security.md names, in all modules of the repository.
func TestSecurityDocNamesExistingTests(t *testing.T) {
	t.Parallel()
	tree := files()
	declared := map[string]bool{}
	declaration := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	err := fs.WalkDir(tree, ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := fs.ReadFile(tree, path)
		for _, match := range declaration.FindAllStringSubmatch(string(text), -1) {
			declared[match[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, match := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(read(t, "docs/security.md"), -1) {
		switch name := match[1]; {
		case strings.HasPrefix(name, "Test"), strings.HasPrefix(name, "Fuzz"):
			if named++; !declared[name] {
				t.Errorf("docs/security.md names %s, and there is no such test", name)
			}
		case strings.HasSuffix(name, ".go"):
			if _, err := fs.Stat(tree, name); err != nil {
				t.Errorf("docs/security.md names a file: %v", err)
			}
		}
	}
	if named < 60 {
		t.Errorf("docs/security.md names only %d tests", named)
	}
}

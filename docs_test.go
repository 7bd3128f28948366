package passwords_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestSecurityDocNamesWhatIsThere looks for each test and each file that
// docs/security.md names.
func TestSecurityDocNamesWhatIsThere(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]bool{}
	declaration := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	err = filepath.WalkDir(".", func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, match := range declaration.FindAllStringSubmatch(string(text), -1) {
			declared[match[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, match := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(string(doc), -1) {
		switch name := match[1]; {
		case strings.HasPrefix(name, "Test"), strings.HasPrefix(name, "Fuzz"):
			if named++; !declared[name] {
				t.Errorf("no test is called %s", name)
			}
		case strings.HasSuffix(name, ".go"):
			if _, err := os.Stat(name); err != nil {
				t.Error(err)
			}
		}
	}
	if named < 60 {
		t.Errorf("only %d tests are named", named)
	}
}

package hardening

import (
	"io/fs"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/hardening/internal/collect"
	"github.com/cyclos-go/passwords/hardening/internal/leak"
)

// root is the directory of the module under test.
const root = ".."

// shows says whether an output holds a value in any form. Digits count only
// where they are a number of their own: they are part of ids and times.
func shows(value, output string) bool {
	if strings.Trim(value, "0123456789") == "" {
		return regexp.MustCompile(`(^|[^0-9.])` + value + `($|[^0-9])`).MatchString(output)
	}
	return len(leak.ForWholes(value).Find(output)) > 0
}

func suiteSecrets(t *testing.T) []collect.Secret {
	t.Helper()
	secrets, err := collect.Secrets(root, "gen", "hardening", ".git")
	if err != nil {
		t.Fatal(err)
	}
	return secrets
}

// shown returns where the secrets are written that an output shows. It does not
// return what they are.
func shown(output string, secrets []collect.Secret) []string {
	var positions []string
	for _, s := range secrets {
		if shows(s.Value, output) {
			positions = append(positions, s.Position)
		}
	}
	return positions
}

// modules returns the directories, below root, of the modules whose output is
// searched. This one is left out, as it prints secrets on purpose.
func modules(t *testing.T) []string {
	t.Helper()
	var dirs []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && (path == filepath.Join(root, "hardening") || entry.Name() == "testdata" || entry.Name() == ".git") {
			return fs.SkipDir
		}
		if err == nil && entry.Name() == "go.mod" {
			dirs = append(dirs, filepath.Dir(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return dirs
}

// TestOutputOfTheSuiteShowsNoSecret searches all that the tests and the example
// print for every secret that is in their sources.
func TestOutputOfTheSuiteShowsNoSecret(t *testing.T) {
	t.Parallel()
	secrets := suiteSecrets(t)
	dirs := modules(t)
	if !slices.Contains(dirs, root) {
		t.Fatalf("the module is not among %v", dirs)
	}
	search := func(dir string, args ...string) {
		t.Run(filepath.ToSlash(dir)+" go "+strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), "go", args...)
			cmd.Dir = dir
			output, err := cmd.CombinedOutput()
			if err != nil {
				t.Errorf("%v: not all of the output is there", err)
			}
			if len(output) == 0 {
				t.Error("there is no output")
			}
			for _, position := range shown(string(output), secrets) {
				t.Errorf("the secret at %s is shown", position)
			}
		})
	}
	for _, dir := range dirs {
		search(dir, "test", "-v", "-count=1", "./...")
	}
	search(root, "run", "./examples/lifecycle")
}

// TestSearchOfTheOutputFinds proves the test above: each secret is found in a
// line that shows it.
func TestSearchOfTheOutputFinds(t *testing.T) {
	t.Parallel()
	secrets := suiteSecrets(t)
	for _, s := range secrets {
		for name, line := range map[string]string{
			"alone":     "    x_test.go:1: got " + s.Value + " want another\n",
			"in a name": "=== RUN   TestX/of_" + s.Value + "_case\n",
		} {
			if !slices.Contains(shown("ok\n"+line+"PASS\n", secrets), s.Position) {
				t.Errorf("%s: the secret at %s is not found", name, s.Position)
			}
		}
	}
	if found := shown("=== RUN   TestX/wrong\n    x_test.go:246: 0.000002s 12468130\n--- PASS\n", secrets); len(found) > 0 {
		t.Errorf("found in an ordinary output: %v", found)
	}
}

// TestSecretsAreCollected pins what the search looks for: with nothing
// collected, nothing would be found.
func TestSecretsAreCollected(t *testing.T) {
	t.Parallel()
	values := map[string]bool{}
	for _, s := range suiteSecrets(t) {
		values[s.Value] = true
	}
	for value, why := range map[string]string{
		"fake-admin-0":        "a constant of the embedded server",
		"fake-session-ana":    "a session of the embedded server",
		"fake-client-ben":     "a token of the embedded server",
		"fake-otp":            "a password of the embedded server without a constant",
		"000002":              "a PIN",
		"wire-once-4b86":      "a constant of the tests whose name does not say that it is a secret",
		"secret-value-8c1d":   "a constant of one test",
		"no-such-session":     "a literal of a test",
		"a-new-example-1":     "a literal of the example",
		"wire-token-0f3a\x00": "a sum of a constant and a literal",
	} {
		if !values[value] {
			t.Errorf("not collected: %s", why)
		}
	}
	for _, value := range []string{"wrong", "short", "a", "", "newPassword", "Session-Token", "cardPin"} {
		if values[value] {
			t.Errorf("%q is taken for a secret", value)
		}
	}
}

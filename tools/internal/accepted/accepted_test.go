package accepted_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/tools/internal/accepted"
)

func TestLoadTakesTheItemsOfItsKind(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "breaking.md")
	text := "# Accepted\n\nText, - go: no item\n- go: gen: A: removed \n  because of B\n    - go: indented: is text\n- spec: x: y\n- other\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := accepted.Load(file, "go")
	if want := []string{"go: gen: A: removed"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q and %v, want %q", got, err, want)
	}
	if got, err := accepted.Load(file+".none", "go"); err != nil || got != nil {
		t.Errorf("without the file: got %q and %v", got, err)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		changes, accepted []string
		want              []string
	}{
		"nothing":            {nil, nil, nil},
		"accepted":           {[]string{"go: a"}, []string{"go: a"}, nil},
		"not accepted":       {[]string{"go: a", "go: b"}, []string{"go: a"}, []string{"\n- go: b\n", "api/breaking.md", "or do that"}},
		"nothing to accept":  {nil, []string{"go: a"}, []string{"\n- go: a\n", "remove these lines from api/breaking.md"}},
		"no substring does":  {[]string{"go: a: removed"}, []string{"go: a"}, []string{"\n- go: a: removed\n", "\n- go: a\n"}},
		"one item for twice": {[]string{"go: a", "go: a"}, []string{"go: a"}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := accepted.Check(test.changes, test.accepted, "do that")
			if (err != nil) != (test.want != nil) {
				t.Fatalf("got %v", err)
			}
			for _, part := range test.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("got %q, want %q in it", err, part)
				}
			}
			if err != nil && strings.Contains(err.Error(), "- go: a\n") && name == "not accepted" {
				t.Errorf("got %q, which names an accepted change", err)
			}
		})
	}
}

package hardening

import (
	"bytes"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/hardening/internal/echo"
	"github.com/cyclos-go/passwords/hardening/internal/leak"
)

// TestUsedClientShowsNothing prints a client whose connection is open: what was
// sent and received last is still in the buffers of net/http.
func TestUsedClientShowsNothing(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "used")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-race=false", "-o", program, "./internal/used").CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	shownBy := func(kind string) map[string][]string {
		cmd := exec.CommandContext(t.Context(), program, kind, sessionValue, basicValue, echo.Generated)
		var out, failure bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &failure
		if err := cmd.Run(); err != nil {
			t.Fatalf("%s: %v: %s", kind, err, failure.String())
		}
		search := leak.ForParts(sessionValue, basicValue, echo.Generated)
		shown := map[string][]string{}
		for _, section := range strings.Split(out.String(), "\n== ")[1:] {
			name, printed, _ := strings.Cut(section, "\n")
			if found := search.Find(printed); len(found) > 0 {
				shown[name] = found
			}
		}
		return shown
	}
	control := shownBy("control")
	for _, name := range []string{"pretty.Sprint", "litter unexported", "spew.Dump default", "spew.Dump without methods"} {
		if control[name] == nil {
			t.Errorf("%s shows nothing of a plain HTTP client: the test proves nothing", name)
		}
	}
	client := shownBy("client")
	for _, name := range slices.Sorted(maps.Keys(client)) {
		t.Errorf("%s shows what a client sent or received: %s", name, leak.Describe(client[name]))
	}
}

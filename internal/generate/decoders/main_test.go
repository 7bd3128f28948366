package main

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/gen"
)

func TestRunWritesWhatIsCommitted(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "decode.gen.go")
	if err := run(out); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("../../decode/decode.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(out); err != nil || !bytes.Equal(got, want) {
		t.Errorf("decode.gen.go is out of date, run make generate: %v", err)
	}
}

// TestResultsAreThoseOfTheOperations: each model that an operation returns needs a
// decoder.
func TestResultsAreThoseOfTheOperations(t *testing.T) {
	t.Parallel()
	var got, want []string
	for _, model := range results {
		got = append(got, model.Name())
	}
	for _, op := range gen.Operations {
		if op.Model != "" && !slices.Contains(want, op.Model) {
			want = append(want, op.Model)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("there are decoders for %v, but the operations return %v: change results in main.go", got, want)
	}
}

// TestRenderRejectsUnknownTypes: a property of a new type must not be left out
// silently.
func TestRenderRejectsUnknownTypes(t *testing.T) {
	t.Parallel()
	for _, model := range []any{
		struct{ F float64 }{}, struct{ F map[string]string }{}, struct{ F []int }{}, struct{ F *string }{}, struct{ F []*gen.User }{}, struct{ F any }{},
	} {
		if _, err := render(reflect.TypeOf(model)); err == nil || !strings.Contains(err.Error(), ".F: ") {
			t.Errorf("%T: got %v", model, err)
		}
	}
}

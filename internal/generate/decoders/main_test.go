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
	out := filepath.Join(t.TempDir(), "out.go")
	if err := run(out, results...); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if want, err := os.ReadFile("../../decode/decode.gen.go"); err != nil || !bytes.Equal(got, want) {
		t.Errorf("internal/decode/decode.gen.go is out of date, run make generate: %v", err)
	}
}

// TestResultsAreThoseOfTheOperations: a model which an operation returns needs
// its decoder.
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
		t.Errorf("there are decoders for %v, and the operations return %v: change results in main.go", got, want)
	}
}

// TestRunRefusesWhatItCannotRead: a model with a new kind of property must not
// come out without it.
func TestRunRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for _, model := range []any{
		struct{ F float64 }{}, struct{ F map[string]string }{}, struct{ F []int }{}, struct{ F *string }{}, struct{ F []*gen.User }{}, struct{ F any }{},
	} {
		if err := run(filepath.Join(t.TempDir(), "out.go"), reflect.TypeOf(model)); err == nil || !strings.Contains(err.Error(), ".F: ") {
			t.Errorf("%T: got %v", model, err)
		}
	}
}

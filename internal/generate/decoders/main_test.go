package main

import (
	"bytes"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/gen"
)

func TestRenderWritesWhatIsCommitted(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("../../decode/decode.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	got, err := render(results...)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("the functions are not those of the models, run make generate: %v", err)
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

// TestRenderRefusesWhatItCannotRead: a model with a new kind of property must not
// come out without it.
func TestRenderRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for _, model := range []any{
		struct{ F float64 }{}, struct{ F map[string]string }{}, struct{ F []int }{}, struct{ F *string }{}, struct{ F []*gen.User }{}, struct{ F any }{},
	} {
		if _, err := render(reflect.TypeOf(model)); err == nil || !strings.Contains(err.Error(), ".F: ") {
			t.Errorf("%T: got %v", model, err)
		}
	}
}

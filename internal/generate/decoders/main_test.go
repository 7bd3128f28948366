package main

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/gen"
)

func TestDecodersAreUpToDate(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "decode.gen.go")
	if err := generate(file); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile("../../decode/decode.gen.go"); err != nil || !bytes.Equal(got, want) {
		t.Errorf("decode.gen.go is out of date, run make generate: %v", err)
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

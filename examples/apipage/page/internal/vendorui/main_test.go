package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/swaggest/swgui/v5/static"
)

func TestFilesAreThoseOfTheModule(t *testing.T) {
	t.Parallel()
	for _, name := range names {
		want, err := static.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join("..", "..", "swagger-ui", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("swagger-ui/%s is not that of the module: run go generate in examples/apipage/page", name)
		}
	}
}

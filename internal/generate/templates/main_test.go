package main

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	// The sum of "hello".
	const sum = "SHA-256 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
	dir := &fstest.MapFile{Mode: fs.ModeDir}
	text := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	for name, tc := range map[string]struct {
		own, builtin *fstest.MapFile
		want         string
	}{
		"same":                {text("{{/* " + sum + " */}}"), text("hello"), ""},
		"replaces nothing":    {text("text"), nil, ""},
		"changed":             {text("{{/* " + sum + " */}}"), text("hello!"), "a.tmpl of oapi-codegen has changed"},
		"no sum":              {text("text"), text("hello"), "a.tmpl: its comment must say: " + sum},
		"no longer replacing": {text("{{/* " + sum + " */}}"), nil, "a.tmpl: oapi-codegen no longer has"},
		"no templates":        {nil, text("hello"), "no templates"},
		"unreadable":          {dir, text("hello"), "read a.tmpl"},
		"unreadable built-in": {text("text"), dir, "read a.tmpl"},
	} {
		own, builtin := fstest.MapFS{}, fstest.MapFS{}
		if tc.own != nil {
			own["a.tmpl"] = tc.own
		}
		if tc.builtin != nil {
			builtin["a.tmpl"] = tc.builtin
		}
		err := check(own, builtin)
		if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
			t.Errorf("%s: got %v, want %q", name, err, tc.want)
		}
	}
}

func TestTemplatesAreUpToDate(t *testing.T) {
	if err := run(os.DirFS("../../../api/templates")); err != nil {
		t.Error(err)
	}
	t.Setenv("PATH", t.TempDir())
	if err := run(os.DirFS("../../../api/templates")); err == nil || !strings.Contains(err.Error(), "find oapi-codegen") {
		t.Errorf("without the go command: got %v", err)
	}
}

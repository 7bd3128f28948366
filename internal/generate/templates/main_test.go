package main

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	// The sum of "hello".
	const sum = "SHA-256 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
	for name, tc := range map[string]struct{ own, builtin, want string }{
		"same":                 {"{{/* " + sum + " */}}", "hello", ""},
		"of our own":           {"text", "", ""},
		"changed":              {"{{/* " + sum + " */}}", "hello!", "a.tmpl of oapi-codegen has changed"},
		"no sum":               {"text", "hello", "a.tmpl: its comment has to say: " + sum},
		"no longer replacing":  {"{{/* " + sum + " */}}", "", "a.tmpl: oapi-codegen no longer has"},
		"nothing to look into": {"", "hello", "no templates"},
		"own unreadable":       {"directory", "hello", "read a.tmpl"},
		"other unreadable":     {"text", "directory", "read a.tmpl"},
	} {
		dir := func(template string) fstest.MapFS {
			switch file := (&fstest.MapFile{Data: []byte(template)}); template {
			case "":
				return fstest.MapFS{}
			case "directory":
				return fstest.MapFS{"a.tmpl/file": file}
			default:
				return fstest.MapFS{"a.tmpl": file}
			}
		}
		err := check(dir(tc.own), dir(tc.builtin))
		if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
			t.Errorf("%s: got %v, want %q", name, err, tc.want)
		}
	}
}

// TestRun takes this package for the one with templates: it has none to replace.
func TestRun(t *testing.T) {
	t.Parallel()
	const own = "../../../api/templates"
	if err := run(own, "."); err == nil || !strings.Contains(err.Error(), "client.tmpl: oapi-codegen no longer has") {
		t.Errorf("got %v", err)
	}
	if err := run(own, "./nowhere"); err == nil || !strings.Contains(err.Error(), "find ./nowhere") {
		t.Errorf("got %v", err)
	}
}

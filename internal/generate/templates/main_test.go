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
	} {
		own, builtin := fstest.MapFS{}, fstest.MapFS{}
		if tc.own != "" {
			own["a.tmpl"] = &fstest.MapFile{Data: []byte(tc.own)}
		}
		if tc.builtin != "" {
			builtin["a.tmpl"] = &fstest.MapFile{Data: []byte(tc.builtin)}
		}
		err := check(own, builtin)
		if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
			t.Errorf("%s: got %v, want %q", name, err, tc.want)
		}
	}
}

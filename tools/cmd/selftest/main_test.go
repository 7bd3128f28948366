package main

import (
	"slices"
	"testing"
)

func TestChecksOf(t *testing.T) {
	t.Parallel()
	makefile := ".PHONY: verify\nverify-b:\n\ttrue\nverify: verify-a verify-b ## run # all\nverify-a:\n"
	if got, want := checksOf(makefile), []string{"verify-a", "verify-b"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := checksOf("all:\n"); got != nil {
		t.Errorf("got %q", got)
	}
}

func TestRemoveTakesTheLinesBelow(t *testing.T) {
	t.Parallel()
	const text = "a:\n  b:\n    c: 1\n\n    d: 2\n  e: 3\n"
	for first, want := range map[string]string{
		"  b:\n":     "a:\n  e: 3\n",
		"    c: 1\n": "a:\n  b:\n    d: 2\n  e: 3\n",
		"  e: 3\n":   "a:\n  b:\n    c: 1\n\n    d: 2\n",
	} {
		if got, err := remove(first)(text); err != nil || got != want {
			t.Errorf("%q: got %q and %v, want %q", first, got, err, want)
		}
	}
}

func TestAFaultWithoutAPlaceIsAnError(t *testing.T) {
	t.Parallel()
	for name, plant := range map[string]func(string) (string, error){
		"replace": replace("x", "y"), "remove": remove("x\n"),
	} {
		if _, err := plant("a\nb\n"); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

package lifecycle_test

import (
	"slices"
	"testing"

	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// The table must not answer a question in two ways.
func TestTransitionsAreUnambiguous(t *testing.T) {
	t.Parallel()
	for i, row := range lifecycle.Transitions {
		if row.Known == "" || len(row.From) == 0 || len(row.Modes) == 0 || !row.To.Valid() {
			t.Errorf("row %d (%s) is incomplete", i, row.Action)
		}
		for j, other := range lifecycle.Transitions[:i] {
			exclude := row.When != other.When && row.When != lifecycle.Always && other.When != lifecycle.Always
			if row.Action != other.Action || row.Who != other.Who || exclude {
				continue
			}
			for _, status := range row.From {
				if slices.Contains(other.From, status) {
					t.Errorf("rows %d and %d (%s) both start at %s", j, i, row.Action, status)
				}
			}
		}
	}
}

package testkit_test

import (
	"slices"
	"testing"

	"github.com/cyclos-go/passwords/internal/testkit"
)

func TestPathTablesAreLargeAndNameEachRowOnce(t *testing.T) {
	t.Parallel()
	var users, types []string
	for _, row := range testkit.UserCases() {
		users = append(users, row.Name)
	}
	for _, row := range testkit.TypeCases() {
		types = append(types, row.Name)
	}
	for _, table := range []struct {
		names []string
		least int
	}{{users, 80}, {types, 25}} {
		rows := len(table.names)
		slices.Sort(table.names)
		if unique := len(slices.Compact(table.names)); unique < table.least || unique != rows {
			t.Errorf("%d rows with %d names, want at least %d rows with a name each", rows, unique, table.least)
		}
	}
}

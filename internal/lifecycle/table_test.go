package lifecycle_test

import (
	"slices"
	"testing"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// TestTransitionsAreUnambiguous: the first row that matches is applied.
func TestTransitionsAreUnambiguous(t *testing.T) {
	t.Parallel()
	type step struct {
		action lifecycle.Action
		who    lifecycle.Who
		when   lifecycle.Condition
		mode   gen.PasswordModeEnum
		from   gen.PasswordStatusEnum
	}
	seen := map[step]bool{}
	for _, row := range lifecycle.Transitions {
		if len(row.Modes) == 0 || len(row.From) == 0 || !row.To.Valid() || row.History != "" && !row.History.Valid() {
			t.Errorf("%s by %s: a mode, a status or the history action is missing or unknown", row.Action, row.Who)
		}
		for _, mode := range row.Modes {
			for _, from := range row.From {
				s := step{row.Action, row.Who, row.When, mode, from}
				anyway := s
				anyway.when = lifecycle.Always
				if seen[s] || seen[anyway] || !mode.Valid() || !from.Valid() {
					t.Errorf("%v: listed twice, or an unknown mode or status", s)
				}
				seen[s] = true
			}
		}
	}
}

// TestAdministratorsAreManagers: an administrator may do what a manager may, a
// manager not what an administrator may.
func TestAdministratorsAreManagers(t *testing.T) {
	t.Parallel()
	const owner, manager, administrator = lifecycle.ByOwner, lifecycle.ByManager, lifecycle.ByAdministrator
	for row, permitted := range map[lifecycle.Who][]lifecycle.Who{
		owner: {owner}, manager: {manager, administrator}, administrator: {administrator},
	} {
		for _, who := range []lifecycle.Who{owner, manager, administrator, lifecycle.ByServer, lifecycle.ByNobody} {
			if got := (lifecycle.Transition{Who: row}).PermitsTo(who); got != slices.Contains(permitted, who) {
				t.Errorf("an action of the %s by the %s: got %t", row, who, got)
			}
		}
	}
}

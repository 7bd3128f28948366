//go:build servers

package proxies

import (
	"context"
	"slices"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// The cases are shared with the tests of the root module.
type (
	arrival   = testkit.Arrival
	operation = testkit.Operation
)

const listData = testkit.ListData

var (
	userCases   = testkit.UserCases
	typeCases   = testkit.TypeCases
	users       = testkit.UserCase.Users
	operations  = testkit.Operations
	newRecorder = testkit.NewRecorder
)

func pattern(o operation) string { return o.Pattern() }

func rejects(o operation, row testkit.TypeCase) bool { return o.Rejects(row) }

func call(ctx context.Context, o operation, c *passwords.Client, user passwords.ManagedUser, passwordType string) error {
	_, err := o.Call(ctx, c, user, passwordType)
	return err
}

// userOperations returns the operations whose path below the user differs: the
// safe ones and one of the others, whose paths have the same form.
func userOperations() []operation {
	return slices.DeleteFunc(operations(), func(o operation) bool {
		id := gen.OperationID(o.ID)
		return id != gen.OperationAllowGeneration && !id.Operation().Safe
	})
}

func typeOperations() []operation {
	return slices.DeleteFunc(operations(), func(o operation) bool { return !o.HasType() })
}

func TestOperationsAreComplete(t *testing.T) {
	t.Parallel()
	patterns := map[gen.OperationID]string{}
	for _, o := range operations() {
		patterns[gen.OperationID(o.ID)] = pattern(o)
	}
	for _, o := range gen.Operations {
		if want := o.Method + " /api" + o.Path; patterns[o.ID] != want {
			t.Errorf("%s: the pattern is %q, want %q", o.ID, patterns[o.ID], want)
		}
		delete(patterns, o.ID)
	}
	for id := range patterns {
		t.Errorf("%s is not an operation", id)
	}
}

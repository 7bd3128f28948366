package cyclostest

import (
	"context"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/gen/server"
	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// The properties of ChangePassword in the order in which errors name them, that
// of the form.
const (
	oldPassword             = "oldPassword"
	newPassword             = "newPassword"
	newPasswordConfirmation = "newPasswordConfirmation"
)

var changeProperties = []string{oldPassword, newPassword, newPasswordConfirmation}

func (a api) ChangePassword(ctx context.Context, r server.ChangePasswordRequestObject) (server.ChangePasswordResponseObject, error) {
	if !schemas["ChangePassword"].properties["checkConfirmation"].exists(a.minor) {
		r.Body.CheckConfirmation = false // like any property that the version does not know
	}
	return run(ctx, a.Server, func(c *call) (answer, *problem) {
		owner, p, problem := c.target(r.User, r.Type)
		if problem != nil {
			return answer{}, problem
		}
		what := lifecycle.Change
		if r.Body.ForceChange && relation(c.caller, owner) != lifecycle.ByOwner {
			what = lifecycle.ForceChange
		}
		row, problem := c.allowed(what, owner, p)
		if problem != nil {
			return answer{}, problem
		}
		if problem := c.checkChange(row, p, *r.Body); problem != nil {
			return answer{}, problem
		}
		p.set(r.Body.NewPassword, c.now)
		p.apply(row, c.caller, c.now)
		return answer{}, nil
	})
}

// checkChange validates the body. A wrong old value counts as a wrong try; the
// one that blocks the password is answered with the block.
func (c *call) checkChange(row transition, p *password, body gen.ChangePassword) *problem {
	errs := map[string][]string{}
	if row.NeedsOld {
		switch {
		case body.OldPassword == "":
			errs[oldPassword] = []string{"is required"}
		case !p.try(body.OldPassword, c.now):
			if p.status != active {
				return forbiddenPassword(confirmationCodes[p.status], p.typ)
			}
			errs[oldPassword] = []string{wrongOldPassword}
		}
	}
	switch {
	case body.NewPassword == "":
		errs[newPassword] = []string{"is required"}
	default:
		errs[newPassword] = p.typ.violations(body.NewPassword)
		// Without the right old value this would tell what the current one is.
		if len(errs[oldPassword]) == 0 && p.matches(body.NewPassword) {
			errs[newPassword] = append(errs[newPassword], "must differ from the current one")
		}
	}
	if body.CheckConfirmation && body.NewPasswordConfirmation != body.NewPassword {
		errs[newPasswordConfirmation] = []string{"does not match the new password"}
	}
	return invalidProperties(changeProperties, errs)
}

// wrongOldPassword goes out as a property error with status 422. Whether Cyclos
// answers so, or with 403 invalidPassword, is unknown.
const wrongOldPassword = "is not correct"

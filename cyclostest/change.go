package cyclostest

import (
	"encoding/json"
	"errors"
	"io"

	"github.com/cyclos-go/passwords/gen"
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

func (c *call) changePassword() (answer, *problem) {
	change, problem := c.decodeChange()
	if problem != nil {
		return answer{}, problem
	}
	owner, p, problem := c.target(c.userKey())
	if problem != nil {
		return answer{}, problem
	}
	what := lifecycle.Change
	if change.ForceChange && relation(c.caller, owner) != lifecycle.ByOwner {
		what = lifecycle.ForceChange
	}
	row, problem := c.allowed(what, owner, p)
	if problem != nil {
		return answer{}, problem
	}
	if problem := c.checkChange(row, p, change); problem != nil {
		return answer{}, problem
	}
	p.set(change.NewPassword, c.now)
	p.apply(row, c.caller, c.now)
	return answer{}, nil
}

// decodeChange reads the body. The error of the decoder is not used: it may hold
// a part of the body, which has passwords.
func (c *call) decodeChange() (change gen.ChangePassword, p *problem) {
	switch err := json.NewDecoder(c.request.Body).Decode(&change); {
	case errors.Is(err, io.EOF):
		return change, invalidInput(gen.InputError{Code: gen.InputErrorCodeMissingParameter, Name: "body"})
	case err != nil:
		return change, invalidInput(gen.InputError{Code: gen.InputErrorCodeDataConversion})
	}
	if !schemas["ChangePassword"].properties["checkConfirmation"].exists(c.minor) {
		change.CheckConfirmation = false // like any property that the version does not know
	}
	return change, nil
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

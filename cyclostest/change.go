package cyclostest

import (
	"bytes"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// Properties of ChangePassword, in the order of the form.
const (
	oldPassword             = "oldPassword"
	newPassword             = "newPassword"
	newPasswordConfirmation = "newPasswordConfirmation"
)

// changeProperties is the order of properties in errors.
var changeProperties = []string{oldPassword, newPassword, newPasswordConfirmation}

func (c *call) changePassword() (response, *problem) {
	change, problem := c.decodeChange()
	if problem != nil {
		return response{}, problem
	}
	owner, p, problem := c.target(c.userKey())
	if problem != nil {
		return response{}, problem
	}
	what := lifecycle.Change
	if change.ForceChange && relation(c.caller, owner) != lifecycle.ByOwner {
		what = lifecycle.ForceChange
	}
	row, problem := c.allowed(what, owner, p)
	if problem != nil {
		return response{}, problem
	}
	if problem := c.checkChange(row, p, change); problem != nil {
		return response{}, problem
	}
	p.set(change.NewPassword, c.now)
	p.apply(row, c.caller, c.now)
	return response{}, nil
}

// decodeChange decodes the body. Duplicate names, invalid UTF-8, data after the
// object and property names in another case are rejected. The decoder's error is
// discarded, because it may contain a password from the body.
func (c *call) decodeChange() (gen.ChangePassword, *problem) {
	var body struct {
		gen.ChangePassword
		Unknown map[string]jsontext.Value `json:",embed"`
	}
	data, _ := io.ReadAll(c.request.Body) // in memory, see serve
	if len(bytes.TrimSpace(data)) == 0 {
		return body.ChangePassword, invalidInput(gen.InputError{Code: gen.InputErrorCodeMissingParameter, Name: "body"})
	}
	if json.Unmarshal(data, &body) != nil || anyProperty("ChangePassword", body.Unknown) {
		return body.ChangePassword, invalidInput(gen.InputError{Code: gen.InputErrorCodeDataConversion})
	}
	if !properties["ChangePassword.checkConfirmation"].exists(c.minor) {
		body.CheckConfirmation = false // ignored like any unknown property
	}
	return body.ChangePassword, nil
}

// anyProperty reports whether a name is that of a property of the schema, ignoring
// case.
func anyProperty[T any](schema string, names map[string]T) bool {
	for name := range names {
		for property := range properties {
			if strings.EqualFold(property, schema+"."+name) {
				return true
			}
		}
	}
	return false
}

// checkChange validates the body. A wrong old value is a failed attempt. If that
// attempt blocks the password, the response reports the block.
func (c *call) checkChange(row transition, p *password, body gen.ChangePassword) *problem {
	errs := map[string][]string{}
	if row.NeedsOld {
		switch {
		case body.OldPassword == "":
			errs[oldPassword] = []string{"is required"}
		case !p.attempt(body.OldPassword, c.now):
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
		// Without the correct old value, this error would reveal the current one.
		if len(errs[oldPassword]) == 0 && p.matches(body.NewPassword) {
			errs[newPassword] = append(errs[newPassword], "must differ from the current password")
		}
	}
	if body.CheckConfirmation && body.NewPasswordConfirmation != body.NewPassword {
		errs[newPasswordConfirmation] = []string{"does not match the new password"}
	}
	return invalidProperties(changeProperties, errs)
}

// wrongOldPassword is the property error of a 422. It is unknown whether Cyclos
// sends this response or 403 invalidPassword.
const wrongOldPassword = "is not correct"

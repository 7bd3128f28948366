package cyclostest

import (
	"context"

	"github.com/cyclos-go/passwords/gen/server"
	"github.com/cyclos-go/passwords/internal/lifecycle"
)

func (a api) GeneratePassword(ctx context.Context, r server.GeneratePasswordRequestObject) (server.GeneratePasswordResponseObject, error) {
	return a.generate(ctx, lifecycle.Generate, r.Type, "")
}

func (a api) ChangeGenerated(ctx context.Context, r server.ChangeGeneratedRequestObject) (server.ChangeGeneratedResponseObject, error) {
	confirmation := ""
	if r.Params.ConfirmationPassword != nil {
		confirmation = *r.Params.ConfirmationPassword
	}
	return a.generate(ctx, lifecycle.ChangeGenerated, r.Type, confirmation)
}

// generate gives a password of the caller a random value and answers it.
func (a api) generate(ctx context.Context, what action, typeKey, confirmation string) (answer, error) {
	return run(ctx, a.Server, func(c *call) (answer, *problem) {
		owner, p, problem := c.target(self, typeKey)
		if problem != nil {
			return answer{}, problem
		}
		row, problem := c.allowed(what, owner, p)
		if problem != nil {
			return answer{}, problem
		}
		if needed := p.typ.Confirmation; needed != "" && what == lifecycle.ChangeGenerated {
			confirming := owner.password(c.typeByName(needed), c.now)
			if problem := confirming.confirm(confirmation, c.now); problem != nil {
				return answer{}, problem
			}
		}
		value := p.typ.generate(p.value)
		p.set(value, c.now)
		p.apply(row, c.caller, c.now)
		return answer{body: value, asText: c.minor > lastJSONMinor || !prefersJSON(requestFrom(ctx).accept)}, nil
	})
}

func (a api) ResetGeneratedPassword(ctx context.Context, r server.ResetGeneratedPasswordRequestObject) (server.ResetGeneratedPasswordResponseObject, error) {
	return run(ctx, a.Server, func(c *call) (answer, *problem) {
		owner, p, problem := c.target(r.User, r.Type)
		if problem != nil {
			return answer{}, problem
		}
		row, problem := c.allowed(lifecycle.ResetGenerated, owner, p)
		if problem != nil {
			return answer{}, problem
		}
		p.set("", c.now) // the old value must not come back by disable and enable
		p.apply(row, c.caller, c.now)
		return answer{}, nil
	})
}

package cyclostest

import (
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// confirmationPassword is the name of the header.
const confirmationPassword = "confirmationPassword"

func (c *call) generatePassword() (answer, *problem) {
	_, p, row, problem := c.begin(lifecycle.Generate, self)
	if problem != nil {
		return answer{}, problem
	}
	return c.generate(p, row), nil
}

func (c *call) changeGenerated() (answer, *problem) {
	if len(c.request.Header.Values(confirmationPassword)) > 1 {
		return answer{}, invalidInput(gen.InputError{Code: gen.InputErrorCodeDataConversion, Name: confirmationPassword})
	}
	owner, p, row, problem := c.begin(lifecycle.ChangeGenerated, self)
	if problem != nil {
		return answer{}, problem
	}
	if needed := p.typ.Confirmation; needed != "" {
		confirming := owner.password(c.typeByName(needed), c.now)
		if problem := confirming.confirm(c.request.Header.Get(confirmationPassword), c.now); problem != nil {
			return answer{}, problem
		}
	}
	return c.generate(p, row), nil
}

// generate gives the password a random value and answers it.
func (c *call) generate(p *password, row transition) answer {
	value := p.typ.generate(p.value)
	p.set(value, c.now)
	p.apply(row, c.caller, c.now)
	return answer{body: value, asText: c.minor > lastJSONMinor || !prefersJSON(c.request.Header.Values("Accept"))}
}

func (c *call) resetGeneratedPassword() (answer, *problem) {
	_, p, row, problem := c.begin(lifecycle.ResetGenerated, c.userKey())
	if problem != nil {
		return answer{}, problem
	}
	p.set("", c.now) // the old value must not come back by disable and enable
	p.apply(row, c.caller, c.now)
	return answer{}, nil
}

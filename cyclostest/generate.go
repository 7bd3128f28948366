package cyclostest

import (
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// confirmationPassword is a header name.
const confirmationPassword = "confirmationPassword"

func (c *call) generatePassword() (response, *problem) {
	_, p, row, problem := c.prepare(lifecycle.Generate, self)
	if problem != nil {
		return response{}, problem
	}
	return c.generate(p, row), nil
}

func (c *call) changeGenerated() (response, *problem) {
	if len(c.request.Header.Values(confirmationPassword)) > 1 {
		return response{}, invalidInput(gen.InputError{Code: gen.InputErrorCodeDataConversion, Name: confirmationPassword})
	}
	owner, p, row, problem := c.prepare(lifecycle.ChangeGenerated, self)
	if problem != nil {
		return response{}, problem
	}
	if needed := p.typ.Confirmation; needed != "" {
		confirming := owner.password(c.typeByName(needed), c.now)
		if problem := confirming.confirm(c.request.Header.Get(confirmationPassword), c.now); problem != nil {
			return response{}, problem
		}
	}
	return c.generate(p, row), nil
}

// generate sets a random value and returns it as the response.
func (c *call) generate(p *password, row transition) response {
	value := p.typ.generate(p.value)
	p.set(value, c.now)
	p.apply(row, c.caller, c.now)
	return response{body: value, asText: c.minor > lastJSONMinor || !prefersJSON(c.request.Header.Values("Accept"))}
}

func (c *call) resetGeneratedPassword() (response, *problem) {
	_, p, row, problem := c.prepare(lifecycle.ResetGenerated, c.userKey())
	if problem != nil {
		return response{}, problem
	}
	p.set("", c.now) // disable and enable must not restore the old value
	p.apply(row, c.caller, c.now)
	return response{}, nil
}

package cyclostest

import (
	"mime"
	"strconv"
	"strings"

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
		return response{}, invalidInput(gen.InputError{Code: gen.InputErrorCodeDataConversion})
	}
	owner, p, row, problem := c.prepare(lifecycle.ChangeGenerated, self)
	if problem != nil {
		return response{}, problem
	}
	if needed := c.channel.Confirmation; needed != "" {
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
	return response{body: value, asText: c.minor > lastLenientMinor || !prefersJSON(c.request.Header.Values("Accept"))}
}

// prefersJSON reports whether an Accept header prefers JSON to text. Text wins a
// tie, even if neither is acceptable.
func prefersJSON(accept []string) bool {
	return quality(accept, "application", "json") > quality(accept, "text", "plain")
}

// quality returns the weight of a media type, from 0 to 1, according to the most
// specific matching range. Malformed ranges are ignored. Malformed weights are 0.
func quality(accept []string, kind, subtype string) float64 {
	best, weight := 0, 0.0
	for entry := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		name, parameters, err := mime.ParseMediaType(entry)
		if err != nil {
			continue
		}
		specific := 0
		switch name {
		case kind + "/" + subtype:
			specific = 3
		case kind + "/*":
			specific = 2
		case "*/*":
			specific = 1
		}
		q := 1.0
		if text, given := parameters["q"]; given {
			if q, err = strconv.ParseFloat(text, 64); err != nil || !(q >= 0 && q <= 1) {
				q = 0
			}
		}
		if specific > best || specific == best && specific > 0 && q > weight {
			best, weight = specific, q
		}
	}
	return weight
}

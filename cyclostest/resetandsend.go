package cyclostest

import (
	"slices"
	"strings"
	"time"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// Message is a message by which reset-and-send sent a new password to its owner.
type Message struct {
	User         string // login name
	PasswordType string // internal name
	Medium       gen.SendMediumEnum
	To           string // email address or phone number
	Value        string // the new password
	Date         time.Time
}

func (c *call) resetAndSendPassword() (response, *problem) {
	owner, p, row, problem := c.prepare(lifecycle.ResetAndSend, c.userKey())
	if problem != nil {
		return response{}, problem
	}
	mediums, problem := chooseMediums(owner, c.request.URL.Query()[sendMediums], c.minor)
	if problem != nil {
		return response{}, problem
	}
	p.set(p.typ.generate(p.value), c.now)
	p.apply(row, c.caller, c.now)
	for _, medium := range mediums {
		c.messages.add(Message{
			User: owner.LoginName, PasswordType: p.typ.InternalName,
			Medium: medium, To: owner.address(medium), Value: p.value, Date: c.now,
		})
	}
	return response{}, nil
}

// sendMediums is a parameter name.
const sendMediums = "sendMediums"

// chooseMediums parses the parameter in the format of version 4.minor: repeated
// values, in older versions also separated by commas. Without it, the result is all
// mediums for which the user has an address. Unknown mediums and mediums for which
// the user has no address are a problem.
func chooseMediums(owner *user, given []string, minor int) ([]gen.SendMediumEnum, *problem) {
	unreachable := invalidProperties([]string{sendMediums}, map[string][]string{
		sendMediums: {"the user cannot be reached by this medium"},
	})
	reach := owner.mediums()
	if len(given) == 0 {
		if len(reach) == 0 {
			return nil, unreachable
		}
		return reach, nil
	}
	if minor <= lastLenientMinor {
		given = strings.Split(strings.Join(given, ","), ",")
	}
	var mediums []gen.SendMediumEnum
	for _, value := range given {
		switch medium := gen.SendMediumEnum(value); {
		case !medium.Valid():
			return nil, invalidInput(gen.InputError{Code: gen.InputErrorCodeDataConversion, Value: value})
		case !slices.Contains(reach, medium):
			return nil, unreachable
		case !slices.Contains(mediums, medium):
			mediums = append(mediums, medium)
		}
	}
	return mediums, nil
}

package cyclostest

import (
	"slices"
	"strings"
	"time"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// Message is a new password that reset-and-send sent to its owner.
type Message struct {
	User         string // login name
	PasswordType string // internal name
	Medium       gen.SendMediumEnum
	To           string // e-mail address or phone number
	Value        string // the new password
	Date         time.Time
}

func (c *call) resetAndSendPassword() (answer, *problem) {
	owner, p, row, problem := c.begin(lifecycle.ResetAndSend, c.userKey())
	if problem != nil {
		return answer{}, problem
	}
	mediums, problem := chooseMediums(owner, c.request.URL.Query()[sendMediums], c.minor)
	if problem != nil {
		return answer{}, problem
	}
	p.set(p.typ.generate(p.value), c.now)
	p.apply(row, c.caller, c.now)
	for _, medium := range mediums {
		c.messages = append(c.messages, Message{
			User: owner.LoginName, PasswordType: p.typ.InternalName,
			Medium: medium, To: owner.address(medium), Value: p.value, Date: c.now,
		})
	}
	return answer{}, nil
}

// sendMediums is the name of the parameter.
const sendMediums = "sendMediums"

// chooseMediums reads the parameter in the form of version 4.minor: joined with
// commas in one value, or repeated. Without it the first medium that reaches
// the user is taken. A medium that is unknown or does not reach the user is a
// problem, and so is a user whom none reaches.
func chooseMediums(owner *user, given []string, minor int) ([]gen.SendMediumEnum, *problem) {
	unreachable := invalidProperties([]string{sendMediums}, map[string][]string{
		sendMediums: {"the user cannot be reached by this medium"},
	})
	reach := owner.mediums()
	if len(given) == 0 {
		if len(reach) == 0 {
			return nil, unreachable
		}
		return reach[:1], nil
	}
	if minor <= lastJSONMinor {
		if len(given) > 1 {
			return nil, invalidInput(gen.InputError{Code: gen.InputErrorCodeDataConversion, Name: sendMediums})
		}
		given = strings.Split(given[0], ",")
	}
	var mediums []gen.SendMediumEnum
	for _, value := range given {
		switch medium := gen.SendMediumEnum(value); {
		case !medium.Valid():
			return nil, invalidInput(gen.InputError{Code: gen.InputErrorCodeDataConversion, Name: sendMediums, Value: value})
		case !slices.Contains(reach, medium):
			return nil, unreachable
		case !slices.Contains(mediums, medium):
			mediums = append(mediums, medium)
		}
	}
	return mediums, nil
}

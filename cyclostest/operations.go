package cyclostest

import (
	"net/http"
	"time"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// operations implements every operation of the API.
var operations = map[gen.OperationID]func(*call) (answer, *problem){
	gen.OperationListUserPasswords:        (*call).listUserPasswords,
	gen.OperationGetUserPasswordsListData: (*call).getUserPasswordsListData,
	gen.OperationGetUserPasswordsData:     (*call).getUserPasswordsData,
	gen.OperationChangePassword:           (*call).changePassword,
	gen.OperationDisablePassword:          act(lifecycle.Disable),
	gen.OperationEnablePassword:           act(lifecycle.Enable),
	gen.OperationUnblockPassword:          act(lifecycle.Unblock),
	gen.OperationAllowGeneration:          act(lifecycle.AllowGeneration),
	gen.OperationResetGeneratedPassword:   (*call).resetGeneratedPassword,
	gen.OperationResetAndSendPassword:     (*call).resetAndSendPassword,
	gen.OperationGeneratePassword:         (*call).generatePassword,
	gen.OperationChangeGenerated:          (*call).changeGenerated,
}

// call is a call of an operation. The world is locked until it returns.
type call struct {
	*state
	request *http.Request
	caller  *user
	now     time.Time
	minor   int
}

// The variables of the path.
func (c *call) userKey() string { return c.request.PathValue("user") }
func (c *call) typeKey() string { return c.request.PathValue("type") }

// target finds the password that the path names, of the user with the given key.
func (c *call) target(userKey string) (*user, *password, *problem) {
	owner, p := c.locate(c.caller, userKey)
	if p != nil {
		return nil, nil, p
	}
	t := c.typeByKey(c.typeKey())
	if t == nil {
		return nil, nil, notFound("PasswordType", c.typeKey())
	}
	return owner, owner.password(t, c.now), nil
}

// allowed returns the row of the life cycle by which the caller performs a on
// the password. Who may never do it is denied, whatever the password; for the
// others the action is illegal in the wrong mode or status.
func (c *call) allowed(a action, owner *user, p *password) (transition, *problem) {
	w := relation(c.caller, owner)
	if !permitted(a, w) {
		return transition{}, forbidden(gen.ForbiddenErrorCodePermissionDenied)
	}
	row, ok := possible(a, w, p.typ, p.status)
	if !ok {
		return transition{}, forbidden(gen.ForbiddenErrorCodeIllegalAction)
	}
	return row, nil
}

// viewable finds a user whose passwords the caller may see.
func (c *call) viewable(userKey string) (*user, *problem) {
	owner, p := c.locate(c.caller, userKey)
	if p == nil && relation(c.caller, owner) == lifecycle.ByNobody {
		p = forbidden(gen.ForbiddenErrorCodePermissionDenied)
	}
	return owner, p
}

// begin finds the password that the path names, and the row of the life cycle by
// which the caller performs a on it.
func (c *call) begin(a action, userKey string) (*user, *password, transition, *problem) {
	owner, p, problem := c.target(userKey)
	if problem != nil {
		return nil, nil, transition{}, problem
	}
	row, problem := c.allowed(a, owner, p)
	return owner, p, row, problem
}

// act returns an operation that only moves the password along the life cycle.
func act(a action) func(*call) (answer, *problem) {
	return func(c *call) (answer, *problem) {
		_, p, row, problem := c.begin(a, c.userKey())
		if problem == nil {
			p.apply(row, c.caller, c.now)
		}
		return answer{}, problem
	}
}

func (c *call) listUserPasswords() (answer, *problem) {
	owner, fields, problem := c.view()
	if problem != nil {
		return answer{}, problem
	}
	list := []gen.PasswordStatusAndType{}
	for _, t := range c.listed() {
		list = append(list, statusAndType(owner.password(t, c.now)))
	}
	return answer{schema: "PasswordStatusAndType", body: list, fields: fields}, nil
}

func (c *call) getUserPasswordsListData() (answer, *problem) {
	owner, fields, problem := c.view()
	if problem != nil {
		return answer{}, problem
	}
	return answer{schema: "DataForUserPasswords", body: c.listData(c.caller, owner, c.now), fields: fields}, nil
}

func (c *call) getUserPasswordsData() (answer, *problem) {
	owner, fields, problem := c.view()
	if problem != nil {
		return answer{}, problem
	}
	_, p, problem := c.target(c.userKey())
	if problem != nil {
		return answer{}, problem
	}
	return answer{schema: "PasswordStatusAndActions", body: statusAndActions(c.caller, owner, p), fields: fields}, nil
}

// view is how the safe operations begin.
func (c *call) view() (*user, *selection, *problem) {
	fields, problem := parseFields(fieldsOf(c.request))
	if problem != nil {
		return nil, nil, problem
	}
	owner, problem := c.viewable(c.userKey())
	return owner, fields, problem
}

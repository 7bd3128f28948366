package cyclostest

import (
	"net/http"
	"time"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// operations implements every operation of the API.
var operations = map[gen.OperationID]func(*call) (response, *problem){
	gen.OperationListUserPasswords:        (*call).listUserPasswords,
	gen.OperationGetUserPasswordsListData: (*call).getUserPasswordsListData,
	gen.OperationGetUserPasswordsData:     (*call).getUserPasswordsData,
	gen.OperationChangePassword:           (*call).changePassword,
	gen.OperationDisablePassword:          transitionOperation(lifecycle.Disable),
	gen.OperationEnablePassword:           transitionOperation(lifecycle.Enable),
	gen.OperationUnblockPassword:          transitionOperation(lifecycle.Unblock),
	gen.OperationAllowGeneration:          transitionOperation(lifecycle.AllowGeneration),
	gen.OperationResetGeneratedPassword:   transitionOperation(lifecycle.ResetGenerated),
	gen.OperationResetAndSendPassword:     (*call).resetAndSendPassword,
	gen.OperationGeneratePassword:         (*call).generatePassword,
	gen.OperationChangeGenerated:          (*call).changeGenerated,
	gen.OperationLogin:                    (*call).login,
	gen.OperationLogout:                   (*call).logout,
}

// call is a call of an operation. The state is locked until the call returns.
type call struct {
	*state
	request *http.Request
	caller  *user
	used    *password // by which the caller logged in, nil without a login
	channel Channel
	now     time.Time
	minor   int

	activeLoginOnly bool
}

// userKey and typeKey return the path variables.
func (c *call) userKey() string { return c.request.PathValue("user") }
func (c *call) typeKey() string { return c.request.PathValue("type") }

// target returns the user with the given key and the user's password of the type
// in the path.
func (c *call) target(userKey string) (*user, *password, *problem) {
	owner, p := c.lookupUser(c.caller, userKey)
	if p != nil {
		return nil, nil, p
	}
	t := c.typeByKey(c.typeKey())
	if t == nil {
		return nil, nil, notFound("PasswordType", c.typeKey())
	}
	return owner, owner.password(t, c.now), nil
}

// allowed returns the transition by which the caller performs a on the password.
// The problem is permissionDenied if the caller can never perform a on passwords of
// this owner, and illegalAction if the mode or status does not allow it.
func (c *call) allowed(a action, owner *user, p *password) (transition, *problem) {
	w := relation(c.caller, owner)
	if !permitted(a, w) {
		return transition{}, forbidden(gen.ForbiddenErrorCodePermissionDenied)
	}
	row, ok := findTransition(a, w, p.typ, p.status)
	if !ok {
		return transition{}, forbidden(gen.ForbiddenErrorCodeIllegalAction)
	}
	return row, nil
}

// prepare returns the owner and the password of the request, and the transition by
// which the caller performs a on it.
func (c *call) prepare(a action, userKey string) (*user, *password, transition, *problem) {
	owner, p, problem := c.target(userKey)
	if problem != nil {
		return nil, nil, transition{}, problem
	}
	row, problem := c.allowed(a, owner, p)
	return owner, p, row, problem
}

// transitionOperation returns an operation that only applies a transition.
func transitionOperation(a action) func(*call) (response, *problem) {
	return func(c *call) (response, *problem) {
		_, p, row, problem := c.prepare(a, c.userKey())
		if problem != nil {
			return response{}, problem
		}
		if a == lifecycle.ResetGenerated {
			p.set("", c.now) // disable and enable must not restore the old value
		}
		p.apply(row, c.caller, c.now)
		return response{}, nil
	}
}

func (c *call) listUserPasswords() (response, *problem) {
	owner, fields, problem := c.prepareView()
	if problem != nil {
		return response{}, problem
	}
	list := []gen.PasswordStatusAndType{}
	for _, t := range c.listedTypes() {
		list = append(list, statusAndType(owner.password(t, c.now)))
	}
	return response{schema: "PasswordStatusAndType", body: list, fields: fields}, nil
}

func (c *call) getUserPasswordsListData() (response, *problem) {
	owner, fields, problem := c.prepareView()
	if problem != nil {
		return response{}, problem
	}
	return response{schema: "DataForUserPasswords", body: c.listData(owner), fields: fields}, nil
}

func (c *call) getUserPasswordsData() (response, *problem) {
	owner, fields, problem := c.prepareView()
	if problem != nil {
		return response{}, problem
	}
	_, p, problem := c.target(c.userKey())
	if problem != nil {
		return response{}, problem
	}
	return response{schema: "PasswordStatusAndActions", body: statusAndActions(c.caller, owner, p), fields: fields}, nil
}

// prepareView returns a user whose passwords the caller may view and the selected
// fields of a safe operation.
func (c *call) prepareView() (*user, *selection, *problem) {
	fields, problem := parseFields(fieldsOf(c.request))
	if problem != nil {
		return nil, nil, problem
	}
	owner, problem := c.lookupUser(c.caller, c.userKey())
	if problem == nil && relation(c.caller, owner) == lifecycle.ByNobody {
		problem = forbidden(gen.ForbiddenErrorCodePermissionDenied)
	}
	return owner, fields, problem
}

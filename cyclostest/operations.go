package cyclostest

import (
	"context"
	"time"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/gen/server"
	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// api answers the twelve operations. Each locks the world once, for its whole
// length.
type api struct{ *Server }

var _ server.StrictServerInterface = api{}

// call is an operation under way. The world is locked as long as it is.
type call struct {
	*state
	caller *user
	now    time.Time
	minor  int
}

// run performs an operation on the locked world and makes the answer or the
// problem what the generated server expects.
func run(ctx context.Context, s *Server, operation func(*call) (answer, *problem)) (answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{state: s.world, caller: requestFrom(ctx).caller, now: s.now(), minor: s.minor}
	result, p := operation(c)
	if p != nil {
		return answer{}, p
	}
	result.version = s.minor
	return result, nil
}

// target finds the password that a path names.
func (c *call) target(userKey, typeKey string) (*user, *password, *problem) {
	owner, p := c.locate(c.caller, userKey)
	if p != nil {
		return nil, nil, p
	}
	t := c.typeByKey(typeKey)
	if t == nil {
		return nil, nil, notFound("PasswordType", typeKey)
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

// act is an operation that does no more than to move along the life cycle.
func (a api) act(ctx context.Context, what action, userKey, typeKey string) (answer, error) {
	return run(ctx, a.Server, func(c *call) (answer, *problem) {
		owner, p, problem := c.target(userKey, typeKey)
		if problem != nil {
			return answer{}, problem
		}
		row, problem := c.allowed(what, owner, p)
		if problem != nil {
			return answer{}, problem
		}
		p.apply(row, c.caller, c.now)
		return answer{}, nil
	})
}

func (a api) DisablePassword(ctx context.Context, r server.DisablePasswordRequestObject) (server.DisablePasswordResponseObject, error) {
	return a.act(ctx, lifecycle.Disable, r.User, r.Type)
}

func (a api) EnablePassword(ctx context.Context, r server.EnablePasswordRequestObject) (server.EnablePasswordResponseObject, error) {
	return a.act(ctx, lifecycle.Enable, r.User, r.Type)
}

func (a api) UnblockPassword(ctx context.Context, r server.UnblockPasswordRequestObject) (server.UnblockPasswordResponseObject, error) {
	return a.act(ctx, lifecycle.Unblock, r.User, r.Type)
}

func (a api) AllowGeneration(ctx context.Context, r server.AllowGenerationRequestObject) (server.AllowGenerationResponseObject, error) {
	return a.act(ctx, lifecycle.AllowGeneration, r.User, r.Type)
}

func (a api) ListUserPasswords(ctx context.Context, r server.ListUserPasswordsRequestObject) (server.ListUserPasswordsResponseObject, error) {
	return run(ctx, a.Server, func(c *call) (answer, *problem) {
		owner, fields, problem := c.view(r.User, r.Params.Fields)
		if problem != nil {
			return answer{}, problem
		}
		list := []gen.PasswordStatusAndType{}
		for _, t := range c.listed() {
			list = append(list, statusAndType(owner.password(t, c.now)))
		}
		return answer{schema: "PasswordStatusAndType", body: list, fields: fields}, nil
	})
}

func (a api) GetUserPasswordsListData(ctx context.Context, r server.GetUserPasswordsListDataRequestObject) (server.GetUserPasswordsListDataResponseObject, error) {
	return run(ctx, a.Server, func(c *call) (answer, *problem) {
		owner, fields, problem := c.view(r.User, r.Params.Fields)
		if problem != nil {
			return answer{}, problem
		}
		return answer{schema: "DataForUserPasswords", body: c.listData(c.caller, owner, c.now), fields: fields}, nil
	})
}

func (a api) GetUserPasswordsData(ctx context.Context, r server.GetUserPasswordsDataRequestObject) (server.GetUserPasswordsDataResponseObject, error) {
	return run(ctx, a.Server, func(c *call) (answer, *problem) {
		owner, fields, problem := c.view(r.User, r.Params.Fields)
		if problem != nil {
			return answer{}, problem
		}
		_, p, problem := c.target(r.User, r.Type)
		if problem != nil {
			return answer{}, problem
		}
		return answer{schema: "PasswordStatusAndActions", body: statusAndActions(c.caller, owner, p), fields: fields}, nil
	})
}

// view is what the three reading operations begin with.
func (c *call) view(userKey string, entries []string) (*user, *selection, *problem) {
	fields, problem := parseFields(entries)
	if problem != nil {
		return nil, nil, problem
	}
	owner, problem := c.viewable(userKey)
	return owner, fields, problem
}

package passwords

import (
	"context"
	"net/url"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/transport"
)

// Observer is called at the start of each call, and at the start of each of its
// attempts. It returns a context for the call or attempt, and a function that is
// called once at its end.
//
// Only the values of the context are used: the call still ends with the context of
// the caller. Request editors and the transport see the values of an attempt's
// context, in which a tracer may keep its span. A nil context stands for the one that
// the observer was given, a nil function for none.
//
// The error at the end of a call is the one that the caller gets. The error at the
// end of an attempt is nil if the response has the status of success; otherwise it
// is an [*Error] with the operation, the status and the cause.
type Observer func(context.Context, Observation) (context.Context, func(error))

// Observation is a call or one of its attempts. It holds no user, no other argument
// and no credential.
type Observation struct {
	// Operation is the operation that is called. Its path is a template.
	Operation gen.Operation
	// BaseURL is a copy of the base URL of the client.
	BaseURL *url.URL
	// Attempt is the number of the attempt, which is 1 for the first, or 0 for the
	// call as a whole.
	Attempt int
}

// observe starts an observation. The result must be called at its end. A context
// that is nil, and a client that New did not create, are not observed: the call
// rejects them.
func (c *Client) observe(ctx context.Context, op gen.Operation, attempt int) (context.Context, func(error)) {
	if ctx == nil || !c.made() || len(c.settings.observers) == 0 {
		return ctx, unobserved
	}
	var ends []func(error)
	for _, observer := range c.settings.observers {
		base := *c.server
		values, end := observer(ctx, Observation{op, &base, attempt})
		if values != nil {
			ctx = valued{ctx, values}
		}
		if end != nil {
			ends = append(ends, end)
		}
	}
	return ctx, func(err error) {
		for i := range ends {
			ends[len(ends)-1-i](err) // the first observer is the outermost
		}
	}
}

func unobserved(error) {}

// observed is attempt with the observers.
func (x *exchange) observed(ctx context.Context, config transport.Config) (out transport.Outcome, err error) {
	ctx, end := x.observe(ctx, x.op, x.number+1)
	defer func() {
		switch {
		case err != nil:
			end(&Error{Operation: string(x.op.ID), cause: err})
		case out.Err != nil, !x.op.Succeeded(out.Response.Status):
			end(&Error{Operation: string(x.op.ID), StatusCode: out.Response.Status, cause: out.Err})
		default:
			end(nil)
		}
	}()
	return x.attempt(ctx, config)
}

// valued is a context with the values of another one.
type valued struct {
	context.Context
	values context.Context
}

// Value implements [context.Context].
func (c valued) Value(key any) any { return c.values.Value(key) }

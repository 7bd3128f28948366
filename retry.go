package passwords

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"

	"github.com/cyclos-go/passwords/internal/transport"
)

// repeatable is the whole rule of what is sent again:
//   - what reads, after a connection error and the statuses that pass;
//   - what changes something, only if the server cannot have seen it.
//
// Beside it, anything is sent once more with a fresh token, if the server says
// that it did not execute it because the session is gone. A 401 or 403 is never
// repeated otherwise, since wrong tries block passwords.
func repeatable(ctx context.Context, op operation, out transport.Outcome) bool {
	switch {
	case out.Err == nil && out.Answer.Status < 300:
		return false
	case ctx.Err() != nil, errors.Is(out.Err, context.DeadlineExceeded):
		return false
	case out.Refused, isA[*tls.CertificateVerificationError](out.Err), errors.Is(out.Err, http.ErrSchemeMismatch):
		return false // would end the same
	case out.Answer.Status < 300:
		return isA[*transport.Failure](out.Err) && (op.reads() || out.Unsent)
	}
	switch out.Answer.Status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return op.reads()
	}
	return false
}

func isA[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

package passwords

import (
	"context"
	"net/http"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/validate"
)

// BasicAuth returns a request editor for package gen that authenticates by
// principal, such as the login name, and password. If one of them is empty or
// malformed, the editor returns an error that matches [ErrInvalidArgument] and
// does not show the value, and nothing is sent. With [New], use [WithBasicAuth].
func BasicAuth(principal string, password Secret) gen.RequestEditorFn {
	value, err := basicCredential(principal, password)
	return headerEditor(validate.HeaderAuthorization, value, err)
}

// SessionToken returns a request editor for package gen that authenticates by the
// token of a session. If the token is empty or malformed, the editor returns an
// error that matches [ErrInvalidArgument] and does not show the value, and nothing
// is sent. With [New], use [WithSessionToken].
func SessionToken(token Secret) gen.RequestEditorFn {
	return headerEditor(validate.HeaderSessionToken, token, validate.Header("session token", token.Reveal()))
}

// AccessClientToken returns a request editor for package gen that authenticates by
// the token of an access client. If the access client was activated with a prefix,
// pass the prefix and the token, without a separator. If the token is empty or
// malformed, the editor returns an error that matches [ErrInvalidArgument] and does
// not show the value, and nothing is sent. With [New], use [WithAccessClientToken].
func AccessClientToken(token Secret) gen.RequestEditorFn {
	return headerEditor(validate.HeaderAccessClientToken, token, validate.Header("access client token", token.Reveal()))
}

func basicCredential(principal string, password Secret) (Secret, error) {
	value, err := validate.Basic(principal, password.Reveal())
	return NewSecret(value), err
}

// headerEditor returns an editor that sets a header, or that fails with err.
func headerEditor(name string, value Secret, err error) gen.RequestEditorFn {
	return func(_ context.Context, req *http.Request) error {
		if err != nil {
			return err
		}
		req.Header.Set(name, value.Reveal())
		return nil
	}
}

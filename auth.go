package passwords

import (
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/validate"
)

// BasicAuth returns a request editor for users of package gen that
// authenticates by principal, such as the login name, and password. If either
// is empty or malformed, the editor returns an error that does not show it, and
// nothing is sent. Users of [New] take [WithBasicAuth].
func BasicAuth(principal, password string) gen.RequestEditorFn {
	value, err := basicCredential(principal, password)
	return headerEditor(validate.HeaderAuthorization, value, err)
}

// SessionToken returns a request editor for users of package gen that
// authenticates by the token of a session. If it is empty or malformed, the
// editor returns an error that does not show it, and nothing is sent. Users of
// [New] take [WithSessionToken].
func SessionToken(token string) gen.RequestEditorFn {
	return headerEditor(validate.HeaderSessionToken, NewSecret(token), validate.Header("session token", token))
}

// AccessClientToken returns a request editor for users of package gen that
// authenticates by the token of an access client, its prefix, if any, in front
// of it without a separator. If it is empty or malformed, the editor returns an
// error that does not show it, and nothing is sent. Users of [New] take
// [WithAccessClientToken].
func AccessClientToken(token string) gen.RequestEditorFn {
	return headerEditor(validate.HeaderAccessClientToken, NewSecret(token), validate.Header("access client token", token))
}

func basicCredential(principal, password string) (Secret, error) {
	value, err := validate.Basic(principal, password)
	return NewSecret(value), err
}

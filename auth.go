package passwords

import (
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cyclos-go/passwords/gen"
)

// The headers of the three security schemes.
const (
	headerAuthorization     = "Authorization"
	headerSessionToken      = "Session-Token"
	headerAccessClientToken = "Access-Client-Token"
)

// BasicAuth returns a request editor for users of package gen that
// authenticates by principal, such as the login name, and password. If either
// is empty or malformed, the editor returns an error that does not show it, and
// nothing is sent. Users of [New] take [WithBasicAuth].
func BasicAuth(principal, password string) gen.RequestEditorFn {
	value, err := basicCredential(principal, password)
	return headerEditor(headerAuthorization, value, err)
}

// SessionToken returns a request editor for users of package gen that
// authenticates by the token of a session. If it is empty or malformed, the
// editor returns an error that does not show it, and nothing is sent. Users of
// [New] take [WithSessionToken].
func SessionToken(token string) gen.RequestEditorFn {
	return headerEditor(headerSessionToken, NewSecret(token), checkHeader("session token", token))
}

// AccessClientToken returns a request editor for users of package gen that
// authenticates by the token of an access client, its prefix, if any, in front
// of it without a separator. If it is empty or malformed, the editor returns an
// error that does not show it, and nothing is sent. Users of [New] take
// [WithAccessClientToken].
func AccessClientToken(token string) gen.RequestEditorFn {
	return headerEditor(headerAccessClientToken, NewSecret(token), checkHeader("access client token", token))
}

func basicCredential(principal, password string) (Secret, error) {
	if strings.Contains(principal, ":") {
		return Secret{}, invalidArgument("the principal holds a colon, which basic authentication takes for the end of it")
	}
	for _, part := range []struct{ name, value string }{{"principal", principal}, {"password", password}} {
		switch {
		case part.value == "":
			return Secret{}, invalidArgument("the " + part.name + " is empty")
		case !utf8.ValidString(part.value):
			return Secret{}, invalidArgument("the " + part.name + " is not valid UTF-8")
		case strings.ContainsFunc(part.value, unicode.IsControl):
			return Secret{}, invalidArgument("the " + part.name + " holds a control character")
		}
	}
	encoded := base64.StdEncoding.EncodeToString([]byte(principal + ":" + password))
	return NewSecret("Basic " + encoded), nil
}

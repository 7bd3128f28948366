package cyclostest

import (
	"slices"
	"time"

	"github.com/cyclos-go/passwords/gen"
)

// Request headers for authentication.
const (
	headerAuthorization = "Authorization"
	headerSession       = "Session-Token"
	headerAccessClient  = "Access-Client-Token"
	headerPrincipalType = "Principal-Type"
	headerChannel       = "Channel"
)

// WithActiveLoginOnly rejects logins with an expired or reset password: 401 login, with
// the passwordStatus. Without this option, such a password logs in for one purpose:
// until its owner changes it, all other operations are 403 expiredPassword or
// resetPassword.
func WithActiveLoginOnly() Option {
	return func(c *config) error {
		c.activeLoginOnly = true
		return nil
	}
}

// authenticate sets the caller, the channel and the password of the login.
func (c *call) authenticate(id gen.OperationID) *problem {
	scheme, p := c.credentials()
	if p != nil {
		return p
	}
	if p := c.findChannel(); p != nil {
		return p
	}
	switch value := c.request.Header.Get(scheme); scheme {
	case headerSession:
		c.caller, c.used = c.session(value, c.now)
		if c.caller == nil || !c.caller.isActive() {
			return unauthorizedCode(gen.UnauthorizedErrorCodeLoggedOut)
		}
	case headerAccessClient:
		c.caller = c.clients[value]
		if c.caller == nil {
			return unauthorizedCode(gen.UnauthorizedErrorCodeInvalidAccessClient)
		}
		if !c.caller.isActive() {
			return unauthorizedCode(gen.UnauthorizedErrorCodeBlockedAccessClient)
		}
	default:
		if p := c.basic(); p != nil {
			return p
		}
	}
	if len(c.channel.Roles) > 0 && !slices.Contains(c.channel.Roles, c.caller.Role) {
		return forbidden(gen.ForbiddenErrorCodeInaccessibleChannel)
	}
	if c.used != nil && mustBeChanged(c.used) && !c.changes(id, c.used.typ) {
		return forbiddenPassword(confirmationCodes[c.used.status], c.used.typ)
	}
	return nil
}

// mustBeChanged reports whether the owner must change p before anything else.
func mustBeChanged(p *password) bool { return p.status == expired || p.status == reset }

// changes reports whether the call changes the caller's own password of type t, or
// begins or ends the session in which to do so.
func (c *call) changes(id gen.OperationID, t *PasswordType) bool {
	if id == gen.OperationLogin || id == gen.OperationLogout {
		return true
	}
	own := id == gen.OperationGeneratePassword ||
		id == gen.OperationChangePassword && c.resolveUser(c.caller, c.userKey()) == c.caller
	return own && c.typeByKey(c.typeKey()) == t
}

// credentials returns the name of the header with the credentials. It requires
// exactly one header line, and a non-empty value for Authorization.
func (c *call) credentials() (string, *problem) {
	scheme, count := "", 0
	for _, name := range []string{headerAuthorization, headerSession, headerAccessClient} {
		if values := c.request.Header.Values(name); len(values) > 0 && (name != headerAuthorization || !c.emptyBasic()) {
			scheme = name
			count += len(values)
		}
	}
	if count != 1 || scheme == headerAuthorization && c.request.Header.Get(scheme) == "" {
		return "", unauthorizedCode(gen.UnauthorizedErrorCodeMissingAuthorization)
	}
	return scheme, nil
}

// emptyBasic reports whether a request to an older version has Basic credentials
// without user and password beside a session token, which is how a client of 4.11
// sends it.
func (c *call) emptyBasic() bool {
	principal, value, ok := c.request.BasicAuth()
	return c.minor <= lastLenientMinor && ok && principal == "" && value == "" &&
		len(c.request.Header.Values(headerAuthorization)) == 1 && len(c.request.Header.Values(headerSession)) > 0
}

func (c *call) findChannel() *problem {
	name := c.request.Header.Get(headerChannel)
	i := slices.IndexFunc(c.channels, func(channel Channel) bool { return name == "" || channel.InternalName == name })
	if i < 0 {
		return forbidden(gen.ForbiddenErrorCodeInaccessibleChannel)
	}
	c.channel = c.channels[i]
	return nil
}

// basic authenticates the caller by principal and password. An unknown user and a
// wrong password get the same response. The response names the status of a user or
// password that may not log in.
func (c *call) basic() *problem {
	login := unauthorizedCode(gen.UnauthorizedErrorCodeLogin)
	principal, value, ok := c.request.BasicAuth()
	if !ok {
		return login
	}
	kind := c.request.Header.Get(headerPrincipalType)
	if kind == "" {
		kind = PrincipalAny
	}
	if !knownPrincipal(kind) {
		return forbidden(gen.ForbiddenErrorCodeInaccessiblePrincipal)
	}
	c.caller = c.userByPrincipal(kind, principal)
	if c.caller == nil {
		return login
	}
	p := c.caller.password(c.typeByName(c.channel.PasswordType), c.now)
	right := p.attempt(value, c.now)
	switch {
	case p.status == active:
	case mustBeChanged(p) && !c.activeLoginOnly:
		right = p.matches(value)
	default:
		return unauthorized(gen.UnauthorizedError{
			Code: gen.UnauthorizedErrorCodeLogin, PasswordStatus: p.status,
		})
	}
	if !right {
		return login
	}
	if !c.caller.isActive() {
		return unauthorized(gen.UnauthorizedError{Code: gen.UnauthorizedErrorCodeLogin, UserStatus: c.caller.Status})
	}
	c.used = p
	return nil
}

// confirmationCodes maps the status of the confirmation password to the error
// code. In all other statuses the password has no value; the code is invalidPassword.
var confirmationCodes = map[gen.PasswordStatusEnum]gen.ForbiddenErrorCode{
	temporarilyBlocked:  gen.ForbiddenErrorCodeTemporarilyBlocked,
	indefinitelyBlocked: gen.ForbiddenErrorCodeIndefinitelyBlocked,
	expired:             gen.ForbiddenErrorCodeExpiredPassword,
	disabled:            gen.ForbiddenErrorCodeDisabledPassword,
	reset:               gen.ForbiddenErrorCodeResetPassword,
}

// confirm checks a confirmation. A missing value is rejected, but is not a failed
// attempt.
func (p *password) confirm(value string, now time.Time) *problem {
	if value != "" && p.attempt(value, now) {
		return nil
	}
	code, ok := confirmationCodes[p.status]
	if !ok {
		code = gen.ForbiddenErrorCodeInvalidPassword
	}
	return forbiddenPassword(code, p.typ)
}

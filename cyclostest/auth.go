package cyclostest

import (
	"net/http"
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

// authenticate returns the caller.
func (st *state) authenticate(r *http.Request, now time.Time) (*user, *problem) {
	scheme, p := credentials(r)
	if p != nil {
		return nil, p
	}
	channel, p := st.channel(r.Header)
	if p != nil {
		return nil, p
	}
	var u *user
	switch value := r.Header.Get(scheme); scheme {
	case headerSession:
		u = st.sessions[value]
		if u == nil || !u.isActive() {
			return nil, unauthorizedCode(gen.UnauthorizedErrorCodeLoggedOut)
		}
	case headerAccessClient:
		u = st.clients[value]
		if u == nil {
			return nil, unauthorizedCode(gen.UnauthorizedErrorCodeInvalidAccessClient)
		}
		if !u.isActive() {
			return nil, unauthorizedCode(gen.UnauthorizedErrorCodeBlockedAccessClient)
		}
	default:
		if u, p = st.basic(r, channel, now); p != nil {
			return nil, p
		}
	}
	if len(channel.Roles) > 0 && !slices.Contains(channel.Roles, u.Role) {
		return nil, forbidden(gen.ForbiddenErrorCodeInaccessibleChannel)
	}
	return u, nil
}

// credentials returns the name of the header with the credentials. It requires
// exactly one header line, and a non-empty value for Authorization.
func credentials(r *http.Request) (string, *problem) {
	scheme, count := "", 0
	for _, name := range []string{headerAuthorization, headerSession, headerAccessClient} {
		if values := r.Header.Values(name); len(values) > 0 {
			scheme = name
			count += len(values)
		}
	}
	if count != 1 || scheme == headerAuthorization && r.Header.Get(scheme) == "" {
		return "", unauthorizedCode(gen.UnauthorizedErrorCodeMissingAuthorization)
	}
	return scheme, nil
}

func (st *state) channel(h http.Header) (Channel, *problem) {
	name := h.Get(headerChannel)
	if name == "" {
		return st.channels[0], nil
	}
	if i := slices.IndexFunc(st.channels, func(c Channel) bool { return c.InternalName == name }); i >= 0 {
		return st.channels[i], nil
	}
	return Channel{}, forbidden(gen.ForbiddenErrorCodeInaccessibleChannel)
}

// basic authenticates by principal and password. An unknown user and a wrong
// password get the same response. The response names the status of an inactive
// password or user.
func (st *state) basic(r *http.Request, c Channel, now time.Time) (*user, *problem) {
	login := unauthorizedCode(gen.UnauthorizedErrorCodeLogin)
	principal, value, ok := r.BasicAuth()
	if !ok {
		return nil, login
	}
	kind := r.Header.Get(headerPrincipalType)
	if kind == "" {
		kind = PrincipalAny
	}
	if !knownPrincipal(kind) {
		return nil, forbidden(gen.ForbiddenErrorCodeInaccessiblePrincipal)
	}
	u := st.userByPrincipal(kind, principal)
	if u == nil {
		return nil, login
	}
	p := u.password(st.typeByName(c.PasswordType), now)
	right := p.attempt(value, now)
	if p.status != active {
		return nil, unauthorized(gen.UnauthorizedError{
			Code: gen.UnauthorizedErrorCodeLogin, PasswordStatus: p.status,
		})
	}
	if !right {
		return nil, login
	}
	if !u.isActive() {
		return nil, unauthorized(gen.UnauthorizedError{Code: gen.UnauthorizedErrorCodeLogin, UserStatus: u.Status})
	}
	return u, nil
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

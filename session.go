package passwords

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/decode"
	"github.com/cyclos-go/passwords/internal/response"
	"github.com/cyclos-go/passwords/internal/singleflight"
	"github.com/cyclos-go/passwords/internal/validate"
)

// tokenSource returns the session tokens of clients.
type tokenSource interface {
	// token returns a token for a request of c. The server refused expired, unless
	// that is zero: without another token, the result is zero or expired.
	token(ctx context.Context, c *Client, expired Secret) (Secret, error)
}

// callersSource is the function of WithSessionTokenSource.
type callersSource struct {
	calls *singleflight.Source[Secret, Secret]
}

func newCallersSource(source func(context.Context, Secret) (Secret, error)) callersSource {
	return callersSource{singleflight.New(source, func(running, expired Secret) bool {
		// A call for another expired token may return the one that expired here.
		return expired.IsZero() || expired.Equal(running)
	})}
}

func (s callersSource) token(ctx context.Context, _ *Client, expired Secret) (Secret, error) {
	token, err := s.calls.Get(ctx, expired)
	if err != nil {
		return token, sourceError(err)
	}
	return token, nil
}

func sourceError(err error) error { return callersError(fmt.Errorf("session token source: %w", err)) }

// lastSession is a source that does not renew the session.
type lastSession struct{ tokenSource }

func (s lastSession) token(ctx context.Context, c *Client, expired Secret) (Secret, error) {
	if !expired.IsZero() {
		return Secret{}, nil
	}
	return s.tokenSource.token(ctx, c, expired)
}

// login holds the sessions of WithLogin, for all clients that share it. The clients have
// the credentials.
type login struct {
	calls *singleflight.Source[*Client, openSession]

	mu       sync.Mutex
	sessions map[sessionKey]Secret
	refused  map[sessionKey]*Error // the 401 or 403 after which a password is not sent any more
}

// sessionKey distinguishes the sessions of a login: another channel may check another
// password, another principal type may find another user.
type sessionKey struct {
	channel, principalType string
	timeout                time.Duration
}

func (c *Client) sessionKey() sessionKey {
	return sessionKey{c.settings.channel, c.settings.principalType, c.settings.sessionTimeout}
}

// attempt returns the same key for all sessions that the same password opens.
func (k sessionKey) attempt() sessionKey {
	k.timeout = 0
	return k
}

type openSession struct {
	key   sessionKey
	token Secret
}

// loginLinger is the time for which a login continues after its last caller has left:
// otherwise short calls would send the password again and again, and never learn that it
// is wrong.
const loginLinger = 30 * time.Second

func newLogin() *login {
	l := &login{sessions: map[sessionKey]Secret{}, refused: map[sessionKey]*Error{}}
	l.calls = singleflight.New(l.open, func(running, caller *Client) bool {
		return running.sessionKey().attempt() == caller.sessionKey().attempt()
	})
	l.calls.Linger = loginLinger
	return l
}

func (l *login) token(ctx context.Context, c *Client, expired Secret) (Secret, error) {
	key := c.sessionKey()
	l.forget(key, expired)
	for {
		if token, err := l.known(key); err != nil || !token.IsZero() {
			return token, err
		}
		opened, err := l.calls.Get(ctx, c)
		switch {
		case err != nil && !isA[loginError](err):
			return Secret{}, fmt.Errorf("login: %w", err) // the call ended while it waited
		case err != nil || opened.key == key:
			return opened.token, err
		}
	}
}

// known returns the session and the error of the login, without a request.
func (l *login) known(key sessionKey) (Secret, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	token, refused := l.sessions[key], l.refused[key.attempt()]
	if token.IsZero() && refused != nil {
		return token, loginError{refused}
	}
	return token, nil
}

// forget removes the session, unless there is another one by now.
func (l *login) forget(key sessionKey, expired Secret) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !expired.IsZero() && l.sessions[key].Equal(expired) {
		delete(l.sessions, key)
	}
}

// open logs in with the options of c, if the caller has not waited for another login
// before.
func (l *login) open(ctx context.Context, c *Client) (openSession, error) {
	key := c.sessionKey()
	if token, err := l.known(key); err != nil || !token.IsZero() {
		return openSession{key, token}, err
	}
	var params gen.LoginParams
	params.Fields = []string{"sessionToken"}
	if seconds := int(key.timeout / time.Second); seconds > 0 {
		params.TimeoutInSeconds = &seconds
	}
	authenticated := c.sending(c.settings.credential, header{"Principal-Type", NewSecret(key.principalType)})
	var (
		refused *Error
		token   Secret
	)
	// The innermost observer learns of a refusal before another one, or the logger, can
	// panic.
	authenticated.settings.observers = append(slices.Clip(c.settings.observers), func(context.Context, Observation) (context.Context, func(error)) {
		return nil, func(err error) {
			if e, ok := errors.AsType[*Error](err); ok && (e.StatusCode == http.StatusUnauthorized || e.StatusCode == http.StatusForbidden) {
				refused = e
			}
		}
	})
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if refused != nil {
			l.refused[key.attempt()] = refused.ofLogin()
		} else if !token.IsZero() {
			l.sessions[key] = token
		}
	}()
	token, err := call(ctx, authenticated, gen.OperationLogin, Self(), openedSession, func(ctx context.Context, server *url.URL, _ string) (*http.Request, error) {
		return gen.NewLoginRequest(ctx, server, &params)
	})
	if failed, ok := errors.AsType[*Error](err); ok {
		return openSession{}, loginError{failed.ofLogin()}
	}
	return openSession{key, token}, nil
}

// ofLogin returns a copy of the error of a login for the operation that needs it, which
// is not sent.
func (e *Error) ofLogin() *Error {
	failed := *e
	failed.outcomeUnknown = false
	return &failed
}

// loginError makes the error of a login that of the operation that needs it.
type loginError struct{ error } // an *Error

// sending returns c with these headers in place of its token source, without those
// that have no value.
func (c *Client) sending(headers ...header) *Client {
	other := *c
	other.settings.source = nil
	other.headers = slices.DeleteFunc(slices.Concat(c.headers, headers), func(h header) bool { return h.value.IsZero() })
	return &other
}

// Logout ends the session of the client, also for other programs that have its token.
// A session that is already gone is no error. If Logout fails, it can be repeated.
// A client with [WithLogin] logs in again when the next call needs it; without a
// session, its Logout sends nothing. Call it when no other call is running: a call
// whose session ends would log in again.
//
// With [WithSessionToken] later calls return [CodeLoggedOut]. With
// [WithSessionTokenSource] the session is the one of the token that the source
// returns now; the source is told of its end by the next call. With [WithBasicAuth]
// and [WithAccessClientToken] there are no sessions: the error matches
// [ErrInvalidArgument].
//
// logout: DELETE /auth/session
func (c *Client) Logout(ctx context.Context) error {
	ending, ended := c, func() {}
	if c.made() {
		if c.settings.scheme == schemeBasic || c.settings.scheme == schemeAccessClient {
			return &Error{Operation: string(gen.OperationLogout), cause: validate.Invalid("the client authenticates without a session")}
		}
		switch source := c.settings.source.(type) {
		case *login:
			key := c.sessionKey()
			token, _ := source.known(key)
			if token.IsZero() {
				return nil
			}
			ending, ended = c.sending(header{validate.HeaderSessionToken, token}), func() { source.forget(key, token) }
		case callersSource:
			ending = c.sending()
			ending.settings.source = lastSession{source}
		}
	}
	_, err := call(ctx, ending, gen.OperationLogout, Self(), closedSession, func(ctx context.Context, server *url.URL, _ string) (*http.Request, error) {
		return gen.NewLogoutRequest(ctx, server)
	})
	if err == nil || IsCode(err, CodeLoggedOut) {
		ended()
		return nil
	}
	return err
}

var (
	openedSession = result[Secret]{
		decode: func(r response.Response, partial bool) (Secret, error) {
			auth, err := object((*decode.Reader).Auth)(r, partial)
			if err != nil {
				return Secret{}, err
			}
			if validate.Header("session token", auth.SessionToken) != nil {
				return Secret{}, response.Unexpected("the session token is missing or cannot be sent in a header")
			}
			return NewSecret(auth.SessionToken), nil
		},
	}
	closedSession = result[struct{}]{
		decode: func(r response.Response, _ bool) (none struct{}, err error) { return none, response.NoPage(r) },
	}
)

// sessionToken returns the fresh token or, if that is zero, one of the source.
func (c *Client) sessionToken(ctx context.Context, fresh Secret) (token Secret, err error) {
	if token = fresh; token.IsZero() {
		if token, err = c.settings.source.token(ctx, c, Secret{}); err != nil {
			return token, err
		}
	}
	return token, validate.Header("session token", token.Reveal())
}

// sessionIsGone reports whether the server did not execute a request because its
// session expired, and the source can renew it.
func (c *Client) sessionIsGone(r response.Response) bool {
	return c.settings.source != nil && r.Status == http.StatusUnauthorized && r.Object().Code() == CodeLoggedOut
}

// renewSession returns a token other than the expired one, or the zero Secret.
func (c *Client) renewSession(ctx context.Context, expired Secret) (Secret, error) {
	if c.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.timeout)
		defer cancel()
	}
	token, err := c.settings.source.token(ctx, c, expired)
	if err != nil || token.IsZero() || token.Equal(expired) {
		return Secret{}, err
	}
	if err := validate.Header("session token", token.Reveal()); err != nil {
		return Secret{}, sourceError(err)
	}
	return token, nil
}

// loginFailure returns the error of a login that a call needed, nil if there is none.
func loginFailure(err, renewal error) *Error {
	e, _ := errors.AsType[loginError](cmp.Or(err, renewal))
	if failed, ok := e.error.(*Error); ok {
		return failed.ofLogin() // each caller may change its own
	}
	return nil
}

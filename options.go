package passwords

import (
	"cmp"
	"context"
	"log/slog"
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/transport"
	"github.com/cyclos-go/passwords/internal/validate"
)

// Option configures a [Client]. For an invalid value, [New] and [Client.With] return
// an error that matches [ErrInvalidArgument] and does not show the value. Values that
// are sent as a header, such as tokens and the names of channels, have to be printable
// ASCII, without spaces around them.
type Option func(*settings) error

// setting returns an option that calls set, or that fails with err.
func setting(err error, set func(*settings)) Option {
	return func(s *settings) error {
		if err == nil {
			set(s)
		}
		return err
	}
}

func refuse(bad bool, reason string) error {
	if bad {
		return validate.Invalid(reason)
	}
	return nil
}

// WithBasicAuth authenticates each request by a principal, such as the login name,
// and its password. Both may have characters of any script, but no control characters,
// and must not be empty. A principal with a colon is an error, because the server would
// read the rest of it as the password.
func WithBasicAuth(principal string, password Secret) Option {
	credential, err := basicCredential(principal, password)
	return withCredential(schemeBasic, validate.HeaderAuthorization, credential, err)
}

// WithSessionToken authenticates by the token of a session, in the header
// Session-Token.
func WithSessionToken(token Secret) Option {
	return withCredential(schemeSession, validate.HeaderSessionToken, token, validate.Header("session token", token.Reveal()))
}

// withCredential authenticates by a header, or fails with err.
func withCredential(scheme, name string, value Secret, err error) Option {
	return func(s *settings) error {
		if err != nil {
			return err
		}
		return s.authenticate(scheme, header{name, value})
	}
}

// WithSessionTokenSource authenticates by a session. The client calls source for the
// token before each request, with the zero Secret. If the server reports that the
// session is gone ([CodeLoggedOut]), it did not execute the request: the client calls
// source with the expired token, and sends the request once more if source returns
// another one. A source that keeps its token opens a session if it has none, or if
// its token equals the expired one, and otherwise returns what it has. If source
// fails, the error of the call wraps the source's error. If it returns a token that
// is not printable ASCII, the error matches [ErrInvalidArgument].
//
// Concurrent calls with the same expired token share a call of source; others may run
// at the same time. A source belongs to one user. Its context carries no values of
// the call, because all waiting calls share the token. For another user, derive a
// client by [Client.With]. The source runs in its own goroutine. Its context ends
// when no call waits any more; if it panics, every waiting call panics. It must not
// use a client that has the same source.
func WithSessionTokenSource(source func(ctx context.Context, expired Secret) (Secret, error)) Option {
	return func(s *settings) error {
		if source == nil {
			return validate.Invalid("the session token source is nil")
		}
		s.source = newCallersSource(source)
		return s.authenticate(schemeSession, header{})
	}
}

// WithLogin authenticates by sessions that the client opens with a principal, such as
// the login name, and its password. The password is sent once for each session: before
// the first request, and when the server reports that the session is gone
// ([CodeLoggedOut]). Concurrent calls wait for one login. Clients derived by
// [Client.With] share the sessions, unless they set another authentication: there is
// one for each principal type, channel and session timeout. [Client.Logout] ends that
// of its client.
//
// If the login fails, the operation was not executed. Its error is that of the login:
// [Error.Operation] is login, and it never matches [ErrOutcomeUnknown]. A login that
// may have arrived is repeated only by the next call. After a 401 or 403, all clients
// that share the sessions, with the same principal type and channel, return that error
// without sending anything, because failed attempts block passwords: pass WithLogin to
// [New] or [Client.With] to try again.
//
// A login has the timeout, retries, logger, observers and request editors of the
// client whose call starts it. Its context carries no values of the call, and ends 30
// seconds after the last call that waits for it. Until then later calls wait for the
// same login, so that short calls do not repeat the password.
//
// login: POST /auth/session
func WithLogin(principal string, password Secret) Option {
	credential, err := basicCredential(principal, password)
	return func(s *settings) error {
		s.source = newLogin()
		return withCredential(schemeLogin, validate.HeaderAuthorization, credential, err)(s)
	}
}

// WithSessionTimeout sets the time without requests after which the server ends the
// sessions of [WithLogin], which it requires. The server chooses the default, and may
// have an upper limit. The duration must be a positive number of whole seconds.
func WithSessionTimeout(d time.Duration) Option {
	return setting(refuse(d <= 0 || d%time.Second != 0, "the session timeout is not a positive number of whole seconds"),
		func(s *settings) { s.sessionTimeout = d })
}

// WithAccessClientToken authenticates by the token of an activated access client, in
// the header Access-Client-Token.
func WithAccessClientToken(token Secret) Option {
	return withCredential(schemeAccessClient, validate.HeaderAccessClientToken, token, validate.Header("access client token", token.Reveal()))
}

// WithAccessClientPrefix prepends the prefix that was chosen at the activation of the
// access client to its token, without a separator. It requires
// [WithAccessClientToken]. The prefix is a part of the credential, and thus a Secret.
func WithAccessClientPrefix(prefix Secret) Option {
	return setting(validate.Header("access client prefix", prefix.Reveal()), func(s *settings) { s.prefix = prefix })
}

// WithPrincipalType sets the type of the principal of [WithBasicAuth] or [WithLogin],
// one of which it requires, by internal name: * stands for all types, # for the PIN of
// a trusted device.
func WithPrincipalType(name string) Option {
	return setting(validate.Header("principal type", name), func(s *settings) { s.principalType = name })
}

// WithChannel sets the channel of the requests by internal name. The default is the
// server's default channel for its API.
func WithChannel(name string) Option {
	return setting(validate.Header("channel", name), func(s *settings) { s.channel = name })
}

// WithHTTPClient sends the requests with client, for example to use a proxy or
// certificates of its transport. Only the client's Transport and Timeout are used:
// redirects are not followed and cookies not kept. The Transport must not repeat
// requests, since a change could take place twice. The default is a copy of
// [http.DefaultTransport].
func WithHTTPClient(client *http.Client) Option {
	return func(s *settings) error {
		if client == nil {
			return validate.Invalid("the HTTP client is nil")
		}
		return s.sendWith(transport.NoRedirect{Next: client.Transport, Timeout: client.Timeout})
	}
}

// WithDoer sends the requests with doer, which must be safe for concurrent use and
// must not follow redirects, since it would send the credentials to another host.
// For an [*http.Client], WithDoer is the same as [WithHTTPClient].
func WithDoer(doer gen.HttpRequestDoer) Option {
	return func(s *settings) error {
		if client, ok := doer.(*http.Client); ok {
			return WithHTTPClient(client)(s)
		}
		if doer == nil {
			return validate.Invalid("the doer is nil")
		}
		return s.sendWith(doer)
	}
}

// WithRequestEditor calls edit with each complete request, credentials included,
// before it is sent. Editors run in the order in which they are given. They may
// authenticate the requests of a client without authentication. If they change the
// client's authentication, add a second one, or leave a request that cannot be sent,
// such as one with a line break in a header or a scheme other than http and https,
// the call returns an error that matches [ErrInvalidArgument]. If an editor fails, the error of the call wraps
// the editor's.
func WithRequestEditor(edit gen.RequestEditorFn) Option {
	return setting(refuse(edit == nil, "the request editor is nil"), func(s *settings) { s.editors = append(s.editors, edit) })
}

// WithUserAgent prepends the application, such as "onboarding/1.2", to the
// User-Agent header. The default is the name of this package alone.
func WithUserAgent(application string) Option {
	return setting(validate.Header("application", application), func(s *settings) { s.userAgent = application })
}

// WithTimeout limits each attempt of a request, up to the end of the response body.
// The default is 30 seconds; 0 disables the timeout. A negative duration is an
// error. A deadline of the context applies as well. An attempt ends at the latest one
// second after either, even if the transport ignores them. It is then abandoned: its
// goroutine lasts until the transport returns.
func WithTimeout(d time.Duration) Option {
	return setting(refuse(d < 0, "the timeout is negative"), func(s *settings) { s.timeout = &d })
}

// WithMaxResponseBytes limits the size of a response body after decompression, in
// bytes. The default is 1 MiB. A larger response is an error that matches
// [ErrResponseTooLarge]. The limit must be positive.
func WithMaxResponseBytes(n int64) Option {
	return setting(refuse(n <= 0 || n == math.MaxInt64, "the limit of response bytes is not positive, or too large"),
		func(s *settings) { s.maxResponseBytes = n })
}

// WithRetries sets the maximum number of retries of a call. The default is 2; 0
// disables retries. A negative n is an error. Whatever reaches the server counts: a
// request that net/http is about to repeat by itself, because the connection broke,
// is stopped and becomes a retry, the first of them without backoff. So a call
// reaches the server at most n+1 times, apart from the request that follows the
// renewal of a session token. Safe operations are retried after connection errors
// and the statuses 429, 502, 503 and 504. Unsafe operations are retried only if no
// connection was established, which only an [*http.Transport] reports, and only if
// it has neither registered protocols nor functions of the caller in TLSNextProto.
// What a proxy refuses to forward, as with a 407, is not retried. The backoff grows
// with each retry, is at least Retry-After, and never exceeds the deadline of the
// context. A Retry-After above 10 seconds ends the call with [Error.RetryAfter].
func WithRetries(n int) Option {
	return setting(refuse(n < 0, "the number of retries is negative"), func(s *settings) { s.retries = &n })
}

// WithInsecureHTTP permits a base URL that begins with http:// for a host other than
// this machine. Anyone who can read the network traffic then reads all passwords.
func WithInsecureHTTP() Option {
	return setting(nil, func(s *settings) { s.insecureHTTP = true })
}

// WithLogger logs each attempt of a request, retries included, at level Info, with the
// operation, method, path template, status (0 without a response), duration and
// attempt number. A failed attempt is logged at level Warn, also with the kind of
// failure, such as "timeout", "no such host" or "forbidden". Users, hosts and secrets
// are never logged.
func WithLogger(logger *slog.Logger) Option {
	return setting(refuse(logger == nil, "the logger is nil"), func(s *settings) { s.logger = logger })
}

// WithObserver calls observer at the start and end of each call and attempt, for
// example to trace them: see module github.com/cyclos-go/passwords/otel. Observers
// must be safe for concurrent use. They nest in the order in which they are given,
// those of the client from which [Client.With] derives another one outermost.
func WithObserver(observer Observer) Option {
	return setting(refuse(observer == nil, "the observer is nil"), func(s *settings) { s.observers = append(s.observers, observer) })
}

// JoinOptions returns one option that applies opts in their order, for packages that
// configure clients.
func JoinOptions(opts ...Option) Option {
	return func(s *settings) error {
		for _, opt := range opts {
			if opt == nil {
				return validate.Invalid("an option is nil")
			}
			if err := opt(s); err != nil {
				return err
			}
		}
		return nil
	}
}

// The authentication schemes of the API.
const (
	schemeBasic        = "basic"
	schemeSession      = "session"
	schemeLogin        = "login"
	schemeAccessClient = "access client"
)

const (
	defaultRetries                = 2
	defaultTimeout                = 30 * time.Second
	defaultUserAgent              = "cyclos-go-passwords"
	defaultMaxResponseBytes int64 = 1 << 20
)

// settings are the options of one New or With.
type settings struct {
	auth
	channel          string
	userAgent        string
	timeout          *time.Duration
	retries          *int
	maxResponseBytes int64
	insecureHTTP     bool
	logger           *slog.Logger
	// A closure as in Secret, since the buffers of connections hold sent data.
	doer      func() gen.HttpRequestDoer
	editors   []gen.RequestEditorFn
	observers []Observer
}

// auth is the configuration of an authentication scheme.
type auth struct {
	scheme         string
	credential     header      // of each request, or of the login; zero for a source of the caller
	source         tokenSource // of the session, nil if there is none
	prefix         Secret      // of the token of an access client
	principalType  string
	sessionTimeout time.Duration // of a login, 0 for the server's
}

func newSettings(opts []Option) (settings, error) {
	var s settings
	err := JoinOptions(opts...)(&s)
	return s, err
}

// authenticate sets the scheme, unless there is one.
func (s *settings) authenticate(scheme string, credential header) error {
	if s.scheme != "" {
		return validate.Invalid("two authentications are given")
	}
	s.scheme, s.credential = scheme, credential
	return nil
}

// sendWith sets the doer, unless there is one.
func (s *settings) sendWith(doer gen.HttpRequestDoer) error {
	if s.doer != nil {
		return validate.Invalid("two HTTP clients or doers are given")
	}
	s.doer = func() gen.HttpRequestDoer { return doer }
	return nil
}

// over returns s, with unset fields taken from base.
func (s settings) over(base settings) settings {
	if s.scheme == "" {
		// Without a new scheme, what belongs to one applies to the old one.
		prefix := s.prefix
		s.auth = auth{
			scheme: base.scheme, credential: base.credential, source: base.source, prefix: base.prefix,
			principalType:  cmp.Or(s.principalType, base.principalType),
			sessionTimeout: cmp.Or(s.sessionTimeout, base.sessionTimeout),
		}
		if !prefix.IsZero() {
			s.prefix = prefix
		}
	}
	s.channel = cmp.Or(s.channel, base.channel)
	s.userAgent = cmp.Or(s.userAgent, base.userAgent)
	s.timeout = cmp.Or(s.timeout, base.timeout)
	s.retries = cmp.Or(s.retries, base.retries)
	s.maxResponseBytes = cmp.Or(s.maxResponseBytes, base.maxResponseBytes)
	s.logger = cmp.Or(s.logger, base.logger)
	if s.doer == nil {
		s.doer = base.doer
	}
	s.editors = slices.Concat(base.editors, s.editors)
	s.observers = slices.Concat(base.observers, s.observers)
	return s
}

// header is a request header by its canonical name.
type header struct {
	name  string
	value Secret
}

// headers returns the headers of each request.
func (s settings) headers() ([]header, error) {
	if s.principalType != "" && s.scheme != schemeBasic && s.scheme != schemeLogin {
		return nil, validate.Invalid("a principal type is given without basic authentication or a login")
	}
	if s.sessionTimeout != 0 && s.scheme != schemeLogin {
		return nil, validate.Invalid("a session timeout is given without a login")
	}
	if !s.prefix.IsZero() && s.scheme != schemeAccessClient {
		return nil, validate.Invalid("an access client prefix is given without an access client token")
	}
	userAgent := defaultUserAgent
	if s.userAgent != "" {
		userAgent = s.userAgent + " " + userAgent
	}
	if s.scheme == schemeAccessClient {
		s.credential.value = NewSecret(s.prefix.Reveal() + s.credential.value.Reveal())
	}
	all := []header{{"User-Agent", NewSecret(userAgent)}, {"Channel", NewSecret(s.channel)}}
	if s.scheme != schemeLogin { // else they are for the login only
		all = append(all, s.credential, header{"Principal-Type", NewSecret(s.principalType)})
	}
	return slices.DeleteFunc(all, func(h header) bool { return h.value.IsZero() }), nil
}

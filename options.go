package passwords

import (
	"context"
	"log/slog"
	"math"
	"net/http"
	"time"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/singleflight"
	"github.com/cyclos-go/passwords/internal/transport"
	"github.com/cyclos-go/passwords/internal/validate"
)

// Option configures a [Client]. A bad value is an error from [New] or
// [Client.With] which matches [ErrInvalidArgument] and does not show the value.
type Option func(*settings) error

// setting returns an option that sets something, or fails with err.
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

// WithBasicAuth authenticates each request by a principal, such as the login
// name, and its password. A principal with a colon is an error, as the server
// would take what is behind it for the password.
func WithBasicAuth(principal, password string) Option {
	credential, err := basicCredential(principal, password)
	return withCredential(schemeBasic, validate.HeaderAuthorization, credential, err)
}

// WithSessionToken authenticates by the token of a session, in the header
// Session-Token. The token is printable ASCII.
func WithSessionToken(token string) Option {
	return withCredential(schemeSession, validate.HeaderSessionToken, NewSecret(token), validate.Header("session token", token))
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

// WithSessionTokenSource authenticates by a session whose token the source is
// asked for before each request, once for all calls that wait for it. If the
// server says that the session is gone ([CodeLoggedOut]), the source is asked
// once more, and the request, which was not executed, is sent once more if the
// token is another one. An error of the source ends the call, which then matches
// that error; so does a token that is not printable ASCII.
//
// A source is of one user: the context it gets has no values of the call, as the
// answer goes to all who wait. For another user, derive a client by
// [Client.With]. The source runs in a goroutine of its own; its context ends when
// nobody waits for it any more, and its panic goes on in each call that waits. It
// must not call a client that has the same source.
func WithSessionTokenSource(source func(context.Context) (Secret, error)) Option {
	return func(s *settings) error {
		if source == nil {
			return validate.Invalid("the session token source is nil")
		}
		s.source = singleflight.New(source)
		return s.authenticate(schemeSession, header{})
	}
}

// WithAccessClientToken authenticates by the token of an activated access
// client, in the header Access-Client-Token. The token is printable ASCII.
func WithAccessClientToken(token string) Option {
	return withCredential(schemeAccessClient, validate.HeaderAccessClientToken, NewSecret(token), validate.Header("access client token", token))
}

// WithAccessClientPrefix puts the prefix that was agreed upon when the access
// client was activated in front of its token, without a separator. It needs
// [WithAccessClientToken].
func WithAccessClientPrefix(prefix string) Option {
	return setting(validate.Header("access client prefix", prefix), func(s *settings) { s.prefix = NewSecret(prefix) })
}

// WithPrincipalType says by internal name what kind of principal
// [WithBasicAuth], which it needs, is given: * stands for all kinds, # for the
// PIN of a trusted device.
func WithPrincipalType(name string) Option {
	return setting(validate.Header("principal type", name), func(s *settings) { s.principalType = name })
}

// WithChannel names the channel, by internal name, in which the requests are
// made. Without it the server takes the default one of its API.
func WithChannel(name string) Option {
	return setting(validate.Header("channel", name), func(s *settings) { s.channel = name })
}

// WithHTTPClient sends the requests with client, for example to set a proxy or
// certificates in its transport. Of the client the transport and the timeout
// count: redirects are not followed, cookies not kept. A [Client] without it has
// a copy of [http.DefaultTransport].
func WithHTTPClient(client *http.Client) Option {
	return func(s *settings) error {
		if client == nil {
			return validate.Invalid("the HTTP client is nil")
		}
		return s.sendWith(transport.NoRedirect{Next: client.Transport, Timeout: client.Timeout})
	}
}

// WithDoer sends the requests with doer, which must be safe for concurrent use
// and must not follow redirects: one that does gives the credentials away. An
// [*http.Client] goes to [WithHTTPClient] instead, even if it is given here.
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

// WithRequestEditor has edit change each request after the client has completed
// it, credentials included. Editors run in the order in which they are given.
// They may authenticate the requests of a client that has no authentication of
// its own; to change the one it has, or to add a second, is an error from the
// call, which matches [ErrInvalidArgument]. An error of an editor ends the call,
// which then matches that error.
func WithRequestEditor(edit gen.RequestEditorFn) Option {
	return setting(refuse(edit == nil, "the request editor is nil"), func(s *settings) { s.editors = append(s.editors, edit) })
}

// WithUserAgent names the application in the User-Agent header, in front of the
// name of this package: "onboarding/1.2".
func WithUserAgent(application string) Option {
	return setting(validate.Header("application", application), func(s *settings) { s.userAgent = application })
}

// WithTimeout bounds each attempt of a request, up to the end of the answer's
// body. It is 30 seconds without this option, and unbounded if d is 0. A
// negative duration is an error. A deadline of the context counts as well.
func WithTimeout(d time.Duration) Option {
	return setting(refuse(d < 0, "the timeout is negative"), func(s *settings) { s.timeout = &d })
}

// WithMaxResponseBytes bounds the body of an answer after decompression. It is 1
// MiB without this option. A larger answer is an error which matches
// [ErrResponseTooLarge]. Zero and less is an error.
func WithMaxResponseBytes(n int64) Option {
	return setting(refuse(n <= 0 || n == math.MaxInt64, "the maximum of response bytes is not positive, or no bound"),
		func(s *settings) { s.maxResponseBytes = n })
}

// WithRetries sends a request again up to n times, 2 without this option, 0 for
// never. What reads is repeated after connection errors and the statuses 429,
// 502, 503 and 504; what changes something only if the connection could not be
// made, which only an [*http.Transport] shows, and one without registered
// protocols and functions of the caller in TLSNextProto. In between it waits,
// longer each time, at least as long as Retry-After asks up to 10 seconds, and
// never beyond the context. A negative n is an error.
func WithRetries(n int) Option {
	return setting(refuse(n < 0, "the number of retries is negative"), func(s *settings) { s.retries = &n })
}

// WithInsecureHTTP lets the base URL begin with http:// where its host is not
// this machine. Whoever can listen to the network then reads all passwords.
func WithInsecureHTTP() Option {
	return setting(nil, func(s *settings) { s.insecureHTTP = true })
}

// WithLogger logs a line for each attempt of a request, at level Info: operation,
// method, path template, status (0 if no answer arrived), duration and number of
// the attempt. Nothing that tells of the user or of a secret is logged.
func WithLogger(logger *slog.Logger) Option {
	return setting(refuse(logger == nil, "the logger is nil"), func(s *settings) { s.logger = logger })
}

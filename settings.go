package passwords

import (
	"cmp"
	"log/slog"
	"slices"
	"time"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/singleflight"
	"github.com/cyclos-go/passwords/internal/validate"
)

// The authentication schemes of the API.
const (
	schemeBasic        = "basic"
	schemeSession      = "session"
	schemeAccessClient = "access client"
)

const (
	defaultRetries                = 2
	defaultTimeout                = 30 * time.Second
	defaultUserAgent              = "cyclos-go-passwords"
	defaultMaxResponseBytes int64 = 1 << 20
)

// settings is what the options of one New or With say.
type settings struct {
	auth
	channel          string
	userAgent        string
	timeout          *time.Duration
	retries          *int
	maxResponseBytes int64
	insecureHTTP     bool
	logger           *slog.Logger
	// A closure as in Secret: the buffers of its connections hold what was sent.
	doer    func() gen.HttpRequestDoer
	editors []gen.RequestEditorFn
}

// auth is what belongs to one authentication scheme.
type auth struct {
	scheme        string
	credential    header // none for a source
	source        *singleflight.Source[Secret]
	prefix        Secret // of the token of an access client
	principalType string
}

func newSettings(opts []Option) (settings, error) {
	var s settings
	for _, opt := range opts {
		if opt == nil {
			return s, validate.Invalid("an option is nil")
		}
		if err := opt(&s); err != nil {
			return s, err
		}
	}
	return s, nil
}

// authenticate sets the scheme, of which there can be one.
func (s *settings) authenticate(scheme string, credential header) error {
	if s.scheme != "" {
		return validate.Invalid("two authentications are given")
	}
	s.scheme, s.credential = scheme, credential
	return nil
}

// sendWith sets the doer, of which there can be one.
func (s *settings) sendWith(doer gen.HttpRequestDoer) error {
	if s.doer != nil {
		return validate.Invalid("two HTTP clients or doers are given")
	}
	s.doer = func() gen.HttpRequestDoer { return doer }
	return nil
}

// over returns s where it says something, and base elsewhere.
func (s settings) over(base settings) settings {
	if s.scheme == "" {
		// Without a new scheme, what is given adds to the old one.
		prefix, principalType := s.prefix, s.principalType
		s.auth = base.auth
		if !prefix.IsZero() {
			s.prefix = prefix
		}
		if principalType != "" {
			s.principalType = principalType
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
	return s
}

// headers returns the headers of each request.
func (s settings) headers() ([]header, error) {
	if s.principalType != "" && s.scheme != schemeBasic {
		return nil, validate.Invalid("a principal type is given without basic authentication")
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
	all := []header{{"User-Agent", NewSecret(userAgent)}, s.credential, {"Principal-Type", NewSecret(s.principalType)}, {"Channel", NewSecret(s.channel)}}
	return slices.DeleteFunc(all, func(h header) bool { return h.value.IsZero() }), nil
}

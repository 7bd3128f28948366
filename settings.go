package passwords

import (
	"net/http"
	"slices"
	"time"

	"github.com/cyclos-go/passwords/gen"
)

// The authentication schemes of the API.
const (
	schemeBasic        = "basic"
	schemeSession      = "session"
	schemeAccessClient = "access client"
)

const (
	defaultTimeout   = 30 * time.Second
	defaultUserAgent = "cyclos-go-passwords"
)

// settings is what the options of one New or With say.
type settings struct {
	auth
	channel    string
	userAgent  string
	timeout    *time.Duration
	httpClient *http.Client
	doer       gen.HttpRequestDoer
	editors    []gen.RequestEditorFn
}

// auth is what belongs to one authentication scheme.
type auth struct {
	scheme        string
	editor        gen.RequestEditorFn
	token         Secret // of an access client, to which the prefix is added
	prefix        Secret
	principalType string
}

func newSettings(opts []Option) (settings, error) {
	var s settings
	for _, opt := range opts {
		if opt == nil {
			return s, invalidArgument("an option is nil")
		}
		if err := opt(&s); err != nil {
			return s, err
		}
	}
	if s.httpClient != nil && s.doer != nil {
		return s, invalidArgument("both an HTTP client and a doer are given")
	}
	return s, nil
}

// authenticate sets the scheme, of which there can be one.
func (s *settings) authenticate(scheme string, editor gen.RequestEditorFn) error {
	if s.scheme != "" {
		return invalidArgument("two authentications are given")
	}
	s.scheme, s.editor = scheme, editor
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
	if s.channel == "" {
		s.channel = base.channel
	}
	if s.userAgent == "" {
		s.userAgent = base.userAgent
	}
	if s.timeout == nil {
		s.timeout = base.timeout
	}
	if s.httpClient == nil && s.doer == nil {
		s.httpClient, s.doer = base.httpClient, base.doer
	}
	s.editors = slices.Concat(base.editors, s.editors)
	return s
}

// requestEditors returns what edits each request before the caller's editors.
func (s settings) requestEditors() ([]gen.RequestEditorFn, error) {
	if s.principalType != "" && s.scheme != schemeBasic {
		return nil, invalidArgument("a principal type is given without basic authentication")
	}
	if !s.prefix.IsZero() && s.scheme != schemeAccessClient {
		return nil, invalidArgument("an access client prefix is given without an access client token")
	}
	userAgent := defaultUserAgent
	if s.userAgent != "" {
		userAgent = s.userAgent + " " + userAgent
	}
	editors := []gen.RequestEditorFn{headerEditor("User-Agent", NewSecret(userAgent), nil)}
	switch s.scheme {
	case "":
	case schemeAccessClient:
		editors = append(editors, AccessClientToken(s.prefix.Reveal()+s.token.Reveal()))
	default:
		editors = append(editors, s.editor)
	}
	if s.principalType != "" {
		editors = append(editors, headerEditor("Principal-Type", NewSecret(s.principalType), nil))
	}
	if s.channel != "" {
		editors = append(editors, headerEditor("Channel", NewSecret(s.channel), nil))
	}
	return editors, nil
}

package main

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/cyclos-go/passwords"
)

// settings configure the connection to a server. Zero values mean the defaults of
// the client.
type settings struct {
	url, application, channel string
	principal, principalType  string
	password, session         string
	login                     bool // open sessions by the password
	accessClient, prefix      string

	timeout          time.Duration
	retries          *int
	maxResponseBytes int64
	insecureHTTP     bool
	logger           *slog.Logger
	observer         passwords.Observer
	http             *http.Client
	doer             interface {
		Do(*http.Request) (*http.Response, error)
	}
	renew func(context.Context, passwords.Secret) (passwords.Secret, error)
	// requestIDs adds a numbered header to each request.
	requestIDs bool
}

// connect returns a client for the settings.
func connect(s settings) (*passwords.Client, error) {
	var opts []passwords.Option
	add := func(wanted bool, option func() passwords.Option) {
		if wanted {
			opts = append(opts, option())
		}
	}
	add(s.password != "" && s.login, func() passwords.Option { return passwords.WithLogin(s.principal, passwords.NewSecret(s.password)) })
	add(s.password != "" && !s.login, func() passwords.Option { return passwords.WithBasicAuth(s.principal, passwords.NewSecret(s.password)) })
	add(s.principalType != "", func() passwords.Option { return passwords.WithPrincipalType(s.principalType) })
	add(s.session != "", func() passwords.Option { return passwords.WithSessionToken(passwords.NewSecret(s.session)) })
	add(s.renew != nil, func() passwords.Option { return passwords.WithSessionTokenSource(s.renew) })
	add(s.accessClient != "", func() passwords.Option { return passwords.WithAccessClientToken(passwords.NewSecret(s.accessClient)) })
	add(s.prefix != "", func() passwords.Option { return passwords.WithAccessClientPrefix(passwords.NewSecret(s.prefix)) })
	add(s.channel != "", func() passwords.Option { return passwords.WithChannel(s.channel) })
	add(s.application != "", func() passwords.Option { return passwords.WithUserAgent(s.application) })
	add(s.timeout != 0, func() passwords.Option { return passwords.WithTimeout(s.timeout) })
	add(s.retries != nil, func() passwords.Option { return passwords.WithRetries(*s.retries) })
	add(s.maxResponseBytes != 0, func() passwords.Option { return passwords.WithMaxResponseBytes(s.maxResponseBytes) })
	add(s.insecureHTTP, passwords.WithInsecureHTTP)
	add(s.logger != nil, func() passwords.Option { return passwords.WithLogger(s.logger) })
	add(s.observer != nil, func() passwords.Option { return passwords.WithObserver(s.observer) })
	add(s.http != nil, func() passwords.Option { return passwords.WithHTTPClient(s.http) })
	add(s.doer != nil, func() passwords.Option { return passwords.WithDoer(s.doer) })
	add(s.requestIDs, func() passwords.Option { return passwords.WithRequestEditor(numbered()) })
	return passwords.New(s.url, opts...)
}

// numbered returns an editor that numbers requests, for the logs of a proxy.
func numbered() func(context.Context, *http.Request) error {
	requests := make(chan int, 1)
	requests <- 0
	return func(_ context.Context, r *http.Request) error {
		n := <-requests + 1
		requests <- n
		r.Header.Set("X-Request-Id", strconv.Itoa(n))
		return nil
	}
}

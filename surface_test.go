package passwords_test

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/gen"
)

// What users call. A change of a signature does not compile.
var (
	_ func(string, ...passwords.Option) (*passwords.Client, error)            = passwords.New
	_ func(*passwords.Client, ...passwords.Option) (*passwords.Client, error) = (*passwords.Client).With
	_ func(principal, password string) passwords.Option                       = passwords.WithBasicAuth
	_ func(token string) passwords.Option                                     = passwords.WithSessionToken
	_ func(func(context.Context) (passwords.Secret, error)) passwords.Option  = passwords.WithSessionTokenSource
	_ func(token string) passwords.Option                                     = passwords.WithAccessClientToken
	_ func(prefix string) passwords.Option                                    = passwords.WithAccessClientPrefix
	_ func(name string) passwords.Option                                      = passwords.WithPrincipalType
	_ func(name string) passwords.Option                                      = passwords.WithChannel
	_ func(*http.Client) passwords.Option                                     = passwords.WithHTTPClient
	_ func(gen.HttpRequestDoer) passwords.Option                              = passwords.WithDoer
	_ func(gen.RequestEditorFn) passwords.Option                              = passwords.WithRequestEditor
	_ func(application string) passwords.Option                               = passwords.WithUserAgent
	_ func(time.Duration) passwords.Option                                    = passwords.WithTimeout
	_ func() passwords.Option                                                 = passwords.WithInsecureHTTP
	_ func(int64) passwords.Option                                            = passwords.WithMaxResponseBytes
	_ func(int) passwords.Option                                              = passwords.WithRetries
	_ func(*slog.Logger) passwords.Option                                     = passwords.WithLogger
	_ func(principal, password string) gen.RequestEditorFn                    = passwords.BasicAuth
	_ func(token string) gen.RequestEditorFn                                  = passwords.SessionToken
	_ func(token string) gen.RequestEditorFn                                  = passwords.AccessClientToken
	_ func() passwords.SelfUser                                               = passwords.Self
	_ func(id string) passwords.ManagedUser                                   = passwords.UserID
	_ func(value string) passwords.ManagedUser                                = passwords.Principal
	_ func(value string) passwords.ManagedUser                                = passwords.Locator
	_ func(string) passwords.Secret                                           = passwords.NewSecret
	_ func(err error, codes ...string) bool                                   = passwords.IsCode
	_ passwords.User                                                          = passwords.Self()
	_ passwords.User                                                          = passwords.UserID("1")
	_ error                                                                   = (*passwords.Error)(nil)
	_ interface {
		ListUserPasswords(context.Context, passwords.User, ...string) ([]passwords.PasswordStatusAndType, error)
		GetUserPasswordsListData(context.Context, passwords.User, ...string) (*passwords.DataForUserPasswords, error)
		GetUserPasswordsData(context.Context, passwords.User, string, ...string) (*passwords.PasswordStatusAndActions, error)
		ChangePassword(context.Context, passwords.User, string, passwords.ChangePassword) error
		DisablePassword(context.Context, passwords.User, string) error
		EnablePassword(context.Context, passwords.User, string) error
		UnblockPassword(context.Context, passwords.User, string) error
		AllowGeneration(context.Context, passwords.ManagedUser, string) error
		ResetGeneratedPassword(context.Context, passwords.ManagedUser, string) error
		ResetAndSendPassword(context.Context, passwords.ManagedUser, string, ...passwords.SendMedium) error
		GeneratePassword(context.Context, string) (passwords.Secret, error)
		ChangeGenerated(context.Context, string, passwords.Secret) (passwords.Secret, error)
	} = (*passwords.Client)(nil)
)

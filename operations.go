package passwords

import (
	"bytes"
	"context"
	"net/http"
	"net/url"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/decode"
	"github.com/cyclos-go/passwords/internal/response"
	"github.com/cyclos-go/passwords/internal/validate"
)

// ListUserPasswords returns the status of each password of the user, except those
// whose mode is script. The fields select the properties of the result: only the
// named ones ("status", "type.internalName"), or all except the named ones
// ("-date"). The names are those of the API; the server ignores unknown ones.
// Properties that are not selected are zero or nil. An empty name is an error that
// matches [ErrInvalidArgument].
//
// listUserPasswords: GET /{user}/passwords
func (c *Client) ListUserPasswords(ctx context.Context, user User, fields ...string) ([]PasswordStatusAndType, error) {
	return call(ctx, c, gen.OperationListUserPasswords, user, passwordList.of(fields), func(ctx context.Context, server *url.URL, user string) (*http.Request, error) {
		return gen.NewListUserPasswordsRequest(ctx, server, user, &gen.ListUserPasswordsParams{Fields: fields})
	})
}

// GetUserPasswordsListData returns the data of a page that manages the user's
// passwords: the passwords with their history and permitted actions, the user, and
// the send mediums. A confirmation is needed if ConfirmationPasswordInput is not
// nil. The fields are as in [Client.ListUserPasswords].
//
// getUserPasswordsListData: GET /{user}/passwords/list-data
func (c *Client) GetUserPasswordsListData(ctx context.Context, user User, fields ...string) (*DataForUserPasswords, error) {
	return call(ctx, c, gen.OperationGetUserPasswordsListData, user, passwordsListData.of(fields), func(ctx context.Context, server *url.URL, user string) (*http.Request, error) {
		return gen.NewGetUserPasswordsListDataRequest(ctx, server, user, &gen.GetUserPasswordsListDataParams{Fields: fields})
	})
}

// GetUserPasswordsData returns one password of the user, with its history and the
// actions that are permitted to the caller. The password type is an id or an
// internal name. The fields are as in [Client.ListUserPasswords].
//
// getUserPasswordsData: GET /{user}/passwords/{type}
func (c *Client) GetUserPasswordsData(ctx context.Context, user User, passwordType string, fields ...string) (*PasswordStatusAndActions, error) {
	return call(ctx, c, gen.OperationGetUserPasswordsData, user, passwordData.of(fields), func(ctx context.Context, server *url.URL, user string) (*http.Request, error) {
		if passwordType == "list-data" {
			return nil, validate.Invalid("the password type is the name of another operation: use its id")
		}
		return gen.NewGetUserPasswordsDataRequest(ctx, server, user, passwordType, &gen.GetUserPasswordsDataParams{Fields: fields})
	})
}

// ChangePassword changes the value of a manual password. If the server rejects a
// value, the error matches [ErrInvalidInput], and [Error.PropertyErrors] has the
// reasons by oldPassword, newPassword and newPasswordConfirmation.
//
// changePassword: POST /{user}/passwords/{type}/change
func (c *Client) ChangePassword(ctx context.Context, user User, passwordType string, change ChangePassword) error {
	return c.command(ctx, gen.OperationChangePassword, user, passwordType, func(ctx context.Context, server *url.URL, user, passwordType string) (*http.Request, error) {
		body, err := change.body()
		if err != nil {
			return nil, err
		}
		return gen.NewChangePasswordRequestWithBody(ctx, server, user, passwordType, "application/json", bytes.NewReader(body))
	})
}

// DisablePassword makes the password unusable until a manager enables it. The
// password may have any status except disabled and never created. Do not rely on
// it to end sessions or access clients.
//
// disablePassword: POST /{user}/passwords/{type}/disable
func (c *Client) DisablePassword(ctx context.Context, user User, passwordType string) error {
	return c.command(ctx, gen.OperationDisablePassword, user, passwordType, gen.NewDisablePasswordRequest)
}

// EnablePassword makes a disabled password usable again. It is for managers, even
// if the owner disabled the password. If the password type is configured so, it also
// unblocks a password that was blocked by failed attempts.
//
// enablePassword: POST /{user}/passwords/{type}/enable
func (c *Client) EnablePassword(ctx context.Context, user User, passwordType string) error {
	return c.command(ctx, gen.OperationEnablePassword, user, passwordType, gen.NewEnablePasswordRequest)
}

// UnblockPassword unblocks a password that was blocked by failed attempts. It is for
// managers.
//
// unblockPassword: POST /{user}/passwords/{type}/unblock
func (c *Client) UnblockPassword(ctx context.Context, user User, passwordType string) error {
	return c.command(ctx, gen.OperationUnblockPassword, user, passwordType, gen.NewUnblockPasswordRequest)
}

// AllowGeneration permits the user to generate the first value of a password whose
// type requires this. The status changes from never created to pending. It is for
// administrators who may enable and disable the password; a broker may not call it.
//
// allowGeneration: POST /{user}/passwords/{type}/allow-generation
func (c *Client) AllowGeneration(ctx context.Context, user ManagedUser, passwordType string) error {
	return c.command(ctx, gen.OperationAllowGeneration, user, passwordType, gen.NewAllowGenerationRequest)
}

// ResetGeneratedPassword invalidates the value of a generated password. The user
// has to generate another one.
//
// resetGeneratedPassword: POST /{user}/passwords/{type}/reset-generated
func (c *Client) ResetGeneratedPassword(ctx context.Context, user ManagedUser, passwordType string) error {
	return c.command(ctx, gen.OperationResetGeneratedPassword, user, passwordType, gen.NewResetGeneratedPasswordRequest)
}

// ResetAndSendPassword replaces the value of a manual password, or of a generated
// password that the main channel uses for access, by a random one and sends that to
// the user. Without mediums, the server sends it through all available ones: by email
// and by SMS. Name a medium to use only that one.
//
// The user has to change the value. By default, the server accepts a login with it,
// and rejects everything except the change with [CodeResetPassword]. Servers may also
// be configured to reject the login. If the service behind a medium is down, the error
// matches [ErrUnavailable], and Error.Unavailable is set. If the user has no such
// address or phone, it matches [ErrInvalidInput].
//
// Several sendMediums are sent as a repeated parameter, as documented since 4.12. The
// descriptions up to 4.11 separate them by commas, but clients repeated them even then:
// that those servers take both forms is assumed. One or none is the same request in
// every version.
//
// resetAndSendPassword: POST /{user}/passwords/{type}/reset-and-send
func (c *Client) ResetAndSendPassword(ctx context.Context, user ManagedUser, passwordType string, sendMediums ...SendMedium) error {
	return c.command(ctx, gen.OperationResetAndSendPassword, user, passwordType, func(ctx context.Context, server *url.URL, user, passwordType string) (*http.Request, error) {
		// Mediums are repeated, as the API descriptions since 4.12 define it. Older ones
		// define a comma-separated value, but the web interface of those versions
		// repeats them, and no server is known to reject that.
		return gen.NewResetAndSendPasswordRequest(ctx, server, user, passwordType, &gen.ResetAndSendPasswordParams{SendMediums: sendMediums})
	})
}

// GeneratePassword generates and returns a value for one of the caller's own
// passwords that has no usable value: its status is never created, pending,
// expired or reset. The server never shows the value again.
//
// generatePassword: POST /passwords/{type}/generate
func (c *Client) GeneratePassword(ctx context.Context, passwordType string) (Secret, error) {
	return call(ctx, c, gen.OperationGeneratePassword, Self(), generatedValue, func(ctx context.Context, server *url.URL, _ string) (*http.Request, error) {
		return gen.NewGeneratePasswordRequest(ctx, server, passwordType)
	})
}

// ChangeGenerated replaces the value of one of the caller's generated passwords and
// returns the new one. The server never shows it again. The confirmation is a
// password, "totp:" and a code, or "confirmation:" and an id, in printable ASCII.
// It is the zero Secret if none is needed, see
// [DataForUserPasswords.ConfirmationPasswordInput]. If it is missing or wrong, the
// error has [CodeInvalidPassword]. After several failed attempts it has a code such as
// [CodeTemporarilyBlocked]; [ForbiddenError.PasswordType] names the blocked
// password, which is the confirming one.
//
// changeGenerated: POST /passwords/{type}/change-generated
func (c *Client) ChangeGenerated(ctx context.Context, passwordType string, confirmation Secret) (Secret, error) {
	return call(ctx, c, gen.OperationChangeGenerated, Self(), generatedValue, func(ctx context.Context, server *url.URL, _ string) (*http.Request, error) {
		var params gen.ChangeGeneratedParams
		if !confirmation.IsZero() {
			value := confirmation.Reveal()
			if err := validate.Header("confirmation", value); err != nil {
				return nil, err
			}
			params.ConfirmationPassword = &value
		}
		return gen.NewChangeGeneratedRequest(ctx, server, passwordType, &params)
	})
}

// command performs an operation without a result.
func (c *Client) command(ctx context.Context, id gen.OperationID, user User, passwordType string,
	newRequest func(ctx context.Context, server *url.URL, user, passwordType string) (*http.Request, error)) error {
	_, err := call(ctx, c, id, user, nothing, func(ctx context.Context, server *url.URL, user string) (*http.Request, error) {
		return newRequest(ctx, server, user, passwordType)
	})
	return err
}

// result reads the successful response of an operation.
type result[T any] struct {
	// partial is set if the caller selected the properties, perhaps none that exist.
	partial bool
	decode  func(r response.Response, partial bool) (T, error)
	// isSecret reports whether the body of a safe operation held a secret; nil for
	// never.
	isSecret func(T) bool
}

// of returns the result with the fields, all if there are none.
func (r result[T]) of(fields []string) result[T] {
	r.partial = len(fields) > 0
	return r
}

var (
	passwordList = result[[]PasswordStatusAndType]{
		decode: func(r response.Response, partial bool) ([]PasswordStatusAndType, error) {
			return response.JSON(r, partial, func(r *decode.Reader, list *[]PasswordStatusAndType) error {
				return decode.List(r, list, listed)
			})
		},
	}
	listed            = decode.Result((*decode.Reader).PasswordStatusAndType)
	passwordsListData = result[*DataForUserPasswords]{
		decode: object((*decode.Reader).DataForUserPasswords),
		// Servers since 4.16 always send a TOTP object. Only its URL is secret.
		isSecret: func(data *DataForUserPasswords) bool {
			return data.TOTPSecret != nil && data.TOTPSecret.SecretURL != ""
		},
	}
	passwordData   = result[*PasswordStatusAndActions]{decode: object((*decode.Reader).PasswordStatusAndActions)}
	nothing        = result[struct{}]{decode: func(response.Response, bool) (none struct{}, err error) { return }}
	generatedValue = result[Secret]{
		decode: func(r response.Response, _ bool) (Secret, error) {
			value, err := response.Value(r)
			return NewSecret(value), err
		},
	}
)

func object[T any](read func(*decode.Reader, *T) error) func(response.Response, bool) (*T, error) {
	read = decode.Result(read)
	readNew := func(r *decode.Reader, object **T) error {
		*object = new(T)
		return read(r, *object)
	}
	return func(r response.Response, partial bool) (*T, error) { return response.JSON(r, partial, readNew) }
}

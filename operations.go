package passwords

import (
	"bytes"
	"context"
	"net/http"
	"net/url"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/validate"
)

// ListUserPasswords returns the state of each password of the user, without
// those whose mode is script. With fields it returns only these properties
// ("status", "type.internalName"), or all but these ("-date"): names are those
// of the API, an unknown one is ignored by the server, and what is left out is
// zero or nil.
//
// listUserPasswords: GET /{user}/passwords
func (c *Client) ListUserPasswords(ctx context.Context, user User, fields ...string) ([]PasswordStatusAndType, error) {
	return call(ctx, c, opListUserPasswords, user, passwordList, func(ctx context.Context, server *url.URL, user string) (*http.Request, error) {
		return gen.NewListUserPasswordsRequest(ctx, server, user, &gen.ListUserPasswordsParams{Fields: fields})
	})
}

// GetUserPasswordsListData returns all that a page which manages the passwords
// of the user shows: the passwords with history and possible actions, the user,
// the mediums for sending, and whether a confirmation is needed, which it is if
// ConfirmationPasswordInput is not nil. The fields are those of
// [Client.ListUserPasswords].
//
// getUserPasswordsListData: GET /{user}/passwords/list-data
func (c *Client) GetUserPasswordsListData(ctx context.Context, user User, fields ...string) (*DataForUserPasswords, error) {
	return call(ctx, c, opGetUserPasswordsListData, user, passwordsListData, func(ctx context.Context, server *url.URL, user string) (*http.Request, error) {
		return gen.NewGetUserPasswordsListDataRequest(ctx, server, user, &gen.GetUserPasswordsListDataParams{Fields: fields})
	})
}

// GetUserPasswordsData returns one password of the user, with its history and
// what the caller may do with it. The password type is an id or internal name.
// The fields are those of [Client.ListUserPasswords].
//
// getUserPasswordsData: GET /{user}/passwords/{type}
func (c *Client) GetUserPasswordsData(ctx context.Context, user User, passwordType string, fields ...string) (*PasswordStatusAndActions, error) {
	return call(ctx, c, opGetUserPasswordsData, user, passwordData, func(ctx context.Context, server *url.URL, user string) (*http.Request, error) {
		if passwordType == "list-data" {
			return nil, validate.Invalid("the password type is the name of another operation: use its id")
		}
		return gen.NewGetUserPasswordsDataRequest(ctx, server, user, passwordType, &gen.GetUserPasswordsDataParams{Fields: fields})
	})
}

// ChangePassword changes the value of a manual password. A new value against
// the policy of its type is an error that matches [ErrInvalidInput], with the
// reasons in [Error.PropertyErrors] by oldPassword, newPassword and
// newPasswordConfirmation.
//
// changePassword: POST /{user}/passwords/{type}/change
func (c *Client) ChangePassword(ctx context.Context, user User, passwordType string, change ChangePassword) error {
	return c.command(ctx, opChangePassword, user, passwordType, func(ctx context.Context, server *url.URL, user, passwordType string) (*http.Request, error) {
		body, err := change.body()
		if err != nil {
			return nil, err
		}
		return gen.NewChangePasswordRequestWithBody(ctx, server, user, passwordType, acceptJSON, bytes.NewReader(body))
	})
}

// DisablePassword makes the password unusable until a manager enables it. It may
// have any status but disabled and never created. Sessions and access clients
// are something else: do not count on this to end them.
//
// disablePassword: POST /{user}/passwords/{type}/disable
func (c *Client) DisablePassword(ctx context.Context, user User, passwordType string) error {
	return c.command(ctx, opDisablePassword, user, passwordType, gen.NewDisablePasswordRequest)
}

// EnablePassword makes a disabled password usable again. It is for managers,
// even where the owner has disabled it.
//
// enablePassword: POST /{user}/passwords/{type}/enable
func (c *Client) EnablePassword(ctx context.Context, user User, passwordType string) error {
	return c.command(ctx, opEnablePassword, user, passwordType, gen.NewEnablePasswordRequest)
}

// UnblockPassword makes a password which was blocked by wrong tries usable
// again. It is for managers.
//
// unblockPassword: POST /{user}/passwords/{type}/unblock
func (c *Client) UnblockPassword(ctx context.Context, user User, passwordType string) error {
	return c.command(ctx, opUnblockPassword, user, passwordType, gen.NewUnblockPasswordRequest)
}

// AllowGeneration allows the user to generate the first value of a password
// whose type needs that: it goes from never created to pending.
//
// allowGeneration: POST /{user}/passwords/{type}/allow-generation
func (c *Client) AllowGeneration(ctx context.Context, user ManagedUser, passwordType string) error {
	return c.command(ctx, opAllowGeneration, user, passwordType, gen.NewAllowGenerationRequest)
}

// ResetGeneratedPassword makes the value of a generated password invalid, so
// that the user has to generate another one.
//
// resetGeneratedPassword: POST /{user}/passwords/{type}/reset-generated
func (c *Client) ResetGeneratedPassword(ctx context.Context, user ManagedUser, passwordType string) error {
	return c.command(ctx, opResetGeneratedPassword, user, passwordType, gen.NewResetGeneratedPasswordRequest)
}

// ResetAndSendPassword gives a manual password a random value and sends it to
// the user by the mediums given, or by those the server chooses if there are
// none. Servers up to 4.11 understand one medium only. The value sent is there
// to be changed: whether the user can log in with it before is up to the server.
// If the service behind a medium is down, the error matches [ErrUnavailable]; if
// the user has no such address or phone, [ErrInvalidInput].
//
// resetAndSendPassword: POST /{user}/passwords/{type}/reset-and-send
func (c *Client) ResetAndSendPassword(ctx context.Context, user ManagedUser, passwordType string, mediums ...SendMedium) error {
	return c.command(ctx, opResetAndSendPassword, user, passwordType, func(ctx context.Context, server *url.URL, user, passwordType string) (*http.Request, error) {
		return gen.NewResetAndSendPasswordRequest(ctx, server, user, passwordType, &gen.ResetAndSendPasswordParams{SendMediums: mediums})
	})
}

// GeneratePassword generates a value for one of the caller's own passwords that
// has none to use: never created, pending, expired or reset. The server never
// shows the value again.
//
// generatePassword: POST /passwords/{type}/generate
func (c *Client) GeneratePassword(ctx context.Context, passwordType string) (Secret, error) {
	return call(ctx, c, opGeneratePassword, Self(), generatedValue, func(ctx context.Context, server *url.URL, _ string) (*http.Request, error) {
		return gen.NewGeneratePasswordRequest(ctx, server, passwordType)
	})
}

// ChangeGenerated generates a new value in place of the current one of one of
// the caller's own passwords and returns it. The server never shows it again.
// The confirmation is a password, "totp:" and a code, or "confirmation:" and an
// id, in printable ASCII; the zero Secret where none is needed, see
// [DataForUserPasswords.ConfirmationPasswordInput]. If it is missing or wrong,
// the error has [CodeInvalidPassword], and after some tries a code that tells
// of a block: of the confirming password, which [ForbiddenError.PasswordType]
// names, not of the one to be changed.
//
// changeGenerated: POST /passwords/{type}/change-generated
func (c *Client) ChangeGenerated(ctx context.Context, passwordType string, confirmation Secret) (Secret, error) {
	return call(ctx, c, opChangeGenerated, Self(), generatedValue, func(ctx context.Context, server *url.URL, _ string) (*http.Request, error) {
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

// command calls an operation that returns nothing.
func (c *Client) command(ctx context.Context, op operation, user User, passwordType string,
	newRequest func(ctx context.Context, server *url.URL, user, passwordType string) (*http.Request, error)) error {
	_, err := call(ctx, c, op, user, nothing, func(ctx context.Context, server *url.URL, user string) (*http.Request, error) {
		return newRequest(ctx, server, user, passwordType)
	})
	return err
}

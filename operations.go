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
	return call(ctx, c, opListUserPasswords, user, passwordList, func(ctx context.Context, server *url.URL, user string) (*http.Request, error) {
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
	return call(ctx, c, opGetUserPasswordsListData, user, passwordsListData, func(ctx context.Context, server *url.URL, user string) (*http.Request, error) {
		return gen.NewGetUserPasswordsListDataRequest(ctx, server, user, &gen.GetUserPasswordsListDataParams{Fields: fields})
	})
}

// GetUserPasswordsData returns one password of the user, with its history and the
// actions that are permitted to the caller. The password type is an id or an
// internal name. The fields are as in [Client.ListUserPasswords].
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

// ChangePassword changes the value of a manual password. If the server rejects a
// value, the error matches [ErrInvalidInput], and [Error.PropertyErrors] has the
// reasons by oldPassword, newPassword and newPasswordConfirmation.
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

// DisablePassword makes the password unusable until a manager enables it. The
// password may have any status except disabled and never created. Do not rely on
// it to end sessions or access clients.
//
// disablePassword: POST /{user}/passwords/{type}/disable
func (c *Client) DisablePassword(ctx context.Context, user User, passwordType string) error {
	return c.command(ctx, opDisablePassword, user, passwordType, gen.NewDisablePasswordRequest)
}

// EnablePassword makes a disabled password usable again. It is for managers, even
// if the owner disabled the password.
//
// enablePassword: POST /{user}/passwords/{type}/enable
func (c *Client) EnablePassword(ctx context.Context, user User, passwordType string) error {
	return c.command(ctx, opEnablePassword, user, passwordType, gen.NewEnablePasswordRequest)
}

// UnblockPassword makes a password usable again that was blocked by wrong tries. It
// is for managers.
//
// unblockPassword: POST /{user}/passwords/{type}/unblock
func (c *Client) UnblockPassword(ctx context.Context, user User, passwordType string) error {
	return c.command(ctx, opUnblockPassword, user, passwordType, gen.NewUnblockPasswordRequest)
}

// AllowGeneration permits the user to generate the first value of a password whose
// type requires this. The status changes from never created to pending.
//
// allowGeneration: POST /{user}/passwords/{type}/allow-generation
func (c *Client) AllowGeneration(ctx context.Context, user ManagedUser, passwordType string) error {
	return c.command(ctx, opAllowGeneration, user, passwordType, gen.NewAllowGenerationRequest)
}

// ResetGeneratedPassword invalidates the value of a generated password. The user
// has to generate another one.
//
// resetGeneratedPassword: POST /{user}/passwords/{type}/reset-generated
func (c *Client) ResetGeneratedPassword(ctx context.Context, user ManagedUser, passwordType string) error {
	return c.command(ctx, opResetGeneratedPassword, user, passwordType, gen.NewResetGeneratedPasswordRequest)
}

// ResetAndSendPassword replaces the value of a password by a random one and sends
// that to the user through the mediums, or through those that the server chooses
// if there are none. Servers up to 4.11 understand only one medium. The user has
// to change the value; whether a login with it is possible before depends on the
// server. If the service behind a medium is down, the error matches
// [ErrUnavailable]. If the user has no such address or phone, it matches
// [ErrInvalidInput].
//
// resetAndSendPassword: POST /{user}/passwords/{type}/reset-and-send
func (c *Client) ResetAndSendPassword(ctx context.Context, user ManagedUser, passwordType string, mediums ...SendMedium) error {
	return c.command(ctx, opResetAndSendPassword, user, passwordType, func(ctx context.Context, server *url.URL, user, passwordType string) (*http.Request, error) {
		return gen.NewResetAndSendPasswordRequest(ctx, server, user, passwordType, &gen.ResetAndSendPasswordParams{SendMediums: mediums})
	})
}

// GeneratePassword generates and returns a value for one of the caller's own
// passwords that has no usable value: its status is never created, pending,
// expired or reset. The server never shows the value again.
//
// generatePassword: POST /passwords/{type}/generate
func (c *Client) GeneratePassword(ctx context.Context, passwordType string) (Secret, error) {
	return call(ctx, c, opGeneratePassword, Self(), generatedValue, func(ctx context.Context, server *url.URL, _ string) (*http.Request, error) {
		return gen.NewGeneratePasswordRequest(ctx, server, passwordType)
	})
}

// ChangeGenerated replaces the value of one of the caller's generated passwords and
// returns the new one. The server never shows it again. The confirmation is a
// password, "totp:" and a code, or "confirmation:" and an id, in printable ASCII.
// It is the zero Secret if none is needed, see
// [DataForUserPasswords.ConfirmationPasswordInput]. If it is missing or wrong, the
// error has [CodeInvalidPassword]. After several wrong tries it has the code of a
// block of the confirming password, which [ForbiddenError.PasswordType] names.
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

// command performs an operation without a result.
func (c *Client) command(ctx context.Context, op operation, user User, passwordType string,
	newRequest func(ctx context.Context, server *url.URL, user, passwordType string) (*http.Request, error)) error {
	_, err := call(ctx, c, op, user, nothing, func(ctx context.Context, server *url.URL, user string) (*http.Request, error) {
		return newRequest(ctx, server, user, passwordType)
	})
	return err
}

// result is the successful response that an operation promises.
type result[T any] struct {
	accept string
	status int
	decode func(response.Response) (T, error)
	// isSecret reports whether the body of a safe operation held a secret; nil for
	// never.
	isSecret func(T) bool
}

const acceptJSON = "application/json"

// The results of the operations.
var (
	passwordList = result[[]PasswordStatusAndType]{accept: acceptJSON, status: http.StatusOK,
		decode: func(r response.Response) ([]PasswordStatusAndType, error) {
			return response.JSON(r, func(r *decode.Reader, list *[]PasswordStatusAndType) error {
				return decode.List(r, list, (*decode.Reader).PasswordStatusAndType)
			})
		}}
	passwordsListData = result[*DataForUserPasswords]{accept: acceptJSON, status: http.StatusOK,
		decode:   object((*decode.Reader).DataForUserPasswords),
		isSecret: func(data *DataForUserPasswords) bool { return data.TOTPSecret != nil }}
	passwordData = result[*PasswordStatusAndActions]{accept: acceptJSON, status: http.StatusOK,
		decode: object((*decode.Reader).PasswordStatusAndActions)}
	nothing = result[struct{}]{accept: acceptJSON, status: http.StatusNoContent,
		decode: func(response.Response) (none struct{}, err error) { return }}
	// All versions send text. JSON is for errors, and for servers up to 4.11, which
	// offer both.
	generatedValue = result[Secret]{accept: "text/plain, application/json;q=0.5", status: http.StatusOK,
		decode: func(r response.Response) (Secret, error) {
			value, err := response.Value(r)
			return NewSecret(value), err
		}}
)

func object[T any](read func(*decode.Reader, *T) error) func(response.Response) (*T, error) {
	readNew := func(r *decode.Reader, object **T) error {
		*object = new(T)
		return read(r, *object)
	}
	return func(r response.Response) (*T, error) { return response.JSON(r, readNew) }
}

// operation describes an operation of the API.
type operation struct{ id, method, path string }

var (
	opListUserPasswords        = operation{"listUserPasswords", http.MethodGet, "/{user}/passwords"}
	opGetUserPasswordsListData = operation{"getUserPasswordsListData", http.MethodGet, "/{user}/passwords/list-data"}
	opGetUserPasswordsData     = operation{"getUserPasswordsData", http.MethodGet, "/{user}/passwords/{type}"}
	opChangePassword           = operation{"changePassword", http.MethodPost, "/{user}/passwords/{type}/change"}
	opDisablePassword          = operation{"disablePassword", http.MethodPost, "/{user}/passwords/{type}/disable"}
	opEnablePassword           = operation{"enablePassword", http.MethodPost, "/{user}/passwords/{type}/enable"}
	opUnblockPassword          = operation{"unblockPassword", http.MethodPost, "/{user}/passwords/{type}/unblock"}
	opAllowGeneration          = operation{"allowGeneration", http.MethodPost, "/{user}/passwords/{type}/allow-generation"}
	opResetGeneratedPassword   = operation{"resetGeneratedPassword", http.MethodPost, "/{user}/passwords/{type}/reset-generated"}
	opResetAndSendPassword     = operation{"resetAndSendPassword", http.MethodPost, "/{user}/passwords/{type}/reset-and-send"}
	opGeneratePassword         = operation{"generatePassword", http.MethodPost, "/passwords/{type}/generate"}
	opChangeGenerated          = operation{"changeGenerated", http.MethodPost, "/passwords/{type}/change-generated"}
)

// safe reports whether the operation changes nothing on the server.
func (o operation) safe() bool { return o.method == http.MethodGet }

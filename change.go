package passwords

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cyclos-go/passwords/internal/validate"
)

// ChangePassword is the request of [Client.ChangePassword]. Zero fields are not
// sent. If a value is not valid UTF-8, the call returns an error that matches
// [ErrInvalidArgument].
type ChangePassword struct {
	// OldPassword is the current value. The caller's own active password needs it,
	// see [PasswordStatusAndActions.RequireOldPasswordForChange].
	OldPassword Secret
	// NewPassword is the new value.
	NewPassword Secret
	// NewPasswordConfirmation repeats the new value. The server ignores it unless
	// CheckConfirmation is set.
	NewPasswordConfirmation Secret
	// CheckConfirmation makes the server reject the change unless
	// NewPasswordConfirmation equals NewPassword. Since Cyclos 4.10.
	CheckConfirmation bool
	// ForceChange makes the user change the value again at the next login. It is
	// for managers.
	ForceChange bool
}

// body returns the JSON of the request.
func (c ChangePassword) body() ([]byte, error) {
	var o jsonObject
	o.flag("checkConfirmation", c.CheckConfirmation)
	o.flag("forceChange", c.ForceChange)
	o.secret("newPassword", c.NewPassword)
	o.secret("newPasswordConfirmation", c.NewPasswordConfirmation)
	o.secret("oldPassword", c.OldPassword)
	return o.end()
}

// jsonObject is a JSON object that is written property by property, without an
// encoder: JSON packages reuse the buffers of their encoders, which would hold the
// passwords.
type jsonObject struct {
	text []byte
	err  error
}

// flag adds a property unless it is false.
func (o *jsonObject) flag(name string, value bool) {
	if value {
		o.name(name)
		o.text = append(o.text, "true"...)
	}
}

// secret adds a property unless it is zero.
func (o *jsonObject) secret(name string, value Secret) {
	if value.IsZero() {
		return
	}
	o.name(name)
	var err error
	if o.text, err = jsontext.AppendQuote(o.text, value.Reveal()); err != nil {
		// JSON would replace the invalid bytes and so set another password.
		o.err = validate.Invalid("a password is not valid UTF-8")
	}
}

func (o *jsonObject) name(name string) {
	if o.text == nil {
		o.text = append(make([]byte, 0, 160), '{')
	} else {
		o.text = append(o.text, ',')
	}
	o.text = append(append(append(o.text, '"'), name...), `":`...)
}

func (o *jsonObject) end() ([]byte, error) {
	if o.text == nil {
		o.text = []byte{'{'}
	}
	return append(o.text, '}'), o.err
}

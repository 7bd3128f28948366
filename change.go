package passwords

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cyclos-go/passwords/internal/check"
)

// ChangePassword is what [Client.ChangePassword] sends. What is zero is not
// sent. Values that are not valid UTF-8 are an error from the call.
type ChangePassword struct {
	// OldPassword is the current value. It is needed for one's own password
	// while that is active, see
	// [PasswordStatusAndActions.RequireOldPasswordForChange].
	OldPassword Secret
	// NewPassword is the new value.
	NewPassword Secret
	// NewPasswordConfirmation is the new value once more. The server looks at it
	// only if CheckConfirmation is set.
	NewPasswordConfirmation Secret
	// CheckConfirmation has the server refuse the change unless
	// NewPasswordConfirmation equals NewPassword. Since Cyclos 4.10.
	CheckConfirmation bool
	// ForceChange obliges the user to change the value again at the next login.
	// It is for managers.
	ForceChange bool
}

// body returns the JSON, without what is zero. It is written here because the
// encoders of JSON packages keep their buffers, with the passwords in them, for use
// again.
func (c ChangePassword) body() ([]byte, error) {
	text := append(make([]byte, 0, 160), '{')
	name := func(name string) {
		if len(text) > 1 {
			text = append(text, ',')
		}
		text = append(append(append(text, '"'), name...), `":`...)
	}
	for _, flag := range []struct {
		name  string
		value bool
	}{{"checkConfirmation", c.CheckConfirmation}, {"forceChange", c.ForceChange}} {
		if flag.value {
			name(flag.name)
			text = append(text, "true"...)
		}
	}
	for _, secret := range []struct {
		name  string
		value Secret
	}{{"newPassword", c.NewPassword}, {"newPasswordConfirmation", c.NewPasswordConfirmation}, {"oldPassword", c.OldPassword}} {
		if secret.value.IsZero() {
			continue
		}
		name(secret.name)
		var err error
		if text, err = jsontext.AppendQuote(text, secret.value.Reveal()); err != nil {
			// JSON would replace the invalid bytes, and set another password.
			return nil, check.Invalid("a password is not valid UTF-8")
		}
	}
	return append(text, '}'), nil
}

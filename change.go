package passwords

import (
	"unicode/utf8"

	"github.com/cyclos-go/passwords/gen"
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

// wire returns the body with the values revealed: marshalling a Secret fails.
func (c ChangePassword) wire() (gen.ChangePassword, error) {
	for _, s := range []Secret{c.OldPassword, c.NewPassword, c.NewPasswordConfirmation} {
		// JSON would replace the invalid bytes, and set another password.
		if !utf8.ValidString(s.Reveal()) {
			return gen.ChangePassword{}, invalidArgument("a password is not valid UTF-8")
		}
	}
	return gen.ChangePassword{
		OldPassword:             c.OldPassword.Reveal(),
		NewPassword:             c.NewPassword.Reveal(),
		NewPasswordConfirmation: c.NewPasswordConfirmation.Reveal(),
		CheckConfirmation:       c.CheckConfirmation,
		ForceChange:             c.ForceChange,
	}, nil
}

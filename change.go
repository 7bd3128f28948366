package passwords

import "github.com/cyclos-go/passwords/internal/encode"

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

// body returns the JSON, without what is zero.
func (c ChangePassword) body() ([]byte, error) {
	var o encode.Object
	o.Flag("checkConfirmation", c.CheckConfirmation)
	o.Flag("forceChange", c.ForceChange)
	o.Text("newPassword", c.NewPassword.Reveal())
	o.Text("newPasswordConfirmation", c.NewPasswordConfirmation.Reveal())
	o.Text("oldPassword", c.OldPassword.Reveal())
	return o.JSON()
}

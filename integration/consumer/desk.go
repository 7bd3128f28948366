package main

import (
	"context"
	"fmt"

	"github.com/cyclos-go/passwords"
)

// desk has the operations of managers, own has those of users.
type (
	desk struct{ client *passwords.Client }
	own  struct{ client *passwords.Client }
)

// restore makes a password usable again and returns its previous status.
func (d desk) restore(ctx context.Context, user passwords.ManagedUser, passwordType string) (passwords.Status, error) {
	found, err := d.client.GetUserPasswordsData(ctx, user, passwordType, "-history")
	if err != nil {
		return "", err
	}
	may := found.Permissions
	switch {
	case may == nil:
		return found.Status, nil
	case may.Enable:
		err = d.client.EnablePassword(ctx, user, passwordType)
	case may.Unblock:
		err = d.client.UnblockPassword(ctx, user, passwordType)
	case may.AllowGeneration:
		err = d.client.AllowGeneration(ctx, user, passwordType)
	case may.ResetAndSend:
		err = d.client.ResetAndSendPassword(ctx, user, passwordType, passwords.SendMediumSMS)
	}
	return found.Status, err
}

// lost invalidates a lost password.
func (d desk) lost(ctx context.Context, user passwords.ManagedUser, passwordType string) error {
	err := d.client.ResetGeneratedPassword(ctx, user, passwordType)
	if passwords.IsCode(err, passwords.CodeIllegalAction) {
		return d.client.DisablePassword(ctx, user, passwordType)
	}
	return err
}

// change sets a new password, which users must change again if somebody else chose
// it.
func change(ctx context.Context, client *passwords.Client, user passwords.User, passwordType, old, fresh string) error {
	_, self := user.(passwords.SelfUser)
	value := passwords.NewSecret(fresh)
	return client.ChangePassword(ctx, user, passwordType, passwords.ChangePassword{
		OldPassword: passwords.NewSecret(old), NewPassword: value, NewPasswordConfirmation: value,
		CheckConfirmation: true, ForceChange: !self,
	})
}

// pin returns a new generated password and asks for a confirmation only if the
// server requires it.
func (o own) pin(ctx context.Context, passwordType string, confirm func() passwords.Secret) (passwords.Secret, error) {
	page, err := o.client.GetUserPasswordsListData(ctx, passwords.Self())
	if err != nil {
		return passwords.Secret{}, err
	}
	for _, p := range page.Passwords {
		if p.Type == nil || p.Type.InternalName != passwordType {
			continue
		}
		if p.Status != passwords.StatusActive {
			return o.client.GeneratePassword(ctx, passwordType)
		}
		var confirmation passwords.Secret
		if page.ConfirmationPasswordInput != nil {
			confirmation = confirm()
		}
		return o.client.ChangeGenerated(ctx, passwordType, confirmation)
	}
	return passwords.Secret{}, fmt.Errorf("%w: no password type %s", passwords.ErrNotFound, passwordType)
}

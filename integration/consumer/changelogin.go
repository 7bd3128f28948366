package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/cyclos-go/passwords"
)

// changeLogin changes the caller's login password and prints what came of it. The
// README shows its body.
func changeLogin(ctx context.Context, client *passwords.Client, old, chosen string) {
	err := client.ChangePassword(ctx, passwords.Self(), "login", passwords.ChangePassword{
		OldPassword: passwords.NewSecret(old),
		NewPassword: passwords.NewSecret(chosen),
	})
	var failure *passwords.Error
	switch {
	case err == nil:
		fmt.Println("changed")
	case errors.Is(err, passwords.ErrOutcomeUnknown): // first, since it can come with any other
		fmt.Println("perhaps changed: wait, then log in with the new password to find out")
	case errors.Is(err, passwords.ErrInvalidInput) && errors.As(err, &failure):
		fmt.Println("not accepted:", failure.PropertyErrors()) // the messages by oldPassword and newPassword
	case passwords.IsCode(err, passwords.CodeInvalidPassword):
		fmt.Println("the old password is wrong")
	case passwords.IsCode(err, passwords.CodeTemporarilyBlocked, passwords.CodeIndefinitelyBlocked, passwords.CodeIllegalAction):
		fmt.Println("blocked or disabled: ask a manager") // an attempt after the one that blocked it is illegalAction
	case errors.Is(err, passwords.ErrUnauthorized) && errors.As(err, &failure):
		fmt.Println("not logged in:", failure.Code, failure.PasswordStatus()) // the status if it is not active
	default:
		fmt.Println("not changed:", err)
	}
}

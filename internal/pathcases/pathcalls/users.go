package pathcalls

import (
	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/pathcases"
)

// User is a user to call with, and what has to arrive: "" where it is refused.
type User struct {
	User passwords.ManagedUser
	Want string
}

// Users returns the users that a row of the table stands for, by the name of
// the function that made them.
func Users(row pathcases.User) map[string]User {
	return map[string]User{
		"UserID":    {passwords.UserID(row.Value), row.ID},
		"Principal": {passwords.Principal(row.Value), row.Principal},
		"Locator":   {passwords.Locator(row.Value), row.Locator},
	}
}

package passwords_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/cyclos-go/passwords"
)

// disabler is what dismiss needs of a client. *passwords.Client implements it.
type disabler interface {
	DisablePassword(ctx context.Context, user passwords.User, passwordType string) error
}

// dismiss disables the passwords of an employee.
func dismiss(ctx context.Context, client disabler, loginName string) error {
	user := passwords.Principal(loginName)
	return errors.Join(client.DisablePassword(ctx, user, "login"), client.DisablePassword(ctx, user, "pin"))
}

// fakeDisabler records for whom it was called.
type fakeDisabler struct{ users []passwords.User }

func (f *fakeDisabler) DisablePassword(_ context.Context, user passwords.User, _ string) error {
	f.users = append(f.users, user)
	return nil
}

// How does a test with a fake check which user it was given?
func ExampleUser() {
	var fake fakeDisabler
	if err := dismiss(context.Background(), &fake, "ana"); err != nil {
		fmt.Println(err)
	}
	for _, user := range fake.users {
		fmt.Println(user, user == passwords.Principal("ana"))
	}
	// Output:
	// Principal("ana") true
	// Principal("ana") true
}

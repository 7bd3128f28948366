package passwords_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
)

// Which passwords does a user have, and in which state are they?
func Example() {
	server := cyclostest.NewServer() // stands for https://cyclos.example.org
	defer server.Close()

	client, err := passwords.New(server.URL, passwords.WithBasicAuth(cyclostest.Admin, cyclostest.AdminPassword))
	if err != nil {
		fmt.Println(err)
		return
	}
	all, err := client.ListUserPasswords(context.Background(), passwords.Principal("ana"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range all {
		fmt.Println(p.Type.InternalName, p.Status)
	}
	// Output:
	// login active
	// pin active
	// cardPin neverCreated
	// otp active
	// tradePin active
}

// How does a user change a password, and what is wrong with the new one?
func ExampleClient_ChangePassword() {
	server := cyclostest.NewServer()
	defer server.Close()

	client, err := passwords.New(server.URL, passwords.WithSessionToken(server.NewSession("ana")))
	if err != nil {
		fmt.Println(err)
		return
	}
	change := passwords.ChangePassword{
		OldPassword: passwords.NewSecret(cyclostest.AnaPassword),
		NewPassword: passwords.NewSecret("short"),
	}
	err = client.ChangePassword(context.Background(), passwords.Self(), "login", change)
	var failure *passwords.Error
	if errors.As(err, &failure) {
		fmt.Println(err)
		for _, message := range failure.PropertyErrors()["newPassword"] {
			fmt.Println("-", message)
		}
	}
	change.NewPassword = passwords.NewSecret("longer-than-before-1")
	fmt.Println(client.ChangePassword(context.Background(), passwords.Self(), "login", change))
	// Output:
	// passwords: changePassword: 422 Unprocessable Entity: validation
	// - must have at least 8 characters
	// - must have numbers
	// <nil>
}

// How does a user get a PIN, which the server shows only once?
func ExampleClient_GeneratePassword() {
	server := cyclostest.NewServer()
	defer server.Close()

	client, err := passwords.New(server.URL, passwords.WithSessionToken(server.NewSession("ben")))
	if err != nil {
		fmt.Println(err)
		return
	}
	pin, err := client.GeneratePassword(context.Background(), "pin")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("in a log:", pin)
	fmt.Println("for the screen of its owner:", len(pin.Reveal()), "digits")
	// Output:
	// in a log: [REDACTED]
	// for the screen of its owner: 4 digits
}

// What went wrong, and what can be done about it?
func ExampleError() {
	server := cyclostest.NewServer()
	defer server.Close()

	// Somebody tries passwords until ana's is blocked.
	attacker, err := passwords.New(server.URL, passwords.WithBasicAuth("ana", "wrong"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 3 {
		_, err = attacker.ListUserPasswords(context.Background(), passwords.Self())
	}
	var failure *passwords.Error
	if errors.As(err, &failure) && failure.PasswordStatus() == passwords.StatusTemporarilyBlocked {
		fmt.Println("blocked:", err)
	}

	admin, err := passwords.New(server.URL, passwords.WithBasicAuth(cyclostest.Admin, cyclostest.AdminPassword))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("unblocked:", admin.UnblockPassword(context.Background(), passwords.Principal("ana"), "login"))

	err = admin.EnablePassword(context.Background(), passwords.Principal("nobody"), "login")
	fmt.Println(errors.Is(err, passwords.ErrNotFound), err)
	err = admin.EnablePassword(context.Background(), passwords.Principal("ana"), "login")
	fmt.Println(passwords.IsCode(err, passwords.CodeIllegalAction), err)
	// Output:
	// blocked: passwords: listUserPasswords: 401 Unauthorized: login
	// unblocked: <nil>
	// true passwords: enablePassword: 404 Not Found
	// true passwords: enablePassword: 403 Forbidden: illegalAction
}

// How does one program act for many users?
func ExampleClient_With() {
	server := cyclostest.NewServer()
	defer server.Close()

	base, err := passwords.New(server.URL, passwords.WithChannel("main"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []string{"ana", "ben"} {
		client, err := base.With(passwords.WithSessionToken(server.NewSession(name)))
		if err != nil {
			fmt.Println(err)
			return
		}
		pin, err := client.GetUserPasswordsData(context.Background(), passwords.Self(), "pin", "status")
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(name, pin.Status)
	}
	// Output:
	// ana active
	// ben neverCreated
}

package main

import (
	"context"
	"fmt"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/gen"
)

// Every branch of the example in the README.
func Example_changeLogin() {
	server := cyclostest.NewServer()
	defer server.Close()
	ctx := context.Background()
	as := func(session string) *passwords.Client {
		client, err := passwords.New(server.URL, passwords.WithSessionToken(passwords.NewSecret(session)))
		if err != nil {
			fmt.Println(err)
		}
		return client
	}
	ana := as(server.NewSession("ana"))
	const second, third = "longer-than-before-2", "longer-than-before-3"

	changeLogin(ctx, ana, cyclostest.AnaPassword, "short")
	changeLogin(ctx, ana, cyclostest.AnaPassword, second)
	server.Inject(cyclostest.Fault{Status: 503, Body: `{"code":"UPSTREAM_TIMEOUT"}`, AfterExecution: true})
	changeLogin(ctx, ana, second, third)
	server.Inject(cyclostest.Fault{Operation: gen.OperationChangePassword, Status: 403, Body: `{"code":"invalidPassword"}`})
	changeLogin(ctx, ana, second, third)
	server.Inject(cyclostest.Fault{Operation: gen.OperationChangePassword, Status: 409, Body: `{"code":"staleEntity"}`})
	changeLogin(ctx, ana, third, second)
	for range 4 { // the third attempt blocks the password
		changeLogin(ctx, ana, "wrong", second)
	}
	changeLogin(ctx, as("a-session-that-is-gone"), third, second)
	// Output:
	// not accepted: map[newPassword:[must have at least 8 characters must contain numbers]]
	// changed
	// perhaps changed: wait, then log in with the new password to find out
	// the old password is wrong
	// not changed: passwords: changePassword: 409 Conflict: staleEntity
	// not accepted: map[oldPassword:[is not correct]]
	// not accepted: map[oldPassword:[is not correct]]
	// blocked or disabled: ask a manager
	// blocked or disabled: ask a manager
	// not logged in: loggedOut
}

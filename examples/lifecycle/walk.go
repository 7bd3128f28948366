package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
)

// step is one call of an operation.
type step struct {
	operation, caller, passwordType string
	// call returns the result to print. A Secret prints as redacted.
	call func(ctx context.Context) (any, error)
	// fails is the code of the expected error, if any.
	fails string
}

// walk calls all operations on an embedded server, as its administrator and as the
// user ana, and prints the status of ana's password before and after each call.
func walk(ctx context.Context, out io.Writer) error {
	server := cyclostest.NewServer()
	defer server.Close()
	admin, err := passwords.New(server.URL, passwords.WithBasicAuth(cyclostest.Admin, passwords.NewSecret(cyclostest.AdminPassword)))
	if err != nil {
		return err
	}
	defer admin.CloseIdleConnections()
	member, err := admin.With(passwords.WithSessionToken(passwords.NewSecret(cyclostest.AnaSession)))
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "OPERATION\tCALLER\tUSER\tTYPE\tBEFORE\tAFTER\tRESULT")
	for _, s := range steps(admin, member) {
		if err := s.print(ctx, table, admin); err != nil {
			return fmt.Errorf("%s of %s as %s: %w", s.operation, s.passwordType, s.caller, err)
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, m := range server.Messages() {
		fmt.Fprintf(out, "\nThe server sent %s a new %s password by %s.\n", m.User, m.PasswordType, m.Medium)
	}
	return nil
}

var ana = passwords.Principal(cyclostest.Ana)

func (s step) print(ctx context.Context, table io.Writer, admin *passwords.Client) error {
	before, err := status(ctx, admin, s.passwordType)
	if err != nil {
		return err
	}
	result, err := s.call(ctx)
	var failure *passwords.Error
	switch {
	case s.fails == "" && err != nil:
		return err
	case s.fails != "" && !passwords.IsCode(err, s.fails):
		return fmt.Errorf("got %v, want the code %s", err, s.fails)
	case errors.As(err, &failure):
		result = fmt.Sprintf("%d %s", failure.StatusCode, failure.Code)
	}
	after, err := status(ctx, admin, s.passwordType)
	if err != nil {
		return err
	}
	passwordType := s.passwordType
	if passwordType == "" {
		passwordType, before, after = "(all)", "-", "-"
	}
	_, err = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%v\n",
		s.operation, s.caller, cyclostest.Ana, passwordType, before, after, result)
	return err
}

// status returns the status of one of ana's passwords.
func status(ctx context.Context, admin *passwords.Client, passwordType string) (passwords.Status, error) {
	if passwordType == "" {
		return "", nil
	}
	p, err := admin.GetUserPasswordsData(ctx, ana, passwordType, "status")
	if err != nil {
		return "", err
	}
	return p.Status, nil
}

// done is the result of a call that returns only an error.
func done(err error) (any, error) { return "done", err }

func steps(admin, member *passwords.Client) []step {
	const (
		asAdmin, asMember              = cyclostest.Admin, cyclostest.Ana
		login, cardPIN, tradePIN, none = cyclostest.TypeLogin, cyclostest.TypeCardPIN, cyclostest.TypeTradePIN, ""
	)
	self := passwords.Self()
	current, fresh := passwords.NewSecret(cyclostest.AnaPassword), passwords.NewSecret("a-new-example-1")
	wrong := passwords.ChangePassword{OldPassword: passwords.NewSecret("000000"), NewPassword: passwords.NewSecret("246813")}
	wrongTry := func(ctx context.Context) (any, error) {
		return done(member.ChangePassword(ctx, self, tradePIN, wrong))
	}
	generate := func(ctx context.Context) (any, error) { return member.GeneratePassword(ctx, cardPIN) }
	return []step{
		{"listUserPasswords", asMember, none, func(ctx context.Context) (any, error) {
			all, err := member.ListUserPasswords(ctx, self)
			return fmt.Sprintf("%d passwords", len(all)), err
		}, ""},
		{"getUserPasswordsListData", asAdmin, none, func(ctx context.Context) (any, error) {
			data, err := admin.GetUserPasswordsListData(ctx, ana)
			if err != nil {
				return nil, err
			}
			return fmt.Sprintf("%d passwords, can be sent by %v", len(data.Passwords), data.SendMediums), nil
		}, ""},
		{"getUserPasswordsData", asMember, login, func(ctx context.Context) (any, error) {
			p, err := member.GetUserPasswordsData(ctx, self, login)
			if err != nil {
				return nil, err
			}
			return fmt.Sprintf("old password needed: %t", p.RequireOldPasswordForChange), nil
		}, ""},
		{"changePassword", asMember, login, func(ctx context.Context) (any, error) {
			return done(member.ChangePassword(ctx, self, login, passwords.ChangePassword{
				OldPassword: current, NewPassword: fresh, NewPasswordConfirmation: fresh, CheckConfirmation: true,
			}))
		}, ""},
		{"resetAndSendPassword", asAdmin, login, func(ctx context.Context) (any, error) {
			return done(admin.ResetAndSendPassword(ctx, ana, login, passwords.SendMediumEmail))
		}, ""},
		{"changePassword", asMember, login, func(ctx context.Context) (any, error) {
			return done(member.ChangePassword(ctx, self, login, passwords.ChangePassword{NewPassword: current}))
		}, ""},
		{"generatePassword", asMember, cardPIN, generate, passwords.CodeIllegalAction},
		{"allowGeneration", asAdmin, cardPIN, func(ctx context.Context) (any, error) {
			return done(admin.AllowGeneration(ctx, ana, cardPIN))
		}, ""},
		{"generatePassword", asMember, cardPIN, generate, ""},
		{"changeGenerated", asMember, cardPIN, func(ctx context.Context) (any, error) {
			return member.ChangeGenerated(ctx, cardPIN, current)
		}, ""},
		{"resetGeneratedPassword", asAdmin, cardPIN, func(ctx context.Context) (any, error) {
			return done(admin.ResetGeneratedPassword(ctx, ana, cardPIN))
		}, ""},
		{"generatePassword", asMember, cardPIN, generate, ""},
		{"disablePassword", asMember, cardPIN, func(ctx context.Context) (any, error) {
			return done(member.DisablePassword(ctx, self, cardPIN))
		}, ""},
		{"enablePassword", asMember, cardPIN, func(ctx context.Context) (any, error) {
			return done(member.EnablePassword(ctx, self, cardPIN))
		}, passwords.CodePermissionDenied},
		{"enablePassword", asAdmin, cardPIN, func(ctx context.Context) (any, error) {
			return done(admin.EnablePassword(ctx, ana, cardPIN))
		}, ""},
		{"changePassword", asMember, tradePIN, wrongTry, passwords.CodeValidation},
		{"changePassword", asMember, tradePIN, wrongTry, passwords.CodeValidation},
		{"changePassword", asMember, tradePIN, wrongTry, passwords.CodeIndefinitelyBlocked},
		{"unblockPassword", asAdmin, tradePIN, func(ctx context.Context) (any, error) {
			return done(admin.UnblockPassword(ctx, ana, tradePIN))
		}, ""},
	}
}

package testkit

import (
	"context"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
)

// FaultWorld has a password in the right status for each of [EmulatorCalls].
func FaultWorld() cyclostest.World {
	w := cyclostest.DefaultWorld()
	for i := range w.Users {
		switch u := &w.Users[i]; u.LoginName {
		case cyclostest.Ben:
			u.Passwords[0].Status = passwords.StatusDisabled
		case cyclostest.NamedSelf:
			u.Passwords[0].Status = passwords.StatusIndefinitelyBlocked
		}
	}
	return w
}

// EmulatorCall is a call of one operation that succeeds once in [FaultWorld].
type EmulatorCall struct {
	ID, Session string
	Safe        bool
	HasBody     bool // the response
	Do          func(context.Context, *passwords.Client) error
	// Done reports whether the call was executed. It is nil for safe operations.
	Done func(*cyclostest.Server) bool
}

// EmulatorCalls returns a call of each operation.
func EmulatorCalls() []EmulatorCall {
	self, ana := passwords.Self(), passwords.Principal(cyclostest.Ana)
	is := func(user, passwordType string, status passwords.Status) func(*cyclostest.Server) bool {
		return func(s *cyclostest.Server) bool { return s.Status(user, passwordType) == status }
	}
	const login, pin = cyclostest.TypeLogin, cyclostest.TypePIN
	return []EmulatorCall{
		{"listUserPasswords", cyclostest.AdminSession, true, true, func(ctx context.Context, c *passwords.Client) error {
			_, err := c.ListUserPasswords(ctx, ana)
			return err
		}, nil},
		{"getUserPasswordsListData", cyclostest.AdminSession, true, true, func(ctx context.Context, c *passwords.Client) error {
			_, err := c.GetUserPasswordsListData(ctx, ana)
			return err
		}, nil},
		{"getUserPasswordsData", cyclostest.AdminSession, true, true, func(ctx context.Context, c *passwords.Client) error {
			_, err := c.GetUserPasswordsData(ctx, ana, login)
			return err
		}, nil},
		{"changePassword", cyclostest.AnaSession, false, false, func(ctx context.Context, c *passwords.Client) error {
			return c.ChangePassword(ctx, self, login, passwords.ChangePassword{
				OldPassword: passwords.NewSecret(cyclostest.AnaPassword), NewPassword: passwords.NewSecret(NewPassword),
			})
		}, func(s *cyclostest.Server) bool { return s.Check(cyclostest.Ana, login, NewPassword) }},
		{"disablePassword", cyclostest.AdminSession, false, false, func(ctx context.Context, c *passwords.Client) error {
			return c.DisablePassword(ctx, ana, login)
		}, is(cyclostest.Ana, login, passwords.StatusDisabled)},
		{"enablePassword", cyclostest.AdminSession, false, false, func(ctx context.Context, c *passwords.Client) error {
			return c.EnablePassword(ctx, passwords.Principal(cyclostest.Ben), login)
		}, is(cyclostest.Ben, login, passwords.StatusActive)},
		{"unblockPassword", cyclostest.AdminSession, false, false, func(ctx context.Context, c *passwords.Client) error {
			return c.UnblockPassword(ctx, passwords.Principal(cyclostest.NamedSelf), login)
		}, is(cyclostest.NamedSelf, login, passwords.StatusActive)},
		{"allowGeneration", cyclostest.AdminSession, false, false, func(ctx context.Context, c *passwords.Client) error {
			return c.AllowGeneration(ctx, ana, cyclostest.TypeCardPIN)
		}, is(cyclostest.Ana, cyclostest.TypeCardPIN, passwords.StatusPending)},
		{"resetGeneratedPassword", cyclostest.AdminSession, false, false, func(ctx context.Context, c *passwords.Client) error {
			return c.ResetGeneratedPassword(ctx, ana, pin)
		}, is(cyclostest.Ana, pin, passwords.StatusPending)},
		{"resetAndSendPassword", cyclostest.AdminSession, false, false, func(ctx context.Context, c *passwords.Client) error {
			return c.ResetAndSendPassword(ctx, ana, login, passwords.SendMediumEmail)
		}, func(s *cyclostest.Server) bool { return len(s.Messages()) == 1 }},
		{"generatePassword", cyclostest.BenSession, false, true, func(ctx context.Context, c *passwords.Client) error {
			_, err := c.GeneratePassword(ctx, pin)
			return err
		}, is(cyclostest.Ben, pin, passwords.StatusActive)},
		{"changeGenerated", cyclostest.AnaSession, false, true, func(ctx context.Context, c *passwords.Client) error {
			_, err := c.ChangeGenerated(ctx, pin, passwords.Secret{})
			return err
		}, func(s *cyclostest.Server) bool { return !s.Check(cyclostest.Ana, pin, cyclostest.AnaPIN) }},
	}
}

package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/cyclos-go/passwords"
)

type credentials struct{ principal, password, sessionToken, accessClientToken string }

// options returns an option for each kind of credentials. passwords.New rejects more
// than one kind.
func (c credentials) options() []passwords.Option {
	var opts []passwords.Option
	if c.principal != "" {
		opts = append(opts, passwords.WithBasicAuth(c.principal, passwords.NewSecret(c.password)))
	}
	if c.sessionToken != "" {
		opts = append(opts, passwords.WithSessionToken(passwords.NewSecret(c.sessionToken)))
	}
	if c.accessClientToken != "" {
		opts = append(opts, passwords.WithAccessClientToken(passwords.NewSecret(c.accessClientToken)))
	}
	return opts
}

// list prints the passwords of a user on a real server.
func list(ctx context.Context, out io.Writer, url, user string, c credentials) error {
	client, err := passwords.New(url, c.options()...)
	if err != nil {
		return err
	}
	var whose passwords.User = passwords.Self()
	if user != "" {
		whose = passwords.Principal(user)
	}
	all, err := client.ListUserPasswords(ctx, whose)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "TYPE\tMODE\tSTATUS\tSINCE")
	for _, p := range all {
		name, mode := "", passwords.Mode("")
		if p.Type != nil {
			name, mode = p.Type.Name, p.Type.Mode
		}
		since := ""
		if !p.Date.IsZero() {
			since = p.Date.Format("2006-01-02 15:04")
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", printable(name), printable(mode), printable(p.Status), since)
	}
	return table.Flush()
}

// printable removes control characters, with which a server could control the
// terminal.
func printable[T ~string](text T) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, string(text))
}

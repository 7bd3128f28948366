// Command consumer is a help desk for passwords. It represents the programs that
// import the client. It is a module whose path is not below that of the client, so
// it cannot use internal packages.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/cyclos-go/passwords"
)

func main() {
	s := settings{password: os.Getenv("CYCLOS_PASSWORD")}
	flag.StringVar(&s.url, "url", "https://cyclos.example.org/api", "base URL of the server")
	flag.StringVar(&s.principal, "principal", "admin", "who logs in, with the password in CYCLOS_PASSWORD")
	user := flag.String("user", "self", "self, an id, a locator such as id:1, or another principal")
	flag.Parse()
	client, err := connect(s)
	if err == nil {
		err = list(context.Background(), os.Stdout, client, named(*user))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err, "-", explain(err))
		os.Exit(1)
	}
}

// named returns the user for the input of an operator.
func named(text string) passwords.User {
	if text == "self" {
		return passwords.Self()
	}
	return managed(text)
}

// managed is like named, for operations that are not available to Self.
func managed(text string) passwords.ManagedUser {
	if id, ok := strings.CutPrefix(text, "#"); ok {
		return passwords.UserID(id)
	}
	if strings.Contains(text, ":") {
		return passwords.Locator(text)
	}
	return passwords.Principal(text)
}

// list prints a line for each password of the user.
func list(ctx context.Context, w io.Writer, client *passwords.Client, user passwords.User) error {
	all, err := client.ListUserPasswords(ctx, user, "status", "type")
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.Type == nil {
			continue
		}
		fmt.Fprintln(w, p.Type.Name, p.Status)
	}
	return nil
}

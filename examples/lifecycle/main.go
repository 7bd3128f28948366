// Command lifecycle walks through all password operations on an embedded Cyclos
// server and prints what each did.
//
// With -url, or CYCLOS_URL, it lists the passwords of a user on a real server
// instead. Credentials come from the environment only, as other users of a
// machine see the flags of a process:
//
//	CYCLOS_URL                 base URL, usually ending in /api
//	CYCLOS_USER                whose passwords, by login name or another principal; the caller without it
//	CYCLOS_PRINCIPAL           who calls, along with
//	CYCLOS_PASSWORD            its password; or
//	CYCLOS_SESSION_TOKEN       the token of a session; or
//	CYCLOS_ACCESS_CLIENT_TOKEN the token of an access client
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, getenv func(string) string, out, usage io.Writer) error {
	flags := flag.NewFlagSet("lifecycle", flag.ContinueOnError)
	flags.SetOutput(usage)
	url := flags.String("url", "", "base `URL` of a real server, usually ending in /api, instead of CYCLOS_URL")
	user := flags.String("user", "", "whose passwords to list on it, by `principal`, instead of CYCLOS_USER; the caller without both")
	principal := flags.String("principal", "", "`principal` of the caller, whose password is CYCLOS_PASSWORD, instead of CYCLOS_PRINCIPAL")
	err := flags.Parse(args)
	flagged := *user != "" || *principal != ""
	// Not as the defaults of the flags, which the usage shows.
	*url = cmp.Or(*url, getenv("CYCLOS_URL"))
	*user = cmp.Or(*user, getenv("CYCLOS_USER"))
	*principal = cmp.Or(*principal, getenv("CYCLOS_PRINCIPAL"))
	switch {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return err
	case flags.NArg() > 0:
		return errors.New("lifecycle: there are arguments which are no flags")
	case *url == "" && flagged:
		return errors.New("lifecycle: a user or principal is given without -url or CYCLOS_URL")
	case *url == "":
		return walk(ctx, out)
	case *principal == "" && getenv("CYCLOS_PASSWORD") != "":
		return errors.New("lifecycle: CYCLOS_PASSWORD is given without -principal or CYCLOS_PRINCIPAL")
	case *principal != "" && getenv("CYCLOS_PASSWORD") == "":
		return errors.New("lifecycle: a principal is given without CYCLOS_PASSWORD")
	}
	return list(ctx, out, *url, *user, credentials{
		principal:         *principal,
		password:          getenv("CYCLOS_PASSWORD"),
		sessionToken:      getenv("CYCLOS_SESSION_TOKEN"),
		accessClientToken: getenv("CYCLOS_ACCESS_CLIENT_TOKEN"),
	})
}

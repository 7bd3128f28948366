// Command lifecycle calls all password operations on an embedded Cyclos server and
// prints their effects.
//
// With -url or CYCLOS_URL, it lists the passwords of a user on a real server
// instead. It reads credentials only from the environment, because other users of
// the machine can see the flags of a process:
//
//	CYCLOS_URL                 base URL, usually ending in /api
//	CYCLOS_USER                login name or another principal of the user; the default is the caller
//	CYCLOS_PRINCIPAL           principal of the caller, with
//	CYCLOS_PASSWORD            the password of the caller; or
//	CYCLOS_SESSION_TOKEN       session token; or
//	CYCLOS_ACCESS_CLIENT_TOKEN token of an access client
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
	url := flags.String("url", "", "base `URL` of a real server, usually ending in /api; overrides CYCLOS_URL")
	user := flags.String("user", "", "`principal` of the user whose passwords are listed; overrides CYCLOS_USER, the default is the caller")
	principal := flags.String("principal", "", "`principal` of the caller, whose password is in CYCLOS_PASSWORD; overrides CYCLOS_PRINCIPAL")
	err := flags.Parse(args)
	flagged := *user != "" || *principal != ""
	// Not the defaults of the flags, because the usage shows those.
	*url = cmp.Or(*url, getenv("CYCLOS_URL"))
	*user = cmp.Or(*user, getenv("CYCLOS_USER"))
	*principal = cmp.Or(*principal, getenv("CYCLOS_PRINCIPAL"))
	switch {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return err
	case flags.NArg() > 0:
		return errors.New("lifecycle: unexpected arguments")
	case *url == "" && flagged:
		return errors.New("lifecycle: -user and -principal need -url or CYCLOS_URL")
	case *url == "":
		return walk(ctx, out)
	case *principal == "" && getenv("CYCLOS_PASSWORD") != "":
		return errors.New("lifecycle: CYCLOS_PASSWORD needs -principal or CYCLOS_PRINCIPAL")
	case *principal != "" && getenv("CYCLOS_PASSWORD") == "":
		return errors.New("lifecycle: a principal needs CYCLOS_PASSWORD")
	}
	return list(ctx, out, *url, *user, credentials{
		principal:         *principal,
		password:          getenv("CYCLOS_PASSWORD"),
		sessionToken:      getenv("CYCLOS_SESSION_TOKEN"),
		accessClientToken: getenv("CYCLOS_ACCESS_CLIENT_TOKEN"),
	})
}

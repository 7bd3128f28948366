// Command page is what examples/apipage runs: the API description in Swagger UI,
// and an embedded Cyclos server at the same origin. It runs in its own directory.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/cyclos-go/passwords/cyclostest"
)

// specFile is read from where it is, so that the page shows what is there.
const specFile = "../../../api/openapi.yaml"

// stopLimit bounds how long open connections are waited for: browsers open some
// which they do not use.
const stopLimit = 2 * time.Second

func main() {
	// Not to be stopped: a terminal and examples/apipage both pass on an interrupt,
	// and the second one must not kill a page that is ending.
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run serves the page until the context is done.
func run(ctx context.Context, args []string, out, usage io.Writer) error {
	flags := flag.NewFlagSet("apipage", flag.ContinueOnError)
	flags.SetOutput(usage)
	addr := flags.String("addr", "127.0.0.1:0", "loopback `address` and port to serve at, port 0 for any that is free")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return err
	case flags.NArg() > 0:
		return errors.New("apipage: there are arguments which are no flags")
	}
	api := cyclostest.New()
	defer api.Close()
	handler, err := newHandler(api.Handler())
	if err != nil {
		return err
	}
	listener, err := listen(*addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	if err := announce(out, "http://"+listener.Addr().String()+"/"); err != nil {
		return errors.Join(err, server.Close())
	}
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
	defer cancel()
	if err := server.Shutdown(limit); errors.Is(err, context.DeadlineExceeded) {
		return server.Close()
	} else if err != nil {
		return err
	}
	return nil
}

// listen refuses every address that other machines could reach: everybody may
// know the passwords.
func listen(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("apipage: -addr: %w", err)
	}
	if ip, err := netip.ParseAddr(host); err != nil || !ip.IsLoopback() {
		return nil, errors.New("apipage: -addr is not a loopback address such as 127.0.0.1:8080")
	}
	return net.Listen("tcp", addr)
}

// announce prints where the page is and whom to authorize there.
func announce(out io.Writer, url string) error {
	var text bytes.Buffer
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "The page is at %s until you interrupt this command.\nAuthorize one of these, who are made up:\n", url)
	for _, c := range callers {
		fmt.Fprintf(table, "  %s\t%s\t%s\n", c.Scheme, c.Who, strings.Join(c.Credentials, "  "))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := text.WriteTo(out) // at once, as a reader may wait for the end of it
	return err
}

// Command page serves the API description in Swagger UI, and an embedded Cyclos
// server at the same origin. Run it with examples/apipage, which sets the directory.
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

// specFile is relative to the directory of this command.
const specFile = "../../../api/openapi.yaml"

// stopLimit limits the wait for open connections: browsers open some without using
// them.
const stopLimit = 2 * time.Second

func main() {
	// Never stopped: a terminal and examples/apipage both send an interrupt, and the
	// second one must not kill a page that is shutting down.
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
	addr := flags.String("addr", "127.0.0.1:0", "loopback `address` and port to listen on; port 0 selects a free one")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return err
	case flags.NArg() > 0:
		return errors.New("apipage: unexpected arguments")
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

// listen rejects addresses that other machines can reach, because the passwords are
// public.
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

// announce prints the URL of the page and the credentials to use.
func announce(out io.Writer, url string) error {
	var text bytes.Buffer
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "The page is at %s until you interrupt this command.\nAuthorize with the credentials of one of these fictitious users:\n", url)
	for _, c := range callers {
		fmt.Fprintf(table, "  %s\t%s\t%s\n", c.Scheme, c.Who, strings.Join(c.Credentials, "  "))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := text.WriteTo(out) // a single write, because a reader may wait for the last line
	return err
}

// Command used prints a client whose connection is kept open, and on which
// credentials and passwords went to and fro, by every dump there is: printers
// that walk into everything find the buffers of connections. It is a program of
// its own because these printers race with the connection, which the race
// detector would rightly report.
package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/hardening/internal/sink"
)

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: used client|control token confirmation generated")
		os.Exit(2)
	}
	subject, err := use(os.Args[1], os.Args[2], os.Args[3], os.Args[4])
	if err != nil {
		fmt.Fprintln(os.Stderr, "the call failed")
		os.Exit(1)
	}
	for _, s := range sink.Dumps() {
		fmt.Printf("\n== %s\n%s\n", s.Name, strings.ReplaceAll(s.Print(subject), "\n==", ""))
	}
}

// use returns a client, or a plain HTTP client, that has made a request.
func use(kind, token, confirmation, generated string) (any, error) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprint(w, generated)
	}))
	ctx := context.Background()
	if kind == "control" {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, nil)
		if err != nil {
			return nil, err
		}
		req.Header.Set("Session-Token", token)
		client := &http.Client{Transport: &http.Transport{}}
		resp, err := client.Do(req)
		if err != nil {
			return nil, err
		}
		// A connection is kept open only once the body was read.
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			return nil, err
		}
		return client, resp.Body.Close()
	}
	client, err := passwords.New(server.URL+"/api", passwords.WithSessionToken(token))
	if err != nil {
		return nil, err
	}
	_, err = client.ChangeGenerated(ctx, "pin", passwords.NewSecret(confirmation))
	return client, err
}

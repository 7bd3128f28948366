// Command go-swagger lists the passwords of a user with the client that
// go-swagger generates.
package main

import (
	"context"
	"fmt"
	"log"
	"net/url"
	"os"

	httptransport "github.com/go-openapi/runtime/client"

	"github.com/cyclos-go/passwords/bench/internal/swagger/client/passwords"
)

func main() {
	target, err := url.Parse(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	transport := httptransport.New(target.Host, target.Path, []string{target.Scheme})
	ok, err := passwords.New(transport, nil).ListUserPasswordsContext(context.Background(),
		&passwords.ListUserPasswordsParams{User: "self"}, httptransport.APIKeyAuth("Session-Token", "header", os.Args[2]))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(ok.Payload))
}

// Command ogen-quiet lists the passwords of a user with the client that ogen
// generates, without telemetry.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/ogen-go/ogen/ogenerrors"

	api "github.com/cyclos-go/passwords/bench/internal/ogenquiet"
)

type security struct{}

func (security) Session(context.Context, api.OperationName) (api.Session, error) {
	return api.Session{APIKey: os.Args[2]}, nil
}

func (security) Basic(context.Context, api.OperationName) (api.Basic, error) {
	return api.Basic{}, ogenerrors.ErrSkipClientSecurity
}

func (security) AccessClient(context.Context, api.OperationName) (api.AccessClient, error) {
	return api.AccessClient{}, ogenerrors.ErrSkipClientSecurity
}

func main() {
	client, err := api.NewClient(os.Args[1], security{})
	if err != nil {
		log.Fatal(err)
	}
	answer, err := client.ListUserPasswords(context.Background(), api.ListUserPasswordsParams{User: "self"})
	if err != nil {
		log.Fatal(err)
	}
	list, ok := answer.(*api.ListUserPasswordsOKApplicationJSON)
	if !ok {
		log.Fatalf("answered %T", answer)
	}
	fmt.Println(len(*list))
}

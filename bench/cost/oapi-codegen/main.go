// Command oapi-codegen lists the passwords of a user with the client that
// oapi-codegen generates.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/cyclos-go/passwords/bench/internal/stock"
)

func main() {
	client, err := stock.NewClientWithResponses(os.Args[1],
		stock.WithRequestEditorFn(func(_ context.Context, req *http.Request) error {
			req.Header.Set("Session-Token", os.Args[2])
			return nil
		}))
	if err != nil {
		log.Fatal(err)
	}
	resp, err := client.ListUserPasswordsWithResponse(context.Background(), "self", nil)
	if err != nil {
		log.Fatal(err)
	}
	if resp.JSON200 == nil {
		log.Fatal(resp.Status())
	}
	fmt.Println(len(*resp.JSON200))
}

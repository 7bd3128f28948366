// Command ours lists the passwords of a user with package passwords.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/cyclos-go/passwords"
)

func main() {
	client, err := passwords.New(os.Args[1], passwords.WithSessionToken(os.Args[2]))
	if err != nil {
		log.Fatal(err)
	}
	list, err := client.ListUserPasswords(context.Background(), passwords.Self())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(list))
}

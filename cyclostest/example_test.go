package cyclostest_test

import (
	"context"
	"fmt"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
)

func Example() {
	s := cyclostest.NewServer() // in a test: cyclostest.Start(t)
	defer s.Close()
	client, err := passwords.New(s.URL, passwords.WithBasicAuth(cyclostest.Ana, passwords.NewSecret(cyclostest.AnaPassword)))
	if err != nil {
		fmt.Println(err)
		return
	}

	all, err := client.ListUserPasswords(context.Background(), passwords.Self(), "status", "type.internalName")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range all {
		fmt.Println(p.Type.InternalName, p.Status)
	}
	// Output:
	// login active
	// pin active
	// cardPin neverCreated
	// otp active
	// tradePin active
}

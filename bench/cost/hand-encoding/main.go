// Command hand-encoding lists the passwords of a user with net/http and encoding/json.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"

	"github.com/cyclos-go/passwords/bench/internal/models"
)

func main() {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, os.Args[1]+"/self/passwords", nil)
	if err != nil {
		log.Fatal(err)
	}
	req.Header.Set("Session-Token", os.Args[2])
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		log.Panic(resp.Status)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		log.Panic(err)
	}
	var list []models.PasswordStatusAndType
	if err := json.Unmarshal(data, &list); err != nil {
		log.Panic(err)
	}
	fmt.Println(len(list))
}

// Command mermaid writes docs/lifecycle.md, with Mermaid charts of the table in
// package lifecycle. It runs in the root of the repository.
package main

import (
	"log"
	"os"

	"github.com/cyclos-go/passwords/internal/lifecycle"
)

func main() {
	log.SetFlags(0)
	if err := os.WriteFile("docs/lifecycle.md", page(collect(lifecycle.Transitions)), 0o644); err != nil {
		log.Fatal("mermaid: ", err)
	}
}

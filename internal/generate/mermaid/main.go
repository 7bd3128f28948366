// Command mermaid writes the page of the life cycle, with Mermaid charts of the
// table in package lifecycle.
package main

import (
	"flag"
	"log"
	"os"

	"github.com/cyclos-go/passwords/internal/lifecycle"
)

func main() {
	log.SetFlags(0)
	out := flag.String("out", "docs/lifecycle.md", "the page to `write`")
	flag.Parse()
	if err := os.WriteFile(*out, page(collect(lifecycle.Transitions)), 0o644); err != nil {
		log.Fatal("mermaid: ", err)
	}
}

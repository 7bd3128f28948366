// Command vendorui copies the files of Swagger UI that the page needs out of the
// Go module which has them:
//
//	go run ./internal/vendorui -out swagger-ui
package main

import (
	"flag"
	"log"
	"os"
	"path/filepath"

	"github.com/swaggest/swgui/v5/static"
)

// names are those of the files in both places.
var names = []string{"swagger-ui-bundle.js.gz", "swagger-ui.css.gz", "favicon-32x32.png"}

func main() {
	log.SetFlags(0)
	out := flag.String("out", "swagger-ui", "the `directory` to write")
	flag.Parse()
	for _, name := range names {
		content, err := static.FS.ReadFile(name)
		if err != nil {
			log.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(*out, name), content, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

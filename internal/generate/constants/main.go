// Command constants writes the constants of package passwords: one for each value of
// the enumerations that the package exports, with the comment from the API
// description. It runs in the root of the repository.
package main

import (
	"log"
	"os"

	"github.com/getkin/kin-openapi/openapi3"
)

func main() {
	log.SetFlags(0)
	if err := run("api/openapi.yaml", "gen/client.gen.go", "models.go", "constants.gen.go"); err != nil {
		log.Fatal("constants: ", err)
	}
}

// run writes the constants for the enumerations in generated that aliases exports.
func run(spec, generated, aliases, out string) error {
	doc, err := openapi3.NewLoader().LoadFromFile(spec)
	if err != nil {
		return err
	}
	enums, err := enumerations(generated, aliases)
	if err != nil {
		return err
	}
	source, err := render(enums, explanations(doc))
	if err != nil {
		return err
	}
	return os.WriteFile(out, source, 0o644)
}

// Command constants writes the constants of package passwords: one for each value
// of the enumerations which that package offers, explained by the API description.
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

// run reads the enumerations in the file generated which the file aliases offers,
// and their explanations in spec, and writes the constants to out.
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

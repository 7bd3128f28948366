// Command constants writes the constants of package passwords: one for each value
// of the enumerations which that package offers, explained by the API description.
package main

import (
	"flag"
	"log"
	"os"

	"github.com/getkin/kin-openapi/openapi3"
)

func main() {
	log.SetFlags(0)
	spec := flag.String("spec", "api/openapi.yaml", "the API description")
	generated := flag.String("gen", "gen/client.gen.go", "the file with the enumerations")
	aliases := flag.String("aliases", "models.go", "the file that offers them")
	out := flag.String("out", "constants.gen.go", "the file to write")
	flag.Parse()
	if err := run(*spec, *generated, *aliases, *out); err != nil {
		log.Fatal(err)
	}
}

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

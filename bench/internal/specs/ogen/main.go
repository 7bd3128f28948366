// Command ogen copies an OpenAPI description for ogen, which decodes text only
// where it is called binary.
package main

import (
	"errors"
	"flag"
	"log"
	"os"

	"github.com/getkin/kin-openapi/openapi3"
)

func main() {
	log.SetFlags(0)
	in := flag.String("spec", "", "the OpenAPI description")
	out := flag.String("out", "", "the file to write")
	flag.Parse()
	if err := adapt(*in, *out); err != nil {
		log.Fatal(err)
	}
}

func adapt(in, out string) error {
	spec, err := openapi3.NewLoader().LoadFromFile(in)
	if err != nil {
		return err
	}
	answer := spec.Components.Responses["GeneratedPassword"]
	if answer == nil || answer.Value.Content["text/plain"] == nil {
		return errors.New("the text answer is not where it was")
	}
	answer.Value.Content["text/plain"] = &openapi3.MediaType{
		Schema: openapi3.NewStringSchema().WithFormat("binary").NewRef(),
	}
	text, err := spec.MarshalJSON()
	if err != nil {
		return err
	}
	return os.WriteFile(out, append(text, '\n'), 0o644)
}

// Command versiontable turns the version marks of the API description into the
// table by which package cyclostest emulates older servers.
//
// Usage, from the root of the repository:
//
//	go run ./internal/versiontable -spec api/openapi.yaml -out cyclostest/versions.gen.go
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/getkin/kin-openapi/openapi3"
)

func main() {
	if err := run(os.Args[1:], os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "versiontable:", err)
		os.Exit(1)
	}
}

// run reads the description named by -spec and writes the table to -out. An
// unreadable or invalid description is an error, and -out is left untouched.
func run(args []string, usage io.Writer) error {
	flags := flag.NewFlagSet("versiontable", flag.ContinueOnError)
	flags.SetOutput(usage)
	spec := flags.String("spec", "api/openapi.yaml", "the API description to `read`")
	out := flags.String("out", "cyclostest/versions.gen.go", "the Go file to `write`")
	if err := flags.Parse(args); err != nil {
		return err
	}
	doc, err := openapi3.NewLoader().LoadFromFile(*spec)
	if err != nil {
		return fmt.Errorf("read description: %w", err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		return fmt.Errorf("validate description: %w", err)
	}
	schemas, err := collect(doc.Components.Schemas)
	if err != nil {
		return err
	}
	source, err := render(schemas)
	if err != nil {
		return err
	}
	return os.WriteFile(*out, source, 0o644)
}

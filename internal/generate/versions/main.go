// Command versions writes the table by which package cyclostest emulates older
// servers, and a page for readers, from the version extensions of the API
// description.
//
// Usage, from the root of the repository:
//
//	go run ./internal/generate/versions -spec api/openapi.yaml -out cyclostest/versions.gen.go -page docs/versions.md
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
		fmt.Fprintln(os.Stderr, "versions:", err)
		os.Exit(1)
	}
}

// run reads the description -spec and writes the table to -out and the page to
// -page. It writes neither if the description is invalid.
func run(args []string, usage io.Writer) error {
	flags := flag.NewFlagSet("versions", flag.ContinueOnError)
	flags.SetOutput(usage)
	spec := flags.String("spec", "api/openapi.yaml", "the API description to `read`")
	out := flags.String("out", "cyclostest/versions.gen.go", "the Go file to `write`")
	pageFile := flags.String("page", "", "the Markdown page to `write`; none if empty")
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
	text, err := page(doc, schemas)
	if err != nil {
		return err
	}
	if err := os.WriteFile(*out, source, 0o644); err != nil || *pageFile == "" {
		return err
	}
	return os.WriteFile(*pageFile, text, 0o644)
}

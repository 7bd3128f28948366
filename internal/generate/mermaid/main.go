// Command lifecyclepicture draws the table of package lifecycle: as an SVG, and
// as Mermaid charts between the markers of the README.
//
// Usage, from the root of the repository:
//
//	go run ./internal/lifecyclepicture -svg docs/lifecycle.svg -readme README.md
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/cyclos-go/passwords/internal/lifecycle"
)

func main() {
	if err := run(os.Args[1:], os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "lifecyclepicture:", err)
		os.Exit(1)
	}
}

// run writes both files. If either cannot be made, none is touched.
func run(args []string, usage io.Writer) error {
	flags := flag.NewFlagSet("lifecyclepicture", flag.ContinueOnError)
	flags.SetOutput(usage)
	svg := flags.String("svg", "docs/lifecycle.svg", "the picture to `write`")
	readme := flags.String("readme", "README.md", "the page whose charts to `replace`")
	if err := flags.Parse(args); err != nil {
		return err
	}
	charts := collect(lifecycle.Transitions)
	drawing, err := draw(charts)
	if err != nil {
		return err
	}
	page, err := os.ReadFile(*readme)
	if err != nil {
		return err
	}
	page, err = between(page, mermaid(charts))
	if err != nil {
		return fmt.Errorf("%s: %w", *readme, err)
	}
	if err := os.WriteFile(*svg, drawing.svg(), 0o644); err != nil {
		return err
	}
	return os.WriteFile(*readme, page, 0o644)
}

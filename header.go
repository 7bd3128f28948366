package passwords

import (
	"context"
	"net/http"
	"strings"

	"github.com/cyclos-go/passwords/gen"
)

// checkHeader refuses the values which do not arrive as what they are in a
// header: HTTP/1 trims spaces at the edges where HTTP/2 keeps them, servers
// differ in how they read what is not ASCII, and controls end the header.
func checkHeader(name, value string) error {
	switch {
	case value == "":
		return invalidArgument("the " + name + " is empty")
	case strings.Trim(value, " ") != value:
		return invalidArgument("the " + name + " begins or ends with a space")
	case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return invalidArgument("the " + name + " holds a control character")
	case strings.ContainsFunc(value, func(r rune) bool { return r > '~' }):
		return invalidArgument("the " + name + " holds a character that is not ASCII, which servers read differently in a header")
	}
	return nil
}

// header is a header of each request, by its canonical name.
type header struct {
	name  string
	value Secret
}

// headerEditor returns an editor that sets a header, or fails with err.
func headerEditor(header string, value Secret, err error) gen.RequestEditorFn {
	return func(_ context.Context, req *http.Request) error {
		if err != nil {
			return err
		}
		req.Header.Set(header, value.Reveal())
		return nil
	}
}

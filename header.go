package passwords

import (
	"context"
	"net/http"

	"github.com/cyclos-go/passwords/gen"
)

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

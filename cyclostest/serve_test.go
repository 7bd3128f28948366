package cyclostest

import (
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestTruncatedRequestBody(t *testing.T) {
	t.Parallel()
	s := New()
	broken := io.MultiReader(strings.NewReader("{"), brokenReader{})
	mustPanic(t, func() { serveDirect(s, httptest.NewRequest("POST", "/api"+disable, broken)) })
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("broken") }

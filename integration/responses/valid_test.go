package responses

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
)

// TestValidResponses makes sure that the checks do not reject valid responses.
func TestValidResponses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ mediaType, body, want string }{
		"UTF-8":                     {"text/plain; charset=utf-8", "gé", "gé"},
		"UTF-8 in quotes":           {`text/plain; charset="UTF-8"`, "gé", "gé"},
		"UTF-8 in upper case":       {"TEXT/PLAIN;CHARSET=UTF-8", "gé", "gé"},
		"no charset":                {"text/plain", "gé", "gé"},
		"semicolon at the end":      {"text/plain;", "g", "g"},
		"other parameter":           {"text/plain; format=flowed", "g", "g"},
		"ISO-8859-1":                {"text/plain;charset=ISO-8859-1", "g\xe9\xff", "géÿ"},
		"iso-8859-1 in quotes":      {`text/plain; charset="iso-8859-1"`, "g\xe9", "gé"},
		"US-ASCII":                  {"text/plain; charset=US-ASCII", "g<html", "g<html"},
		"JSON":                      {jsonType, `"g\u00e9\ud83d\ude00"`, "gé😀"},
		"JSON in ISO-8859-1":        {"application/json;charset=iso-8859-1", "\"g\xe9\"", "gé"},
		"JSON of a suffix":          {"application/problem+json", `"g"`, "g"},
		"white space at the edges":  {"text/plain", " g \r\n", " g \r\n"},
		"quotes":                    {"text/plain", `"g"`, `"g"`},
		"angle brackets":            {"text/plain", "<htm>", "<htm>"},
		"less than 1 MiB by a byte": {"text/plain", strings.Repeat("g", 1<<20-1), strings.Repeat("g", 1<<20-1)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for framing, response := range framings(200, tc.mediaType, tc.body) {
				got, err := newClient(t, serve(t, response).url).GeneratePassword(t.Context(), "pin")
				if err != nil || !got.Equal(passwords.NewSecret(tc.want)) {
					t.Errorf("%s: the value differs, or: %v", framing, err)
				}
			}
		})
	}
	for _, k := range kinds {
		for framing, response := range framings(k.OK.Status, k.mediaType, k.body) {
			if k.OK.Status == http.StatusNoContent {
				response = head(204, "")
			}
			value, err := k.call(t.Context(), newClient(t, serve(t, response).url))
			if err != nil || value == (k.OK.Status == http.StatusNoContent) {
				t.Errorf("%s, %s: got %v", k.ID, framing, err)
			}
		}
	}
}

// TestResponsesAtTheLimit accepts n bytes and rejects n+1.
func TestResponsesAtTheLimit(t *testing.T) {
	t.Parallel()
	tooLarge := want{status: 200, is: []error{passwords.ErrUnexpectedResponse, passwords.ErrResponseTooLarge}}
	for _, limit := range []int{1, 2, 511, 512, 513, 4096, 100_000, 1 << 20} {
		var opts []passwords.Option
		if limit < 1<<20 { // the last is the default
			opts = []passwords.Option{passwords.WithMaxResponseBytes(int64(limit))}
		}
		for framing, response := range framings(200, "text/plain", strings.Repeat("g", limit)) {
			got, err := newClient(t, serve(t, response).url, opts...).GeneratePassword(t.Context(), "pin")
			if err != nil || len(got.Reveal()) != limit {
				t.Errorf("%d bytes, %s: got %v", limit, framing, err)
			}
		}
		for framing, response := range framings(200, "text/plain", strings.Repeat("g", limit+1)) {
			secretKind.must(t, fmt.Sprintf("%d bytes and one, %s", limit, framing), newClient(t, serve(t, response).url, opts...), tooLarge)
		}
	}
}

// TestResponsesAboveTheLimitKeepTheStatus covers errors: their status matters more
// than their size.
func TestResponsesAboveTheLimitKeepTheStatus(t *testing.T) {
	t.Parallel()
	body := `{"code":"` + responseMark + `","x":"` + strings.Repeat("g", 100) + `"}`
	for status, sentinel := range map[int]error{
		401: passwords.ErrUnauthorized, 403: passwords.ErrForbidden, 404: passwords.ErrNotFound, 409: passwords.ErrConflict,
		422: passwords.ErrInvalidInput, 500: passwords.ErrServer, 502: passwords.ErrServer, 503: passwords.ErrUnavailable,
		202: passwords.ErrUnexpectedResponse, 302: passwords.ErrUnexpectedResponse,
	} {
		for framing, response := range framings(status, jsonType, body) {
			for _, k := range kinds {
				client := newClient(t, serve(t, response).url, passwords.WithMaxResponseBytes(100))
				w := want{status: status, is: []error{sentinel}}
				k.must(t, fmt.Sprint(status, ", ", framing), client, w)
			}
		}
	}
}

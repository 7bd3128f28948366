package hardening

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
)

// TestAnswersThatAreFine keeps the checks from refusing what is right.
func TestAnswersThatAreFine(t *testing.T) {
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
		"byte order mark inside":    {"text/plain", "g\ufeff", "g\ufeff"},
		"quotes":                    {"text/plain", `"g"`, `"g"`},
		"angle brackets":            {"text/plain", "<htm>", "<htm>"},
		"less than 1 MiB by a byte": {"text/plain", strings.Repeat("g", 1<<20-1), strings.Repeat("g", 1<<20-1)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for framing, answer := range framings(200, tc.mediaType, tc.body) {
				got, err := answerClient(t, answerWith(t, answer).url).GeneratePassword(t.Context(), "pin")
				if err != nil || !got.Equal(passwords.NewSecret(tc.want)) {
					t.Errorf("%s: the value differs, or: %v", framing, err)
				}
			}
		})
	}
	for _, k := range kinds() {
		for framing, answer := range framings(k.status, k.mediaType, k.body) {
			if k.status == 204 {
				answer = head(204, "")
			}
			value, err := k.call(t.Context(), answerClient(t, answerWith(t, answer).url))
			if err != nil || value == (k.status == 204) {
				t.Errorf("%s, %s: got %v", k.operation, framing, err)
			}
		}
	}
}

// framings returns an answer with all the ways to tell where its body ends.
func framings(status int, mediaType, body string) map[string]string {
	packed := gzipped(body)
	return map[string]string{
		"length":         framed(status, mediaType, body),
		"chunks":         head(status, mediaType, "Transfer-Encoding: chunked") + chunks(body, max(1, len(body)/3)),
		"end":            head(status, mediaType, "Connection: close") + body,
		"gzip":           framedAs(status, mediaType, packed, len(packed), "Content-Encoding: gzip"),
		"gzip in chunks": head(status, mediaType, "Content-Encoding: gzip", "Transfer-Encoding: chunked") + chunks(packed, max(1, len(packed)/3)),
		"gzip in members": func() string {
			two := gzipped(body[:len(body)/2]) + gzipped(body[len(body)/2:])
			return framedAs(status, mediaType, two, len(two), "Content-Encoding: gzip")
		}(),
	}
}

// TestAnswersAtTheLimit has n bytes pass and n+1 fail.
func TestAnswersAtTheLimit(t *testing.T) {
	t.Parallel()
	tooLarge := want{status: 200, is: []error{passwords.ErrUnexpectedResponse, passwords.ErrResponseTooLarge}}
	for _, limit := range []int{1, 2, 511, 512, 513, 4096, 100_000, 1 << 20} {
		var opts []passwords.Option
		if limit < 1<<20 { // the last is the default
			opts = []passwords.Option{passwords.WithMaxResponseBytes(int64(limit))}
		}
		for framing, answer := range framings(200, "text/plain", strings.Repeat("g", limit)) {
			got, err := answerClient(t, answerWith(t, answer).url, opts...).GeneratePassword(t.Context(), "pin")
			if err != nil || len(got.Reveal()) != limit {
				t.Errorf("%d bytes, %s: got %v", limit, framing, err)
			}
		}
		for framing, answer := range framings(200, "text/plain", strings.Repeat("g", limit+1)) {
			if problem := secretKind().check(t.Context(), answerClient(t, answerWith(t, answer).url, opts...), tooLarge); problem != "" {
				t.Errorf("%d bytes and one, %s: %s", limit, framing, problem)
			}
		}
	}
}

// TestAnswersAboveTheLimitKeepTheStatus covers errors, whose status tells more
// than the size.
func TestAnswersAboveTheLimitKeepTheStatus(t *testing.T) {
	t.Parallel()
	body := `{"code":"` + answerMark + `","x":"` + strings.Repeat("g", 100) + `"}`
	for status, sentinel := range map[int]error{
		401: passwords.ErrUnauthorized, 403: passwords.ErrForbidden, 404: passwords.ErrNotFound, 409: passwords.ErrConflict,
		422: passwords.ErrInvalidInput, 500: passwords.ErrServer, 502: passwords.ErrServer, 503: passwords.ErrUnavailable,
		202: passwords.ErrUnexpectedResponse, 302: passwords.ErrUnexpectedResponse,
	} {
		for framing, answer := range framings(status, jsonType, body) {
			for _, k := range kinds() {
				client := answerClient(t, answerWith(t, answer).url, passwords.WithMaxResponseBytes(100))
				w := want{status: status, is: []error{sentinel}, known: status >= 400 && status < 500}
				if problem := k.check(t.Context(), client, w); problem != "" {
					t.Errorf("%d, %s, %s: %s", status, framing, k.operation, problem)
				}
			}
		}
	}
}

func TestAnswersNeedALimit(t *testing.T) {
	t.Parallel()
	for _, n := range []int64{0, -1, math.MinInt64, math.MaxInt64} {
		if _, err := passwords.New("http://127.0.0.1/api", passwords.WithMaxResponseBytes(n)); !errors.Is(err, passwords.ErrInvalidArgument) {
			t.Errorf("%d: got %v", n, err)
		}
	}
}

package response_test

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/response"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// statusKinds are the errors that correspond to a status.
var statusKinds = map[int]error{
	401: passwords.ErrUnauthorized, 403: passwords.ErrForbidden, 404: passwords.ErrNotFound,
	409: passwords.ErrConflict, 422: passwords.ErrInvalidInput, 429: passwords.ErrTooManyRequests, 503: passwords.ErrUnavailable,
}

func FuzzErrorBody(f *testing.F) {
	for _, tc := range testkit.ErrorCases() {
		f.Add(uint16(tc.Reply.Status), tc.Reply.Header["Content-Type"], []byte(tc.Reply.Body), uint16(len(tc.Reply.Body)/2))
	}
	for _, body := range []string{
		"", "{", "null", "[]", "\ufeff{}", `{"code":null}`, `{"code":7}`, `{"code":"login"`, `{"code":"a b"}`, `{"code":"login"}{}`,
		`{"code":"login","code":"other"}`, "{\"code\":\"\xff\"}", `{"code":"` + strings.Repeat("a", 100) + `"}`, "<html>",
	} {
		f.Add(uint16(401), "application/json", []byte(body), uint16(9))
		f.Add(uint16(422), "text/html; charset=utf-16", []byte(body), uint16(0))
	}
	f.Fuzz(func(t *testing.T, status uint16, contentType string, body []byte, at uint16) {
		if status < 100 || status > 999 {
			status = 100 + status%900
		}
		resp := fixedResponse{status: int(status), header: http.Header{
			"Content-Type": {contentType},
			"Location":     {"https://other.example.org/" + testkit.Marker},
		}}
		for _, resp.body = range []string{string(body), testkit.Plant(body, at)} {
			for _, op := range testkit.Operations() {
				if resp.status == op.OK.Status {
					continue // see FuzzSuccessBody
				}
				_, err := op.Do(t.Context(), resp.client(t))
				checkStatusError(t, op, resp, err)
			}
		}
	})
}

// checkStatusError checks the error for a response whose status is not that of a
// successful call.
func checkStatusError(t *testing.T, op testkit.Operation, resp fixedResponse, err error) {
	t.Helper()
	var e *passwords.Error
	if !errors.As(err, &e) {
		t.Fatalf("%s: %d with %d bytes is not an *Error", op.ID, resp.status, len(resp.body))
	}
	if e.Operation != op.ID || e.StatusCode != resp.status {
		t.Errorf("got operation %s and status %d, want %s and %d", e.Operation, e.StatusCode, op.ID, resp.status)
	}
	wantNoMarker(t, err)
	var kinds []int
	for status, kind := range statusKinds {
		if errors.Is(err, kind) {
			kinds = append(kinds, status)
		}
	}
	switch {
	case statusKinds[resp.status] != nil:
		if !slices.Equal(kinds, []int{resp.status}) {
			t.Errorf("status %d matches the errors of %v", resp.status, kinds)
		}
	case resp.status == 405: // like 503 if the body has a code of sending
		if len(kinds) > 1 || len(kinds) == 1 && (kinds[0] != 503 || !passwords.UnavailableCode(e.Code).Valid()) {
			t.Errorf("status 405 with a code of %d bytes matches the errors of %v", len(e.Code), kinds)
		}
	case len(kinds) > 0 || errors.Is(err, passwords.ErrServer) != (resp.status >= 500 && resp.status < 600):
		t.Errorf("status %d matches the errors of %v", resp.status, kinds)
	}
	if errors.Is(err, passwords.ErrUnexpectedResponse) != (resp.status < 400 || resp.status >= 600) {
		t.Errorf("status %d: ErrUnexpectedResponse is reported wrongly, or missing", resp.status)
	}
	bodies := map[int]bool{
		401: e.Unauthorized != nil, 403: e.Forbidden != nil, 404: e.NotFound != nil, 409: e.Conflict != nil,
		422: e.Input != nil, 503: e.Unavailable != nil && resp.status != 405, 405: e.Unavailable != nil && resp.status == 405, 500: e.Server != nil,
	}
	for status, set := range bodies {
		if set && status != resp.status {
			t.Errorf("status %d has the body of %d", resp.status, status)
		}
	}
	// Only an error of the API with a code that it has for the status means that
	// nothing was changed. Safe operations change nothing.
	refused := e.NotFound != nil || passwords.UnauthorizedCode(e.Code).Valid() && resp.status == 401 ||
		passwords.ForbiddenCode(e.Code).Valid() && resp.status == 403 || passwords.ConflictCode(e.Code).Valid() && resp.status == 409 ||
		passwords.InputCode(e.Code).Valid() && resp.status == 422 || passwords.UnavailableCode(e.Code).Valid() && (resp.status == 405 || resp.status == 503)
	known := op.Method == http.MethodGet || refused
	if errors.Is(err, passwords.ErrOutcomeUnknown) == known {
		t.Errorf("%s: status %d has an unknown outcome: %t", op.ID, resp.status, !known)
	}
}

func FuzzSuccessBody(f *testing.F) {
	for _, op := range testkit.Operations() {
		f.Add(op.OK.Header["Content-Type"], []byte(op.OK.Body), uint16(len(op.OK.Body)/2))
	}
	for _, body := range []string{
		"", " ", "null", "[]", "[null]", "{}", `""`, `"4711"`, "\"\\ud800\"", "\ufeff4711", "4711\r\n", "\xff", "\u00e9",
		`[{"status":"active"}`, `[{"status":"active"}] x`, `[{"status":7}]`, `[{"STATUS":"active"}]`, `[{"status":"a","status":"b"}]`,
		`[{"date":"2026-01-02T03:04:05.678Z"}]`, `[{"date":"2026-01-02T03:04+01:00"}]`, `[{"date":1}]`, "<html><body>4711</body></html>",
	} {
		for _, contentType := range []string{
			"application/json", "text/plain", "text/plain;charset=ISO-8859-1", "text/html", "", "application/problem+json; charset=utf-8", "text/plain; charset=utf-16",
		} {
			f.Add(contentType, []byte(body), uint16(3))
		}
	}
	f.Fuzz(func(t *testing.T, contentType string, body []byte, at uint16) {
		for _, text := range []string{string(body), testkit.Plant(body, at)} {
			resp := fixedResponse{header: http.Header{"Content-Type": {contentType}}, body: text}
			for _, op := range testkit.Operations() {
				resp.status = op.OK.Status
				value, err := op.Do(t.Context(), resp.client(t))
				checkSuccess(t, op, resp, value, err)
			}
		}
	})
}

// checkSuccess checks that a response with the status of a successful call becomes
// either an error or the value that it holds.
func checkSuccess(t *testing.T, op testkit.Operation, resp fixedResponse, value any, err error) {
	t.Helper()
	var e *passwords.Error
	if err != nil && (!errors.As(err, &e) || e.StatusCode != resp.status || !errors.Is(err, passwords.ErrUnexpectedResponse) ||
		errors.Is(err, passwords.ErrOutcomeUnknown) == (op.Method == http.MethodGet)) {
		t.Errorf("%s: got %v", op.ID, err)
	}
	wantNoMarker(t, err)
	switch value := value.(type) {
	case nil:
		if err != nil {
			t.Errorf("%s: got %v, and the operation has no response body", op.ID, err)
		}
	case passwords.Secret:
		wantValueOrError(t, op, !value.IsZero(), err)
		checkSecretBody(t, resp, value)
	case []passwords.PasswordStatusAndType:
		wantValueOrError(t, op, value != nil, err)
		checkListBody(t, resp, value)
	default: // a model or a list of them
		wantValueOrError(t, op, !reflect.ValueOf(value).IsNil(), err)
	}
}

// valueTypes are the media types of FuzzValue.
var valueTypes = []string{
	"text/plain", "text/plain;charset=UTF-8", "text/plain; charset=us-ascii", "text/plain; charset=ISO-8859-1",
	"application/json", "application/json; charset=iso-8859-1", "application/vnd.x+json", "text/html", "text/plain; charset=utf-16",
}

// FuzzValue checks that a generated value is what other decoders find in the body,
// that it is text and no page, and that it is accepted as text and as JSON alike.
func FuzzValue(f *testing.F) {
	for i := range valueTypes {
		for _, body := range []string{
			"4711", " a\r\n", `"4711"`, ` "a\u00e9\"\/\n" `, "\xe9", "\"\xe9\"", "é", "", `""`, "null", "\"a\"\v", `"\ud800"`, "\ufeffa", `"\ufeffa"`, "a\x00", `"\u007f"`,
			"<html>", " <!DOCTYPE html>", `"\u003chtml\u003e"`, "<htmx>", "<3", `"a""b"`, "a\u0085", "\xff",
			"<?xml ?>", "<!-- -->", "<Body class=a>", "<h1", "<p>a</p>", "a\u200b", `"\u202e"`, "\u3164", "a\ufe0f", "\u00a0<html>", "\ufffd", "\U000e0041",
			" ", "<p>a b", `{"a":1}`, `{"\"":{}}`, "{}", "{a",
		} {
			f.Add(uint8(i), []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, media uint8, body []byte) {
		resp := fixedResponse{header: http.Header{"Content-Type": {valueTypes[int(media)%len(valueTypes)]}}, body: string(body)}
		value, err := response.Value(response.Response{Status: http.StatusOK, Header: resp.header, Body: body})
		if (err == nil) != (value != "") || err != nil && !errors.Is(err, response.ErrUnexpected) {
			t.Fatalf("got a value of %d bytes and %v", len(value), err)
		}
		checkSecretBody(t, resp, passwords.NewSecret(value))
		if err != nil {
			return
		}
		if !utf8.ValidString(value) || strings.ContainsFunc(value, isNoText) || isPage(value) {
			t.Error("a page, or a value that is no text, was accepted")
		}
		quoted, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		for contentType, body := range map[string][]byte{"text/plain": []byte(value), "application/json": quoted} {
			again, err := response.Value(response.Response{Status: http.StatusOK, Header: http.Header{"Content-Type": {contentType}}, Body: body})
			if err != nil || again != value {
				t.Errorf("a value is not accepted as %s: %v", contentType, err)
			}
		}
	})
}

// isNoText is a second implementation of the rule for characters.
func isNoText(r rune) bool {
	switch {
	case r == ' ', r == '\t', r == '\n', r == '\r':
		return false
	case r == 0x034f, 0x115f <= r && r <= 0x1160, 0x17b4 <= r && r <= 0x17b5, 0x180b <= r && r <= 0x180f, r == 0x3164, r == 0xffa0, r == 0xfffd,
		0xfe00 <= r && r <= 0xfe0f, 0xe0000 <= r && r <= 0xe0fff:
		return true // fillers and variation selectors, of several categories
	}
	return !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S)
}

// isPage is a second implementation of the rule for what begins a page, and for what a
// proxy sends as JSON.
func isPage(value string) bool {
	if strings.TrimSpace(value) == "" || json.Unmarshal([]byte(value), new(map[string]any)) == nil && strings.Contains(value, "{") {
		return true
	}
	text, isMarkup := strings.CutPrefix(strings.ToLower(strings.TrimLeft(value, " \t\n\r")), "<")
	for _, beginning := range []string{"?xml", "!doctype", "!--"} {
		if strings.HasPrefix(text, beginning) {
			return isMarkup
		}
	}
	name := text
	if end := strings.IndexAny(text, " \t\n\r/>"); end >= 0 {
		name = text[:end]
	}
	return isMarkup && slices.Contains([]string{"html", "head", "body", "title", "meta", "link", "script", "style", "h1", "h2", "h3", "h4", "h5", "h6"}, name)
}

// fixedResponse is a transport that returns the same response to each request.
type fixedResponse struct {
	status int
	header http.Header
	body   string
}

func (r fixedResponse) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: r.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: r.header.Clone(), ContentLength: -1,
		Body: io.NopCloser(strings.NewReader(r.body)), Request: req,
	}, nil
}

// client returns a client that receives this response.
func (r fixedResponse) client(t *testing.T) *passwords.Client {
	t.Helper()
	return testkit.NewClient(t, "https://cyclos.example.org/api",
		passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithHTTPClient(&http.Client{Transport: r}))
}

// wantNoMarker checks that the error shows nothing of the response, however it is
// printed.
func wantNoMarker(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	texts := []string{fmt.Sprintf("%v %+v %#v %q", err, err, err, err)}
	if marshaler, ok := err.(encoding.TextMarshaler); ok {
		text, err := marshaler.MarshalText()
		texts = append(texts, string(text), fmt.Sprint(err))
	}
	if strings.Contains(strings.Join(texts, " "), testkit.Marker) {
		t.Error("the error shows the body or the Location")
	}
}

func wantValueOrError(t *testing.T, op testkit.Operation, isValue bool, err error) {
	t.Helper()
	if isValue == (err != nil) {
		t.Errorf("%s: returned a value: %t, error: %v", op.ID, isValue, err)
	}
}

// read returns the media type and the text of the response, or two empty strings
// if a client must reject either.
func (r fixedResponse) read() (mediaType, text string) {
	mediaType, params, err := mime.ParseMediaType(r.header.Get("Content-Type"))
	if err != nil {
		return "", ""
	}
	text = r.body
	switch charset := params["charset"]; {
	case strings.EqualFold(charset, "iso-8859-1"):
		var utf8Text strings.Builder
		for i := range len(text) {
			utf8Text.WriteRune(rune(text[i]))
		}
		text = utf8Text.String()
	case strings.EqualFold(charset, "us-ascii"):
		if strings.ContainsFunc(text, func(r rune) bool { return r > 0x7f }) {
			return "", ""
		}
	case charset != "" && !strings.EqualFold(charset, "utf-8"):
		return "", ""
	}
	if !utf8.ValidString(text) {
		return "", ""
	}
	return mediaType, text
}

func isJSON(mediaType string) bool {
	return mediaType == "application/json" || strings.HasSuffix(mediaType, "+json")
}

var (
	plainType  = regexp.MustCompile(`(?i)^text/plain(; ?charset=utf-8)?$`)
	plainValue = regexp.MustCompile(`^[!-;=-z|-~][ -~]*$`)
)

// checkSecretBody checks that a generated value is accepted only if it is
// unambiguous, and that a plain one is never rejected.
func checkSecretBody(t *testing.T, resp fixedResponse, got passwords.Secret) {
	t.Helper()
	if got.IsZero() {
		if plainType.MatchString(resp.header.Get("Content-Type")) && plainValue.MatchString(resp.body) {
			t.Errorf("a plain value of %d bytes was rejected", len(resp.body))
		}
		return
	}
	mediaType, want := resp.read()
	if isJSON(mediaType) {
		text := []byte(want)
		if err := json.Unmarshal(text, &want); err != nil {
			t.Errorf("JSON of %d bytes was accepted, but encoding/json rejects it", len(text))
		}
	} else if mediaType != "text/plain" {
		t.Error("a generated value was accepted from another media type")
	}
	if got.Reveal() != want || strings.HasPrefix(want, "\ufeff") {
		t.Errorf("a generated value of %d bytes was returned, want %d", len(got.Reveal()), len(want))
	}
}

// checkListBody compares an accepted list with what encoding/json decodes. It
// decodes into maps, because encoding/json ignores the case of struct fields.
func checkListBody(t *testing.T, resp fixedResponse, got []passwords.PasswordStatusAndType) {
	t.Helper()
	if got == nil {
		return
	}
	mediaType, text := resp.read()
	var want []map[string]any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber() // ignored properties may hold numbers of any size
	if err := decoder.Decode(&want); !isJSON(mediaType) || err != nil || len(got) != len(want) {
		t.Fatalf("a list of %d for %d bytes, encoding/json decodes %d: %t", len(got), len(text), len(want), err == nil)
	}
	if _, err := decoder.Token(); err != io.EOF {
		t.Error("there is data after the list")
	}
	for i, entry := range want {
		status, _ := entry["status"].(string)
		typ, isObject := entry["type"].(map[string]any)
		if string(got[i].Status) != status || (got[i].Type != nil) != isObject {
			t.Errorf("entry %d differs from what encoding/json decodes", i)
		}
		if name, _ := typ["internalName"].(string); isObject && got[i].Type.InternalName != name {
			t.Errorf("the type of entry %d differs from what encoding/json decodes", i)
		}
		if date, _ := entry["date"].(string); (date == "") != got[i].Date.IsZero() && !strings.HasPrefix(date, "0001-") {
			t.Errorf("the date of entry %d is missing or invented", i)
		}
	}
}

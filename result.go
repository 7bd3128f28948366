package passwords

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/cyclos-go/passwords/internal/decode"
)

const byteOrderMark = "\ufeff"

// result is what an operation promises when it succeeds.
type result[T any] struct {
	accept string
	status int
	decode func(answer) (T, error)
}

const acceptJSON = "application/json"

// The results of the operations.
var (
	passwordList = result[[]PasswordStatusAndType]{acceptJSON, http.StatusOK,
		decodeJSON(func(r *decode.Reader, list *[]PasswordStatusAndType) error {
			return decode.List(r, list, (*decode.Reader).PasswordStatusAndType)
		})}
	passwordsListData = result[*DataForUserPasswords]{acceptJSON, http.StatusOK, decodeObject((*decode.Reader).DataForUserPasswords)}
	passwordData      = result[*PasswordStatusAndActions]{acceptJSON, http.StatusOK, decodeObject((*decode.Reader).PasswordStatusAndActions)}
	nothing           = result[struct{}]{acceptJSON, http.StatusNoContent, func(answer) (none struct{}, err error) { return }}
	// Text is what all versions send. JSON is for errors, and for servers up to
	// 4.11, which offer both.
	generatedValue = result[Secret]{"text/plain, application/json;q=0.5", http.StatusOK, decodeSecret}
)

func decodeObject[T any](read func(*decode.Reader, *T) error) func(answer) (*T, error) {
	return decodeJSON(func(r *decode.Reader, object **T) error {
		*object = new(T)
		return read(r, *object)
	})
}

func decodeJSON[T any](read func(*decode.Reader, *T) error) func(answer) (T, error) {
	return func(a answer) (T, error) {
		var value, none T
		mediaType, text, err := a.text()
		if err != nil {
			return none, err
		}
		if !isJSON(mediaType) {
			return none, unexpectedResponse("the media type is not JSON")
		}
		if err := decode.Unmarshal(text, &value, read); err != nil {
			return none, unexpectedResponse(jsonProblem(err))
		}
		return value, nil
	}
}

// decodeSecret returns the body as it is: white space may be part of the value.
func decodeSecret(a answer) (Secret, error) {
	mediaType, body, err := a.text()
	if err != nil {
		return Secret{}, err
	}
	value := string(body)
	switch {
	case mediaType == "text/plain":
	case isJSON(mediaType):
		// Not by a decoder: those of the JSON package are pooled and keep strings.
		unquoted, err := jsontext.AppendUnquote(nil, bytes.TrimSpace(body))
		if err != nil {
			return Secret{}, unexpectedResponse("the generated value is no JSON string")
		}
		value = string(unquoted)
	default:
		return Secret{}, unexpectedResponse("the media type is neither text/plain nor JSON")
	}
	switch {
	case value == "" || strings.HasPrefix(value, byteOrderMark):
		return Secret{}, unexpectedResponse("the generated value is empty or begins with a byte order mark")
	case strings.ContainsFunc(value, noText):
		return Secret{}, unexpectedResponse("the generated value holds a control character")
	case strings.HasPrefix(strings.TrimSpace(value), "<") && htmlPage.MatchString(value):
		return Secret{}, unexpectedResponse("the generated value is an HTML page")
	}
	return NewSecret(value), nil
}

// noText reports whether r is a control that no text has: the bytes were
// compressed, or are in another charset than they claim.
func noText(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\t\n\r", r) }

// htmlPage matches what a proxy puts in place of the answer, under whatever
// media type.
var htmlPage = regexp.MustCompile(`(?i)^\s*<(!doctype\s+)?html\b`)

func isJSON(mediaType string) bool {
	return mediaType == "application/json" || strings.HasSuffix(mediaType, "+json")
}

// text returns the media type and the body in UTF-8.
func (a answer) text() (mediaType string, body []byte, err error) {
	mediaType, charset, err := contentType(a.header.Values("Content-Type"))
	if err != nil {
		return "", nil, err
	}
	if slices.ContainsFunc(a.header.Values("Content-Encoding"), encodes) {
		return "", nil, unexpectedResponse("the content is encoded in a way that was not asked for")
	}
	body = a.body
	switch charset {
	case "utf-8":
	case "us-ascii":
		if bytes.ContainsFunc(body, func(r rune) bool { return r >= utf8.RuneSelf }) {
			return "", nil, unexpectedResponse("the text is not what its charset says")
		}
	case "iso-8859-1":
		latin1 := make([]rune, len(body))
		for i, b := range body {
			latin1[i] = rune(b)
		}
		body = []byte(string(latin1))
	default:
		return "", nil, unexpectedResponse("the charset is not supported")
	}
	if !utf8.Valid(body) {
		return "", nil, unexpectedResponse("the text is not valid UTF-8")
	}
	return mediaType, body, nil
}

// contentType returns the media type and the charset, utf-8 if there is none, in
// lower case.
func contentType(values []string) (mediaType, charset string, err error) {
	if len(values) == 0 || slices.ContainsFunc(values, func(v string) bool { return v != values[0] }) {
		return "", "", unexpectedResponse("the media type is missing or ambiguous")
	}
	switch values[0] { // what servers send takes no parser
	case "application/json", "application/json;charset=UTF-8":
		return "application/json", "utf-8", nil
	case "text/plain", "text/plain;charset=UTF-8":
		return "text/plain", "utf-8", nil
	}
	mediaType, params, err := mime.ParseMediaType(values[0])
	if err != nil {
		return "", "", unexpectedResponse("the media type is missing or malformed")
	}
	charset, ok := params["charset"]
	if !ok {
		charset = "utf-8"
	}
	return mediaType, strings.ToLower(charset), nil
}

// encodes reports whether a value of Content-Encoding stands for a change of the
// body that net/http has not undone.
func encodes(encoding string) bool { return encoding != "" && !strings.EqualFold(encoding, "identity") }

// jsonProblem says what is wrong without what the JSON holds.
func jsonProblem(err error) string {
	if mistyped, ok := errors.AsType[*decode.TypeError](err); ok {
		return fmt.Sprintf("the JSON behind byte %d is no %s", mistyped.Offset, mistyped.Want)
	}
	if malformed, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return fmt.Sprintf("the JSON is malformed at byte %d", malformed.ByteOffset)
	}
	return "the JSON is malformed"
}

package response

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cyclos-go/passwords/internal/decode"
)

const byteOrderMark = "\ufeff"

// JSON decodes the body with the function read.
func JSON[T any](r Response, read func(*decode.Reader, *T) error) (T, error) {
	var value, none T
	mediaType, text, err := r.text()
	if err != nil {
		return none, err
	}
	if !isJSON(mediaType) {
		return none, Unexpected("the media type is not JSON")
	}
	if err := decode.Unmarshal(text, &value, read); err != nil {
		return none, Unexpected(jsonProblem(err))
	}
	return value, nil
}

// jsonProblem returns what is wrong with the JSON without quoting it.
func jsonProblem(err error) string {
	if mistyped, ok := errors.AsType[*decode.TypeError](err); ok {
		return fmt.Sprintf("the JSON after byte %d is not of type %s", mistyped.Offset, mistyped.Want)
	}
	if malformed, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return fmt.Sprintf("the JSON is malformed at byte %d", malformed.ByteOffset)
	}
	return "the JSON is malformed"
}

// Value returns the body as a generated value, unchanged: white space may be part
// of it.
func Value(r Response) (string, error) {
	mediaType, body, err := r.text()
	if err != nil {
		return "", err
	}
	value := string(body)
	switch {
	case mediaType == "text/plain":
	case isJSON(mediaType):
		// A decoder of the JSON package would keep the value in its pooled buffers.
		unquoted, err := jsontext.AppendUnquote(nil, bytes.TrimSpace(body))
		if err != nil {
			return "", Unexpected("the generated value is not a JSON string")
		}
		value = string(unquoted)
	default:
		return "", Unexpected("the media type is neither text/plain nor JSON")
	}
	switch {
	case value == "" || strings.HasPrefix(value, byteOrderMark):
		return "", Unexpected("the generated value is empty or begins with a byte order mark")
	case strings.ContainsFunc(value, isNotText):
		return "", Unexpected("the generated value contains a control character")
	case strings.HasPrefix(strings.TrimSpace(value), "<") && htmlPage.MatchString(value):
		return "", Unexpected("the generated value is an HTML page")
	}
	return value, nil
}

// isNotText reports whether c is a control character that never occurs in text:
// the body is compressed, or in another charset than its header says.
func isNotText(c rune) bool { return unicode.IsControl(c) && !strings.ContainsRune("\t\n\r", c) }

// htmlPage matches the page by which a proxy replaces the response, whatever its
// media type says.
var htmlPage = regexp.MustCompile(`(?i)^\s*<(!doctype\s+)?html\b`)

// Object is the JSON object of an error response; nil if there is none.
type Object []byte

// Object returns the JSON object of an error response.
func (r Response) Object() Object {
	text := r.Body
	if _, decoded, err := r.text(); err == nil {
		text = decoded
	}
	text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte(byteOrderMark)))
	if !bytes.HasPrefix(text, []byte("{")) {
		return nil
	}
	return text
}

// As decodes the object into a T, and returns nil if that fails. It is lenient:
// half an error says more than none.
func As[T any](o Object) *T {
	body := new(T)
	if json.Unmarshal(o, body, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) != nil {
		return nil
	}
	return body
}

// Code returns the code of the object, even if other properties cannot be decoded.
func (o Object) Code() string {
	body := As[struct {
		Code string `json:"code"`
	}](o)
	if body == nil {
		return ""
	}
	return body.Code
}

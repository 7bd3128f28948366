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

// JSON returns the value that a body holds.
func JSON[T any](a Response, read func(*decode.Reader, *T) error) (T, error) {
	var value, none T
	mediaType, text, err := a.text()
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

// Value returns the generated value that a body is, as it is: white space may be
// part of it.
func Value(a Response) (string, error) {
	mediaType, body, err := a.text()
	if err != nil {
		return "", err
	}
	value := string(body)
	switch {
	case mediaType == "text/plain":
	case isJSON(mediaType):
		// Not by a decoder: those of the JSON package are pooled and keep strings.
		unquoted, err := jsontext.AppendUnquote(nil, bytes.TrimSpace(body))
		if err != nil {
			return "", Unexpected("the generated value is no JSON string")
		}
		value = string(unquoted)
	default:
		return "", Unexpected("the media type is neither text/plain nor JSON")
	}
	switch {
	case value == "" || strings.HasPrefix(value, byteOrderMark):
		return "", Unexpected("the generated value is empty or begins with a byte order mark")
	case strings.ContainsFunc(value, noText):
		return "", Unexpected("the generated value holds a control character")
	case strings.HasPrefix(strings.TrimSpace(value), "<") && htmlPage.MatchString(value):
		return "", Unexpected("the generated value is an HTML page")
	}
	return value, nil
}

// noText reports whether r is a control that no text has: the bytes were
// compressed, or are in another charset than they claim.
func noText(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\t\n\r", r) }

// htmlPage matches what a proxy puts in place of the answer, under whatever
// media type.
var htmlPage = regexp.MustCompile(`(?i)^\s*<(!doctype\s+)?html\b`)

// Object is the JSON object of an error, nil if there is none.
type Object []byte

// Object returns the JSON object of an error.
func (a Response) Object() Object {
	text := a.Body
	if _, decoded, err := a.text(); err == nil {
		text = decoded
	}
	text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte(byteOrderMark)))
	if !bytes.HasPrefix(text, []byte("{")) {
		return nil
	}
	return text
}

// As returns the object as a T, nil if it is none. It reads generously: half an
// error tells more than none.
func As[T any](o Object) *T {
	body := new(T)
	if json.Unmarshal(o, body, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) != nil {
		return nil
	}
	return body
}

// Code returns the code of the object, whatever else there is.
func (o Object) Code() string {
	body := As[struct {
		Code string `json:"code"`
	}](o)
	if body == nil {
		return ""
	}
	return body.Code
}

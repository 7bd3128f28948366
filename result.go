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

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

const byteOrderMark = "\ufeff"

// result is what an operation promises when it succeeds.
type result[T any] struct {
	accept string
	status int
	decode func(*answer) (T, error)
}

func jsonResult[T any]() result[T] {
	return result[T]{"application/json", http.StatusOK, decodeJSON[T]}
}

func noResult() result[struct{}] {
	return result[struct{}]{"application/json", http.StatusNoContent, func(*answer) (none struct{}, err error) { return }}
}

// secretResult prefers text, which all versions send. JSON is for errors, and
// for servers up to 4.11, which offer both.
func secretResult() result[Secret] {
	return result[Secret]{"text/plain, application/json;q=0.5", http.StatusOK, decodeSecret}
}

// strictModels refuses null where a list has an object: it would be taken for an
// object without properties.
var strictModels = json.WithUnmarshalers(json.JoinUnmarshalers(
	dateUnmarshaler,
	json.UnmarshalFromFunc(refuseNull[PasswordStatusAndType]),
	json.UnmarshalFromFunc(refuseNull[PasswordStatusAndActions]),
	json.UnmarshalFromFunc(refuseNull[PasswordLog]),
))

var errNull = errors.New("null")

func refuseNull[T any](dec *jsontext.Decoder, _ *T) error {
	if dec.PeekKind() == 'n' {
		return errNull
	}
	return errors.ErrUnsupported
}

func decodeJSON[T any](a *answer) (value T, err error) {
	mediaType, body, err := a.text()
	if err != nil {
		return value, err
	}
	if !isJSON(mediaType) {
		return value, unexpectedResponse("the media type is not JSON")
	}
	if bytes.Equal(bytes.TrimSpace(body), []byte("null")) {
		return value, unexpectedResponse("the JSON is null")
	}
	if err := json.Unmarshal(body, &value, strictModels); err != nil {
		var none T
		return none, unexpectedResponse(jsonProblem(err))
	}
	return value, nil
}

// decodeSecret returns the body as it is: white space may be part of the value.
func decodeSecret(a *answer) (Secret, error) {
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
	case htmlPage.MatchString(value):
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
func (a *answer) text() (mediaType string, body []byte, err error) {
	mediaTypes := slices.Compact(slices.Clone(a.header.Values("Content-Type")))
	if len(mediaTypes) != 1 {
		return "", nil, unexpectedResponse("the media type is missing or ambiguous")
	}
	mediaType, params, err := mime.ParseMediaType(mediaTypes[0])
	if err != nil {
		return "", nil, unexpectedResponse("the media type is missing or malformed")
	}
	if slices.ContainsFunc(a.header.Values("Content-Encoding"), encodes) {
		return "", nil, unexpectedResponse("the content is encoded in a way that was not asked for")
	}
	charset, ok := params["charset"]
	if !ok {
		charset = "utf-8"
	}
	body = a.body
	switch strings.ToLower(charset) {
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

// encodes reports whether a value of Content-Encoding stands for a change of the
// body that net/http has not undone.
func encodes(encoding string) bool { return encoding != "" && !strings.EqualFold(encoding, "identity") }

// jsonProblem says what is wrong without what the JSON holds.
func jsonProblem(err error) string {
	var semantic *json.SemanticError
	if errors.As(err, &semantic) && semantic.GoType != nil {
		return fmt.Sprintf("the JSON at byte %d is no %s", semantic.ByteOffset, semantic.GoType)
	}
	var syntactic *jsontext.SyntacticError
	if errors.As(err, &syntactic) {
		return fmt.Sprintf("the JSON is malformed at byte %d", syntactic.ByteOffset)
	}
	return "the JSON is malformed"
}

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

// JSON decodes the body with the function read. A partial result may have no
// properties.
func JSON[T any](r Response, partial bool, read func(*decode.Reader, *T) error) (T, error) {
	var value, none T
	mediaType, text, err := r.text()
	if err != nil {
		return none, err
	}
	if !isJSON(mediaType) {
		return none, Unexpected("the media type is not JSON")
	}
	if err := decode.Unmarshal(text, &value, partial, read); err != nil {
		return none, Unexpected(jsonProblem(err))
	}
	return value, nil
}

// jsonProblem returns what is wrong with the JSON without quoting it.
func jsonProblem(err error) string {
	if mistyped, ok := errors.AsType[*decode.TypeError](err); ok {
		return fmt.Sprintf("the JSON after byte %d is not of type %s", mistyped.Offset, mistyped.Want)
	}
	if errors.Is(err, decode.ErrForeign) {
		return decode.ErrForeign.Error()
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
		unquoted, err := jsontext.AppendUnquote(nil, bytes.Trim(body, " \t\r\n"))
		if err != nil {
			return "", Unexpected("the generated value is not a JSON string")
		}
		value = string(unquoted)
	default:
		return "", Unexpected("the media type is neither text/plain nor JSON")
	}
	switch {
	case strings.TrimSpace(value) == "" || strings.HasPrefix(value, byteOrderMark):
		return "", Unexpected("the generated value is empty, only white space, or begins with a byte order mark")
	case strings.ContainsFunc(value, isInvisible):
		return "", Unexpected("the generated value contains a control character or an invisible one")
	case page.MatchString(value) || object.MatchString(value):
		return "", Unexpected("the generated value is an HTML page, XML or a JSON object")
	}
	return value, nil
}

// NoPage returns an error for the page by which a proxy replaces a response without a
// body that matters.
func NoPage(r Response) error {
	if page.Match(r.Body) {
		return Unexpected("the response is an HTML page")
	}
	return nil
}

// isInvisible reports whether no password type can have c: the body is compressed, or
// in another charset than its header says, or people could not type what they see.
func isInvisible(c rune) bool {
	if unicode.IsPrint(c) {
		const blank = '\u2800' // of Braille
		return c == unicode.ReplacementChar || c == blank || unicode.In(c, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
	}
	return !strings.ContainsRune("\t\n\r", c)
}

// page matches the markup by which a proxy replaces the response, whatever its media
// type says: what begins a page, an element up to its end tag, or a tag with several
// words, since generated values have no white space inside. A value such as "<3abc" or
// "<html5>" is no markup.
var page = regexp.MustCompile(`(?is)^\s*<(\?xml|!doctype|!--|(html|head|body|title|meta|link|script|style|h[1-6])([\s/>]|$)|[a-z][^<>]*>.*</[a-z][^<>]*>\s*$|[a-z]\S*\s+\S)`)

// object matches a JSON object, which a proxy may call text.
var object = regexp.MustCompile(`(?s)^\s*\{\s*("([^"\\]|\\.)*"\s*:.*)?\}\s*$`)

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
// half an error says more than none. Null in a list of strings is dropped.
func As[T any](o Object) *T {
	body := new(T)
	if json.Unmarshal(o, body, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true), withoutNull) != nil {
		return nil
	}
	return body
}

// withoutNull decodes lists of strings. Null in them would become "".
var withoutNull = json.WithUnmarshalers(json.UnmarshalFromFunc(func(dec *jsontext.Decoder, list *[]string) error {
	if dec.PeekKind() != '[' {
		return errors.ErrUnsupported
	}
	_, err := dec.ReadToken()
	for err == nil && dec.PeekKind() != ']' {
		if dec.PeekKind() == 'n' {
			err = dec.SkipValue()
			continue
		}
		*list = append(*list, "")
		err = json.UnmarshalDecode(dec, &(*list)[len(*list)-1])
	}
	if err == nil {
		_, err = dec.ReadToken()
	}
	return err
}))

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

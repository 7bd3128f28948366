package decode_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/decode"
)

// reflecting decodes by reflection, by the rules of package decode.
var reflecting = json.WithUnmarshalers(json.JoinUnmarshalers(
	json.UnmarshalFromFunc(func(dec *jsontext.Decoder, date *time.Time) error {
		token, err := dec.ReadToken()
		if err != nil || token.Kind() == 'n' {
			return err
		}
		ok := token.Kind() == '"'
		if ok {
			*date, ok = decode.Date([]byte(token.String()))
		}
		if !ok {
			return errors.New("not a date")
		}
		return nil
	}),
	json.UnmarshalFromFunc(func(dec *jsontext.Decoder, v any) error {
		object := reflect.TypeOf(v).Elem().Kind() == reflect.Struct
		inList, _ := dec.StackIndex(dec.StackDepth())
		if (object || inList == '[') && dec.PeekKind() == 'n' {
			return errors.New("null for an object or in a list")
		}
		return errors.ErrUnsupported
	}),
))

func list(r *decode.Reader, into *[]gen.PasswordStatusAndType) error {
	return decode.List(r, into, (*decode.Reader).PasswordStatusAndType)
}

// longestFuzzed is the length in bytes of the inputs of FuzzUnmarshal. The fuzzer
// minimizes an input in time quadratic to its length: of one with 3,000 bytes, nothing
// else is tried for a minute.
const longestFuzzed = 160

// FuzzUnmarshal compares with decoding by reflection. TestUnmarshalAgreesWithReflection
// has the longer documents.
func FuzzUnmarshal(f *testing.F) {
	texts := documents(f)
	for _, model := range models {
		for _, one := range single(filled(model, 0)) {
			text, err := json.Marshal(one)
			if err != nil {
				f.Fatal(err)
			}
			texts = append(texts, text)
		}
	}
	for _, text := range texts {
		if len(text) <= longestFuzzed {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) <= longestFuzzed {
			allAgree(t, text)
		}
	})
}

func allAgree(t *testing.T, text []byte) {
	t.Helper()
	agree(t, text, (*decode.Reader).DataForUserPasswords)
	agree(t, text, (*decode.Reader).PasswordStatusAndActions)
	if strings.TrimSpace(string(text)) != "null" { // List accepts it, Unmarshal does not
		agree(t, text, list)
	}
}

func agree[T any](t *testing.T, text []byte, read func(*decode.Reader, *T) error) {
	t.Helper()
	var got, want T
	err, wantErr := decode.Unmarshal(text, &got, false, read), json.Unmarshal(text, &want, reflecting)
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("%T: got %v, by reflection %v", got, err, wantErr)
	}
	if err == nil && !reflect.DeepEqual(got, want) {
		t.Fatalf("%T: the values differ", got)
	}
	mistyped, malformed := &decode.TypeError{}, &jsontext.SyntacticError{}
	if err != nil && !errors.As(err, &mistyped) && !errors.As(err, &malformed) {
		t.Fatalf("%T: got %T", got, err)
	}
}

var firstOfName = regexp.MustCompile(`"[A-Za-z]+":`)

// models are the types that are decoded.
var models = []reflect.Type{
	reflect.TypeFor[gen.DataForUserPasswords](), reflect.TypeFor[gen.PasswordStatusAndActions](), reflect.TypeFor[[]gen.PasswordStatusAndType](),
}

// single returns a document for each property that value has, with no other in the
// same object.
func single(value any) []any {
	var all []any
	switch value := value.(type) {
	case map[string]any:
		for name, inner := range value {
			for _, one := range single(inner) {
				all = append(all, map[string]any{name: one})
			}
		}
	case []any:
		for _, one := range single(value[0]) {
			all = append(all, []any{one})
		}
	default:
		all = append(all, value)
	}
	return all
}

// documents returns documents with every property of the models, and documents that
// a server may send instead.
func documents(t testing.TB) [][]byte {
	t.Helper()
	all := [][]byte{}
	for _, model := range models {
		text, err := json.Marshal(filled(model, 0))
		if err != nil {
			t.Fatal(err)
		}
		// Escaped names, an unknown property in each object, and no name in one of them.
		all = append(all, text, firstOfName.ReplaceAllFunc(text, func(quoted []byte) []byte {
			return fmt.Appendf(nil, `"\u%04x%s`, quoted[1], quoted[2:])
		}), bytes.ReplaceAll(text, []byte("{"), []byte(`{"unknown":[{}],`)))
		for i := range text {
			if text[i] == '{' {
				all = append(all, append(bytes.Clone(text[:i+1]), '7'))
			}
		}
		for _, other := range []string{"null", "1", "1.5", "-0", `"a"`, `"é\n"`, "true", "[]", "{}", "[null]", "[[null]]", "[1]", `[{"id":null}]`} {
			for _, value := range []string{`"text"`, "7", "true", `"2026-01-02T03:04:05.678+02:00"`, `["text"]`, `[["text"]]`} {
				all = append(all, []byte(strings.ReplaceAll(string(text), value, other)))
			}
		}
	}
	for _, text := range []string{
		"", " ", "null", "[", "[]", "[null]", "{", "{}", "[{}]", "[{]", "[{},]", "{}{}", "[] x", "\xff", "\ufeff[]", `[{"status":"\ud800"}]`,
		`[{"status":"a","status":"b"}]`, `[{"st\u0061tus":"a"}]`, `[{"st\u0061tus":"a","status":"b"}]`, `[{"status\\":"a"}]`, `[{"STATUS":"a"}]`,
		`[{"unknown":{"a":[1,{}]}}]`, `[{"unknown":tru}]`, `[{"type":{"minLength":9223372036854775808}}]`, `[{"type":{"minLength":"1"}}]`,
		`[{"date":"2026-01-02T03:04:05,5+02"}]`, `[{"date":"2026-01-02T03\u003a04Z"}]`, `[{"date":""}]`, `[{"date":"\\"}]`,
		`{"history":[{"date":"2026-01-02T03:04:05"},null]}`, `{"passwords":[{"history":[{"by":null},{"by":{"user":{"image":{}}}}]}]}`,
	} {
		all = append(all, []byte(text))
	}
	return all
}

// filled returns a value of the type with every property set.
func filled(r reflect.Type, depth int) any {
	switch {
	case r == reflect.TypeFor[time.Time]():
		return "2026-01-02T03:04:05.678+02:00"
	case r.Kind() == reflect.String:
		return "text"
	case r.Kind() == reflect.Int:
		return 7
	case r.Kind() == reflect.Bool:
		return true
	case r.Kind() == reflect.Slice:
		return []any{filled(r.Elem(), depth)}
	case r.Kind() == reflect.Pointer:
		return filled(r.Elem(), depth)
	}
	object := map[string]any{}
	for i := range r.NumField() {
		field := r.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if depth < 3 || field.Type.Kind() != reflect.Pointer {
			object[name] = filled(field.Type, depth+1)
		}
	}
	return object
}

func TestUnmarshalAgreesWithReflection(t *testing.T) {
	t.Parallel()
	for _, text := range documents(t) {
		allAgree(t, text)
	}
}

// TestErrorsTellWhatIsWrong checks that errors quote nothing of the document.
func TestErrorsTellWhatIsWrong(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]decode.TypeError{
		`"leak-me"`:                           {Offset: 0, Want: "list"},
		`["leak-me"]`:                         {Offset: 1, Want: "object"},
		`[{"status":1}]`:                      {Offset: 12, Want: "string"},
		`[{"date":"leak-me"}]`:                {Offset: 18, Want: "date"},
		`[{"type":{"minLength":"leak-me"}}]`:  {Offset: 31, Want: "integer"},
		`[{"type":{"global":"leak-me"}}]`:     {Offset: 18, Want: "boolean"},
		`[{"type":{"internalName":["leak"]}}`: {Offset: 33, Want: "string"},
	} {
		var into []gen.PasswordStatusAndType
		err := decode.Unmarshal([]byte(text), &into, false, list)
		var got *decode.TypeError
		if !errors.As(err, &got) {
			t.Fatalf("%s: got %v", text, err)
		}
		if *got != want {
			t.Errorf("%s: got %+v, want %+v", text, *got, want)
		}
		if strings.Contains(err.Error(), "leak") {
			t.Errorf("%s: the error quotes the document", text)
		}
	}
}

// TestResultsHaveAKnownProperty, in a whole document and in a partial one.
func TestResultsHaveAKnownProperty(t *testing.T) {
	t.Parallel()
	read := decode.Result((*decode.Reader).PasswordStatusAndActions)
	for text, want := range map[string]struct{ whole, partial error }{
		`{"status":null}`:           {nil, nil},
		`{"x":{},"type":{"y":1}}`:   {nil, nil},
		`{"type":{}}`:               {nil, nil},
		`{}`:                        {decode.ErrForeign, nil},
		`{"x":1,"y":{"status":""}}`: {decode.ErrForeign, decode.ErrForeign},
	} {
		for partial, want := range map[bool]error{false: want.whole, true: want.partial} {
			var into gen.PasswordStatusAndActions
			if err := decode.Unmarshal([]byte(text), &into, partial, read); !errors.Is(err, want) {
				t.Errorf("%s: partial %t: got %v, want %v", text, partial, err, want)
			}
		}
	}
}

// TestSecretsAreNotShared: the strings that documents share live as long as the
// process. It is not parallel, because other tests fill the tables of all Readers.
func TestSecretsAreNotShared(t *testing.T) {
	runtime.GC() // twice, to empty the pool
	runtime.GC()
	const document = `{"totpSecret":{"status":"pending","secretUrl":"otpauth://totp/example"}}`
	var last gen.TOTPSecretData
	shared := 0
	for range 100 { // the pool does not always return the last Reader
		var got gen.DataForUserPasswords
		if err := decode.Unmarshal([]byte(document), &got, false, (*decode.Reader).DataForUserPasswords); err != nil {
			t.Fatal(err)
		}
		app := *got.TOTPSecret
		if unsafe.StringData(string(app.Status)) == unsafe.StringData(string(last.Status)) {
			shared++
		}
		if unsafe.StringData(app.SecretURL) == unsafe.StringData(last.SecretURL) {
			t.Fatal("two documents share a secret")
		}
		last = app
	}
	if shared == 0 {
		t.Error("no two documents share a status")
	}
}

// TestStringsAreThoseOfTheirOwnDocument decodes documents concurrently, with more
// strings than the table of a Reader holds.
func TestStringsAreThoseOfTheirOwnDocument(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a", "b", "c", "d"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var want []gen.PasswordStatusAndType
			for i := range 2000 {
				text := strings.Repeat(name, 1+i%200)
				want = append(want, gen.PasswordStatusAndType{Status: gen.PasswordStatusEnum(text), Type: &gen.PasswordTypeDetailed{Name: text + "!"}})
			}
			text, err := json.Marshal(want)
			if err != nil {
				t.Fatal(err)
			}
			for range 20 {
				var got []gen.PasswordStatusAndType
				if err := decode.Unmarshal(text, &got, false, list); err != nil || !reflect.DeepEqual(got, want) {
					t.Fatalf("the values differ, or decoding failed: %v", err)
				}
			}
		})
	}
}

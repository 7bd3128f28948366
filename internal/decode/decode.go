// Package decode decodes JSON into the models of package gen. Its functions are
// generated from the models: decoding by reflection takes about twice as long.
//
// It is lenient where servers differ: unknown properties are ignored, a property that
// is null counts as absent, and dates are accepted in all forms of [Date]. Names are
// case-sensitive. Duplicate names, invalid UTF-8, trailing data, null in a list and
// values of another type are errors. Errors never quote the document.
package decode

import (
	"errors"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// TypeError is the error for a value of another type than the model has.
type TypeError struct {
	Offset int64  // in bytes, of the end of the token before the value
	Want   string // such as "string"
}

func (e *TypeError) Error() string { return "the JSON value is not of type " + e.Want }

// Reader decodes the models of one document.
type Reader struct {
	dec *jsontext.Decoder
	// The number of properties of the object that ended last, and how many of them the
	// model lacks.
	properties, unknown int64
	partial             bool
	// Hash tables of strings, to allocate each only once: seen has the strings of this
	// document, such as the names in a history, and words the values of enumerations,
	// which are the same in all documents.
	seen  [256]string
	words [128]string
}

// readers keep only their words between documents.
var readers = sync.Pool{New: func() any { return new(Reader) }}

// Unmarshal decodes a document by one of the methods of Reader. A document that is
// null is an error. For partial, see [Result].
func Unmarshal[T any](text []byte, into *T, partial bool, read func(*Reader, *T) error) error {
	r := readers.Get().(*Reader)
	defer func() {
		clear(r.seen[:])
		readers.Put(r)
	}()
	r.partial = partial
	return json.Unmarshal(text, &document[T]{r, into, read})
}

// document is decoded by json.Unmarshal, whose decoders are pooled.
type document[T any] struct {
	r    *Reader
	into *T
	read func(*Reader, *T) error
}

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (d *document[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	d.r.dec = dec
	defer func() { d.r.dec = nil }()
	if dec.PeekKind() == 'n' {
		return d.r.not("object or list")
	}
	return d.read(d.r, d.into)
}

// begin reads the start of an object or list.
func (r *Reader) begin(kind jsontext.Kind) error {
	if got := r.dec.PeekKind(); got != kind && got != jsontext.KindInvalid {
		return r.not(map[jsontext.Kind]string{'{': "object", '[': "list"}[kind])
	}
	_, err := r.dec.ReadToken()
	return err
}

// more reports whether anything precedes the end of an object or list, including
// malformed JSON.
func (r *Reader) more(end jsontext.Kind) bool { return r.dec.PeekKind() != end }

// end reads the end of an object or list, or returns err if decoding it failed.
func (r *Reader) end(err error) error {
	if err == nil {
		_, err = r.dec.ReadToken()
	}
	return err
}

// endObject is end for an object, of whose properties the model lacks as many.
func (r *Reader) endObject(err error, unknown int64) error {
	_, length := r.dec.StackIndex(r.dec.StackDepth()) // of names and values
	r.properties, r.unknown = length/2, unknown
	return r.end(err)
}

// ErrForeign is the error of [Result].
var ErrForeign = errors.New("the JSON object has no property of the result")

// Result returns read with an error for an object that is no result: all its
// properties are unknown, or it has none and the document is not partial.
func Result[T any](read func(*Reader, *T) error) func(*Reader, *T) error {
	return func(r *Reader, into *T) error {
		if err := read(r, into); err != nil {
			return err
		}
		if r.unknown == r.properties && !(r.partial && r.properties == 0) {
			return ErrForeign
		}
		return nil
	}
}

// null reads the next value if it is null.
func (r *Reader) null() (bool, error) {
	if r.dec.PeekKind() != 'n' {
		return false, nil
	}
	_, err := r.dec.ReadToken()
	return true, err
}

func (r *Reader) not(want string) error { return &TypeError{r.dec.InputOffset(), want} }

// object decodes an object into a new T.
func object[T any](r *Reader, into **T, read func(*Reader, *T) error) error {
	if null, err := r.null(); null {
		return err
	}
	*into = new(T)
	return read(r, *into)
}

// List decodes a list of objects or of lists. Null in it is an error: it would become
// an object without properties.
func List[T any](r *Reader, into *[]T, read func(*Reader, *T) error) error {
	if null, err := r.null(); null {
		return err
	}
	all := []T{}
	err := r.begin('[')
	for err == nil && r.more(']') {
		if r.dec.PeekKind() == 'n' {
			return r.not("object or list")
		}
		if len(all) == 0 {
			all = make([]T, 0, 2)
		}
		all = append(all, *new(T))
		err = read(r, &all[len(all)-1])
	}
	*into = all
	return r.end(err)
}

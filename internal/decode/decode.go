// Package decode reads JSON into the models of package gen, by functions which
// are generated from these: reading by reflection takes about twice as long.
//
// It is generous where servers differ: unknown properties are ignored, null is
// read as absent, dates are read in all forms of [Date]. Names count in the case
// given. Duplicate names, invalid UTF-8, trailing data and values of another type
// are errors, which do not show what was read.
package decode

import (
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// TypeError stands for a value that is not of the type which the API has there.
type TypeError struct {
	Offset int64  // of the byte behind which it begins
	Want   string // "string", for example
}

func (e *TypeError) Error() string { return "the JSON holds no " + e.Want }

// Reader reads the models from one document.
type Reader struct {
	dec *jsontext.Decoder
	// By their hash: the strings of the document, as names in a history come again
	// and again, and the values of enumerations, as all documents have the same.
	seen  [256]string
	words [64]string
}

// readers are used again, but for the strings of their documents.
var readers = sync.Pool{New: func() any { return new(Reader) }}

// Unmarshal reads a document by one of the methods of Reader. It may not be null.
func Unmarshal[T any](text []byte, into *T, read func(*Reader, *T) error) error {
	r := readers.Get().(*Reader)
	defer func() {
		clear(r.seen[:])
		readers.Put(r)
	}()
	return json.Unmarshal(text, &document[T]{r, into, read})
}

// document gets at the decoders which the JSON package keeps for use again.
type document[T any] struct {
	r    *Reader
	into *T
	read func(*Reader, *T) error
}

// UnmarshalJSONFrom is called by the JSON package.
func (d *document[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	d.r.dec = dec
	defer func() { d.r.dec = nil }()
	if dec.PeekKind() == 'n' {
		return d.r.not("object or list")
	}
	return d.read(d.r, d.into)
}

// begin reads the begin of an object or list.
func (r *Reader) begin(kind jsontext.Kind) error {
	if got := r.dec.PeekKind(); got != kind && got != jsontext.KindInvalid {
		return r.not(map[jsontext.Kind]string{'{': "object", '[': "list"}[kind])
	}
	_, err := r.dec.ReadToken()
	return err
}

// more reports whether there is something before the end of an object or list,
// be it an error.
func (r *Reader) more(end jsontext.Kind) bool { return r.dec.PeekKind() != end }

// end reads the end of an object or list, unless reading it failed.
func (r *Reader) end(err error) error {
	if err == nil {
		_, err = r.dec.ReadToken()
	}
	return err
}

// null reads null, if that is next.
func (r *Reader) null() (bool, error) {
	if r.dec.PeekKind() != 'n' {
		return false, nil
	}
	_, err := r.dec.ReadToken()
	return true, err
}

func (r *Reader) not(want string) error { return &TypeError{r.dec.InputOffset(), want} }

// object reads an object into a new T.
func object[T any](r *Reader, into **T, read func(*Reader, *T) error) error {
	if null, err := r.null(); null {
		return err
	}
	*into = new(T)
	return read(r, *into)
}

// List reads a list of objects, or of lists. Null in the place of an object is an
// error: it would be taken for one without properties.
func List[T any](r *Reader, into *[]T, read func(*Reader, *T) error) error {
	if null, err := r.null(); null {
		return err
	}
	all := []T{}
	err := r.begin('[')
	for err == nil && r.more(']') {
		if len(all) == 0 {
			all = make([]T, 0, 2)
		}
		all = append(all, *new(T))
		err = read(r, &all[len(all)-1])
	}
	*into = all
	return r.end(err)
}

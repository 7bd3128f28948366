package decode

import (
	"bytes"
	"hash/maphash"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// unescape returns a quoted string without its escapes, and false if there are none
// to remove.
func unescape(value jsontext.Value) (jsontext.Value, bool) {
	if bytes.IndexByte(value, '\\') < 0 {
		return nil, false
	}
	plain, err := jsontext.AppendUnquote([]byte{'"'}, value)
	return append(plain, '"'), err == nil && bytes.IndexByte(plain, '\\') < 0
}

// word decodes a value of an enumeration.
func word[T ~string](r *Reader, into *T) error { return known(r, r.words[:], into) }

// text decodes any other string.
func text[T ~string](r *Reader, into *T) error { return known(r, r.seen[:], into) }

// longest is the length in bytes of the longest string in a table.
const longest = 128

// secret decodes a string that must not stay in memory shared with other documents.
func secret[T ~string](r *Reader, into *T) error { return known(r, nil, into) }

// known decodes a string by a table.
func known[T ~string](r *Reader, table []string, into *T) error {
	value, err := r.dec.ReadValue()
	switch {
	case err != nil || value.Kind() == 'n':
		return err
	case value.Kind() != '"':
		return r.not("string")
	case bytes.IndexByte(value, '\\') >= 0:
		unquoted, err := jsontext.AppendUnquote(nil, value)
		*into = T(unquoted)
		return err
	}
	*into = T(intern(table, value[1:len(value)-1]))
	return nil
}

// intern returns content as a string, from the table if possible. It adds the string
// to the table if there is room.
func intern(table []string, content []byte) string {
	if len(table) == 0 || len(content) == 0 || len(content) > longest {
		return string(content)
	}
	hash := maphash.Bytes(seed, content)
	for i := range uint64(8) { // so many that a word finds room in nearly every process
		at := &table[(hash+i)%uint64(len(table))]
		if *at == "" {
			*at = string(content)
		}
		if *at == string(content) {
			return *at
		}
	}
	return string(content)
}

// seed differs between processes.
var seed = maphash.MakeSeed()

// texts decodes a list of strings. Null in it is an error: it would become "".
func texts[T ~string](r *Reader, into *[]T) error {
	if null, err := r.null(); null {
		return err
	}
	all := []T{}
	err := r.begin('[')
	for err == nil && r.more(']') {
		if r.dec.PeekKind() == 'n' {
			return r.not("string")
		}
		all = append(all, "")
		err = text(r, &all[len(all)-1])
	}
	*into = all
	return r.end(err)
}

func (r *Reader) boolean(into *bool) error {
	switch r.dec.PeekKind() {
	case 't', 'f', 'n', jsontext.KindInvalid:
		token, err := r.dec.ReadToken()
		*into = token.Kind() == 't'
		return err
	}
	return r.not("boolean")
}

func (r *Reader) integer(into *int) error {
	value, err := r.dec.ReadValue()
	if err != nil || value.Kind() == 'n' {
		return err
	}
	if *into, err = strconv.Atoi(string(value)); err != nil || value.Kind() != '0' {
		return r.not("integer")
	}
	return nil
}

func (r *Reader) date(into *time.Time) error {
	value, err := r.dec.ReadValue()
	if err != nil || value.Kind() == 'n' {
		return err
	}
	if value.Kind() == '"' {
		if plain, ok := unescape(value); ok {
			value = plain
		}
		var ok bool
		if *into, ok = Date(value[1 : len(value)-1]); ok {
			return nil
		}
	}
	return r.not("date")
}

// layouts are tried if a date is not in the documented form, RFC 3339 with
// milliseconds and an offset. All of them accept any fraction of a second.
var layouts = []string{
	time.RFC3339, // here it accepts a comma before the fraction
	"2006-01-02T15:04:05Z0700",
	"2006-01-02T15:04:05Z07",
	"2006-01-02T15:04Z07:00", // Java drops seconds that are zero
	"2006-01-02T15:04:05",    // without an offset: UTC is assumed
}

// Date parses a date in any form that servers send.
func Date(text []byte) (date time.Time, ok bool) {
	if date.UnmarshalText(text) == nil {
		return date, true
	}
	for _, layout := range layouts {
		if date, err := time.Parse(layout, string(text)); err == nil {
			return date, true
		}
	}
	return time.Time{}, false
}

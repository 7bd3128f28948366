// Package encode writes JSON that holds passwords.
package encode

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cyclos-go/passwords/internal/validate"
)

// Object is a JSON object that is written property by property. JSON packages keep
// the buffers of their encoders for use again, with the passwords in them.
type Object struct {
	text []byte
	err  error
}

// Flag adds a property unless it is false.
func (o *Object) Flag(name string, value bool) {
	if value {
		o.name(name)
		o.text = append(o.text, "true"...)
	}
}

// Text adds a property unless it is empty.
func (o *Object) Text(name, value string) {
	if value == "" {
		return
	}
	o.name(name)
	var err error
	if o.text, err = jsontext.AppendQuote(o.text, value); err != nil {
		// JSON would replace the invalid bytes, and set another password.
		o.err = validate.Invalid("a password is not valid UTF-8")
	}
}

func (o *Object) name(name string) {
	if o.text == nil {
		o.text = append(make([]byte, 0, 160), '{')
	} else {
		o.text = append(o.text, ',')
	}
	o.text = append(append(append(o.text, '"'), name...), `":`...)
}

// JSON returns the object, or the error for a value that is no text.
func (o *Object) JSON() ([]byte, error) {
	if o.text == nil {
		o.text = []byte{'{'}
	}
	return append(o.text, '}'), o.err
}

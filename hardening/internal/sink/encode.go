package sink

import (
	"encoding/asn1"
	"encoding/binary"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"expvar"
	"io"

	"github.com/BurntSushi/toml"
	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	yamlv4 "go.yaml.in/yaml/v4"
	yamlv3 "gopkg.in/yaml.v3"
)

func encoders() []Sink {
	// Encoders differ in what they take at the top.
	type field struct{ V any }
	type attribute struct {
		V any `xml:"v,attr"`
	}
	inField := func(v any) any { return field{v} }
	return []Sink{
		bytesOf("json.Marshal", json.Marshal),
		bytesOf("json.MarshalIndent", func(v any) ([]byte, error) { return json.MarshalIndent(v, "", " ") }),
		{Name: "json.Encoder", print: func(w io.Writer, v any) error {
			e := json.NewEncoder(w)
			e.SetEscapeHTML(false)
			return e.Encode(v)
		}},
		bytesOf("json/v2.Marshal", func(v any) ([]byte, error) { return jsonv2.Marshal(v) }),
		bytesOf("json/v2.Marshal formatted", func(v any) ([]byte, error) {
			return jsonv2.Marshal(v, jsonv2.FormatNilMapAsNull(true), jsonv2.StringifyNumbers(true), jsontext.Multiline(true), jsontext.AllowInvalidUTF8(true))
		}),
		bytesOf("xml.Marshal", xml.Marshal),
		bytesOf("xml.MarshalIndent in a field", func(v any) ([]byte, error) { return xml.MarshalIndent(inField(v), "", " ") }),
		bytesOf("xml attribute", func(v any) ([]byte, error) {
			return xml.Marshal(attribute{v})
		}),
		{Name: "gob", print: func(w io.Writer, v any) error { return gob.NewEncoder(w).Encode(v) }},
		bytesOf("yaml v3", yamlv3.Marshal),
		bytesOf("yaml v3 in a field", func(v any) ([]byte, error) { return yamlv3.Marshal(inField(v)) }),
		bytesOf("yaml v4", yamlv4.Marshal),
		bytesOf("yaml v4 in a field", func(v any) ([]byte, error) { return yamlv4.Marshal(inField(v)) }),
		bytesOf("toml", toml.Marshal),
		bytesOf("toml in a field", func(v any) ([]byte, error) { return toml.Marshal(inField(v)) }),
		bytesOf("asn1", asn1.Marshal),
		{Name: "binary.Write", print: func(w io.Writer, v any) error { return binary.Write(w, binary.BigEndian, v) }},
		text("expvar.Func", func(v any) string { return expvar.Func(func() any { return v }).String() }),
	}
}

package secrets

import (
	"context"
	"encoding/asn1"
	"encoding/binary"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"expvar"
	"fmt"
	htmltemplate "html/template"
	"io"
	"log"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	texttemplate "text/template"

	"github.com/BurntSushi/toml"
	"github.com/davecgh/go-spew/spew"
	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/k0kubun/pp/v3"
	"github.com/kr/pretty"
	"github.com/sanity-io/litter"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	yamlv4 "go.yaml.in/yaml/v4"
	yamlv3 "gopkg.in/yaml.v3"
)

// sink is a way in which programs print a value by accident.
type sink struct {
	name  string
	dump  bool // one of dumps
	print func(w io.Writer, v any) error
}

// sinks returns all sinks, each with a unique name.
func sinks() []sink {
	return slices.Concat(verbs(), errorTexts(), encoders(), logs(), templates(), comparisons(), asserts(), dumps())
}

// show returns everything that the sink reveals of v: its output, its error and
// the value of its panic.
func (s sink) show(v any) (output string) {
	var b strings.Builder
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(&b, "\npanic: %v", p)
		}
		output = b.String()
	}()
	if err := s.print(&b, v); err != nil {
		fmt.Fprintf(&b, "\nerror: %v %+v", err, err)
	}
	return ""
}

// text is a sink that returns its output.
func text(name string, show func(v any) string) sink {
	return sink{name: name, print: func(w io.Writer, v any) error {
		_, err := io.WriteString(w, show(v))
		return err
	}}
}

// bytesOf is a sink that returns its output or an error.
func bytesOf(name string, show func(v any) ([]byte, error)) sink {
	return sink{name: name, print: func(w io.Writer, v any) error {
		b, err := show(v)
		_, _ = w.Write(b) // the buffer of show accepts every write
		return err
	}}
}

func verbs() []sink {
	var all []sink
	for _, verb := range []string{
		"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%T", "%p", "%c", "%b", "%o", "%e", "%U", "%w",
		"%O", "%E", "%f", "%F", "%g", "%G", "% x", "%#x", "%# X", "%+q", "%#q", "%#U", "%60v", "%-60s", "%060d", "%z",
	} {
		all = append(all, text("fmt "+verb, func(v any) string { return fmt.Sprintf(verb, v) }))
	}
	return append(all,
		text("fmt.Sprint", func(v any) string { return fmt.Sprint(v) }),
		text("fmt.Sprintln", func(v any) string { return fmt.Sprintln(v) }),
		text("fmt.Appendf", func(v any) string { return string(fmt.Appendf(nil, "%+v", v)) }),
		text("fmt of extra arguments", func(v any) string { return fmt.Sprintf(format("no verb"), v) }),
		text("fmt of a reflect.Value", func(v any) string { return fmt.Sprintf("%v %+v", reflect.ValueOf(v), reflect.ValueOf(v)) }),
		text("reflect.Value.String", func(v any) string { return reflect.ValueOf(v).String() }),
		text("context.WithValue", func(v any) string { return fmt.Sprint(context.WithValue(context.Background(), key{}, v)) }),
		sink{name: "fmt.Fprint", print: func(w io.Writer, v any) error { _, err := fmt.Fprint(w, v); return err }},
		sink{name: "fmt.Fprintf", print: func(w io.Writer, v any) error { _, err := fmt.Fprintf(w, "%#v", v); return err }},
	)
}

type key struct{}

// format hides an intentionally wrong format from vet.
func format(s string) string { return s }

func errorTexts() []sink {
	show := func(err error) string { return fmt.Sprintf("%v %+v %#v %s %q", err, err, err, err, err) }
	return []sink{
		text("fmt.Errorf %v", func(v any) string { return show(fmt.Errorf("wrapped: %v", v)) }),
		text("fmt.Errorf %+v", func(v any) string { return show(fmt.Errorf("wrapped: %+v", v)) }),
		text("fmt.Errorf %#v", func(v any) string { return show(fmt.Errorf("wrapped: %#v", v)) }),
		text("fmt.Errorf %w", func(v any) string { return show(fmt.Errorf(format("wrapped: %w"), v)) }),
		text("fmt.Errorf %w twice", func(v any) string { return show(fmt.Errorf(format("%w and %w"), v, v)) }),
		text("errors.Join", func(v any) string { return show(errors.Join(errors.New("other"), asError(v))) }),
	}
}

// asError returns v if it is an error, otherwise an error that quotes it.
func asError(v any) error {
	if err, ok := v.(error); ok {
		return err
	}
	return fmt.Errorf("%v", v)
}

func encoders() []sink {
	// Some encoders accept only certain types at the top level.
	type field struct{ V any }
	type attribute struct {
		V any `xml:"v,attr"`
	}
	inField := func(v any) any { return field{v} }
	return []sink{
		bytesOf("json.Marshal", json.Marshal),
		bytesOf("json.MarshalIndent", func(v any) ([]byte, error) { return json.MarshalIndent(v, "", " ") }),
		{name: "json.Encoder", print: func(w io.Writer, v any) error {
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
		bytesOf("xml attribute", func(v any) ([]byte, error) { return xml.Marshal(attribute{v}) }),
		{name: "gob", print: func(w io.Writer, v any) error { return gob.NewEncoder(w).Encode(v) }},
		bytesOf("yaml v3", yamlv3.Marshal),
		bytesOf("yaml v3 in a field", func(v any) ([]byte, error) { return yamlv3.Marshal(inField(v)) }),
		bytesOf("yaml v4", yamlv4.Marshal),
		bytesOf("yaml v4 in a field", func(v any) ([]byte, error) { return yamlv4.Marshal(inField(v)) }),
		bytesOf("toml", toml.Marshal),
		bytesOf("toml in a field", func(v any) ([]byte, error) { return toml.Marshal(inField(v)) }),
		bytesOf("asn1", asn1.Marshal),
		{name: "binary.Write", print: func(w io.Writer, v any) error { return binary.Write(w, binary.BigEndian, v) }},
		text("expvar.Func", func(v any) string { return expvar.Func(func() any { return v }).String() }),
	}
}

func logs() []sink {
	var all []sink
	for name, handler := range map[string]func(io.Writer) slog.Handler{
		"slog text ": func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) },
		"slog JSON ": func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) },
	} {
		for how, show := range map[string]func(l *slog.Logger, v any){
			"argument":  func(l *slog.Logger, v any) { l.Info("m", "k", v) },
			"attribute": func(l *slog.Logger, v any) { l.Info("m", slog.Any("k", v)) },
			"group":     func(l *slog.Logger, v any) { l.Info("m", slog.Group("g", "k", v)) },
			"With":      func(l *slog.Logger, v any) { l.With("k", v).WithGroup("g").Info("m", "k", v) },
			"LogValuer": func(l *slog.Logger, v any) { l.Info("m", "k", valuer{v}) },
			"holder":    func(l *slog.Logger, v any) { l.Info("m", "k", struct{ V any }{v}) },
			"bad key":   func(l *slog.Logger, v any) { l.Info("m", []any{v}...) },
			"message":   func(l *slog.Logger, v any) { l.Info(fmt.Sprint(v)) },
		} {
			all = append(all, sink{name: name + how, print: func(w io.Writer, v any) error { show(slog.New(handler(w)), v); return nil }})
		}
	}
	for name, show := range map[string]func(l *log.Logger, v any){
		"log.Print":      func(l *log.Logger, v any) { l.Print(v) },
		"log.Println":    func(l *log.Logger, v any) { l.Println(v) },
		"log.Printf %v":  func(l *log.Logger, v any) { l.Printf("%v", v) },
		"log.Printf %+v": func(l *log.Logger, v any) { l.Printf("%+v", v) },
		"log.Printf %#v": func(l *log.Logger, v any) { l.Printf("%#v", v) },
		"log.Panic":      func(l *log.Logger, v any) { l.Panic(v) },
	} {
		all = append(all, sink{name: name, print: func(w io.Writer, v any) error { show(log.New(w, "", log.LstdFlags), v); return nil }})
	}
	return all
}

// valuer reveals its value when it is logged.
type valuer struct{ v any }

func (v valuer) LogValue() slog.Value { return slog.GroupValue(slog.Any("v", v.v)) }

func templates() []sink {
	var all []sink
	for _, source := range []string{
		`{{.}}`, `{{print .}}`, `{{printf "%+v" .}}`, `{{printf "%#v" .}}`, `{{printf "%x" .}}`,
		`{{html .}}`, `{{js .}}`, `{{urlquery .}}`, `{{index . 0}}`, `{{range .}}{{.}}{{end}}`,
	} {
		t := texttemplate.Must(texttemplate.New("").Parse(source))
		all = append(all, sink{name: "text/template " + source, print: func(w io.Writer, v any) error { return t.Execute(w, v) }})
	}
	for _, source := range []string{
		`<p>{{.}}</p>`, `<a title="{{.}}">`, `<a title={{.}}>`, `<a href="/?q={{.}}">`, `<a href="{{.}}">`,
		`<script>x = {{.}}</script>`, `<script>x = "{{.}}"</script>`, `<a onclick="f({{.}})">`, `<p title="{{print .}}">`,
	} {
		t := htmltemplate.Must(htmltemplate.New("").Parse(source))
		all = append(all, sink{name: "html/template " + source, print: func(w io.Writer, v any) error { return t.Execute(w, v) }})
	}
	return all
}

// zero returns the value that v is compared with.
func zero(v any) any { return reflect.Zero(reflect.TypeOf(v)).Interface() }

func comparisons() []sink {
	everything := cmp.Exporter(func(reflect.Type) bool { return true })
	return []sink{
		text("cmp.Diff", func(v any) string { return cmp.Diff(v, zero(v)) }),
		text("cmp.Diff the other way", func(v any) string { return cmp.Diff(zero(v), v) }),
		text("cmp.Diff unexported", func(v any) string { return cmp.Diff(v, zero(v), everything) }),
		text("cmp.Diff with another type", func(v any) string { return cmp.Diff(any(v), any(0), everything) }),
		text("cmp.Diff in a slice", func(v any) string { return cmp.Diff([]any{v}, []any{}, everything) }),
		text("pretty.Diff", func(v any) string { return fmt.Sprint(pretty.Diff(v, zero(v))) }),
		text("pretty.Diff with another type", func(v any) string { return fmt.Sprint(pretty.Diff(v, 0)) }),
	}
}

// recorder is a test that records the messages of failures.
type recorder struct{ text []byte }

func (r *recorder) Errorf(format string, args ...any) { r.text = fmt.Appendf(r.text, format, args...) }
func (r *recorder) FailNow()                          {}

func asserts() []sink {
	var all []sink
	for name, check := range map[string]func(t *recorder, v any){
		"Equal":            func(t *recorder, v any) { assert.Equal(t, zero(v), v) },
		"Equal reversed":   func(t *recorder, v any) { assert.Equal(t, v, zero(v)) },
		"Equal other type": func(t *recorder, v any) { assert.Equal(t, 0, v) },
		"Equal in a slice": func(t *recorder, v any) { assert.Equal(t, []any{v, 1}, []any{v, 2}) },
		"Equal in a map":   func(t *recorder, v any) { assert.Equal(t, map[int]any{1: v}, map[int]any{2: v}) },
		"Equalf":           func(t *recorder, v any) { assert.Equalf(t, 1, 2, "context %+v", v) },
		"EqualValues":      func(t *recorder, v any) { assert.EqualValues(t, zero(v), v) },
		"Exactly":          func(t *recorder, v any) { assert.Exactly(t, 0, v) },
		"NotEqual":         func(t *recorder, v any) { assert.NotEqual(t, v, v) },
		"Nil":              func(t *recorder, v any) { assert.Nil(t, v) },
		"Empty":            func(t *recorder, v any) { assert.Empty(t, v) },
		"Zero":             func(t *recorder, v any) { assert.Zero(t, v) },
		"Len":              func(t *recorder, v any) { assert.Len(t, v, 99) },
		"Contains":         func(t *recorder, v any) { assert.Contains(t, []any{v}, 0) },
		"NotContains":      func(t *recorder, v any) { assert.NotContains(t, []any{0}, 0, v) },
		"Subset":           func(t *recorder, v any) { assert.Subset(t, []any{v}, []any{0}) },
		"ElementsMatch":    func(t *recorder, v any) { assert.ElementsMatch(t, []any{v}, []any{0}) },
		"Same":             func(t *recorder, v any) { assert.Same(t, &v, new(any)) },
		"IsType":           func(t *recorder, v any) { assert.IsType(t, 0, v) },
		"NoError":          func(t *recorder, v any) { assert.NoError(t, asError(v)) },
		"ErrorIs":          func(t *recorder, v any) { assert.ErrorIs(t, asError(v), assert.AnError) },
		"ErrorContains":    func(t *recorder, v any) { assert.ErrorContains(t, asError(v), "no such text") },
		"Fail":             func(t *recorder, v any) { assert.Fail(t, "failed", v) },
		"require.Equal":    func(t *recorder, v any) { require.Equal(t, zero(v), v) },
	} {
		all = append(all, text("testify "+name, func(v any) string {
			var t recorder
			check(&t, v)
			return string(t.text)
		}))
	}
	return all
}

// dumps returns the sinks that follow unexported fields and pointers, some of them
// without calling the methods of a type.
func dumps() []sink {
	all := []sink{
		text("pretty.Sprint", func(v any) string { return pretty.Sprint(v) }),
		text("pretty %# v", func(v any) string { return pretty.Sprintf("%# v", v) }),
		text("litter", func(v any) string { return litter.Sdump(v) }),
		text("litter unexported", func(v any) string { return litter.Options{HidePrivateFields: false}.Sdump(v) }),
		text("litter compact", func(v any) string { return litter.Options{Compact: true, StripPackageNames: true}.Sdump(v) }),
		text("pp", func(v any) string { return plainPP().Sprint(v) }),
		text("pp in color", func(v any) string { return pp.New().Sprint(v) }),
		text("pp exported", func(v any) string {
			p := plainPP()
			p.SetExportedOnly(true)
			return p.Sprint(v)
		}),
	}
	for name, config := range map[string]*spew.ConfigState{
		"default":             {Indent: " "},
		"without methods":     {Indent: " ", DisableMethods: true},
		"no pointer methods":  {Indent: " ", DisablePointerMethods: true},
		"on past methods":     {Indent: " ", ContinueOnMethod: true},
		"like testify":        {Indent: " ", DisablePointerAddresses: true, DisableCapacities: true, SortKeys: true, DisableMethods: true, MaxDepth: 10},
		"keys, without types": {Indent: " ", SortKeys: true, SpewKeys: true, DisableMethods: true},
	} {
		all = append(all, text("spew.Dump "+name, func(v any) string { return config.Sdump(v) }))
		for _, verb := range []string{"%v", "%+v", "%#v", "%#+v"} {
			all = append(all, text("spew "+verb+" "+name, func(v any) string { return config.Sprintf(verb, v) }))
		}
	}
	for i := range all {
		all[i].dump = true
	}
	return all
}

func plainPP() *pp.PrettyPrinter {
	p := pp.New()
	p.SetColoringEnabled(false)
	return p
}

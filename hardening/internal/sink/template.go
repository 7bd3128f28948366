package sink

import (
	htmltemplate "html/template"
	"io"
	texttemplate "text/template"
)

func templates() []Sink {
	var all []Sink
	for _, source := range []string{
		`{{.}}`, `{{print .}}`, `{{printf "%+v" .}}`, `{{printf "%#v" .}}`, `{{printf "%x" .}}`,
		`{{html .}}`, `{{js .}}`, `{{urlquery .}}`, `{{index . 0}}`, `{{range .}}{{.}}{{end}}`,
	} {
		t := texttemplate.Must(texttemplate.New("").Parse(source))
		all = append(all, Sink{Name: "text/template " + source, print: func(w io.Writer, v any) error { return t.Execute(w, v) }})
	}
	for _, source := range []string{
		`<p>{{.}}</p>`, `<a title="{{.}}">`, `<a title={{.}}>`, `<a href="/?q={{.}}">`, `<a href="{{.}}">`,
		`<script>x = {{.}}</script>`, `<script>x = "{{.}}"</script>`, `<a onclick="f({{.}})">`, `<p title="{{print .}}">`,
	} {
		t := htmltemplate.Must(htmltemplate.New("").Parse(source))
		all = append(all, Sink{Name: "html/template " + source, print: func(w io.Writer, v any) error { return t.Execute(w, v) }})
	}
	return all
}

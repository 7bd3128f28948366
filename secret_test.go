package passwords_test

import (
	"bytes"
	"encoding"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html/template"
	"log/slog"
	"strings"
	"testing"
	texttemplate "text/template"

	"github.com/cyclos-go/passwords"
)

const secretValue = "secret-value-8c1d"

// holder has secrets in all the places in which they get printed by accident.
type holder struct {
	Exported   passwords.Secret
	unexported passwords.Secret
	Change     *passwords.ChangePassword
	Map        map[string]passwords.Secret
	Slice      []passwords.Secret
}

func newHolder() holder {
	s := passwords.NewSecret(secretValue)
	return holder{s, s, &passwords.ChangePassword{NewPassword: s}, map[string]passwords.Secret{"k": s}, []passwords.Secret{s}}
}

func TestSecretPrintsRedacted(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%T", "%p", "%c", "%b", "%o", "%e", "%U", "%10s", "%w"} {
		for _, value := range []any{passwords.NewSecret(secretValue), new(passwords.NewSecret(secretValue)), newHolder(), new(newHolder())} {
			got := fmt.Sprintf(verb, value)
			for _, leak := range []string{secretValue, fmt.Sprintf("%x", secretValue), fmt.Sprintf("%X", secretValue), fmt.Sprintf("%d", []byte(secretValue))} {
				if strings.Contains(got, leak) {
					t.Errorf("%s of a %T shows the value", verb, value)
				}
			}
		}
		if verb != "%T" && verb != "%p" && verb != "%w" {
			if got := fmt.Sprintf(verb, passwords.NewSecret(secretValue)); got != "[REDACTED]" {
				t.Errorf("%s prints %d bytes, not the redaction", verb, len(got))
			}
		}
	}
}

func TestSecretLogsAndRendersRedacted(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&b, nil), slog.NewJSONHandler(&b, nil)} {
		slog.New(h).Info("m", "secret", passwords.NewSecret(secretValue), "holder", newHolder(), "group", slog.GroupValue(slog.Any("s", passwords.NewSecret(secretValue))))
	}
	if err := texttemplate.Must(texttemplate.New("").Parse(`{{.Exported}} {{.}}`)).Execute(&b, newHolder()); err != nil {
		t.Error(err)
	}
	if err := template.Must(template.New("").Parse(`{{.Exported}} <a title="{{.Exported}}">`)).Execute(&b, newHolder()); err != nil {
		t.Error(err)
	}
	if strings.Contains(b.String(), secretValue) {
		t.Error("the output shows the value")
	}
	if strings.Count(b.String(), "[REDACTED]") < 5 {
		t.Error("the redaction is missing")
	}
}

func TestMarshalingASecretFails(t *testing.T) {
	t.Parallel()
	s := passwords.NewSecret(secretValue)
	var _ encoding.TextMarshaler = s
	var _ encoding.BinaryMarshaler = s
	type attr struct {
		S passwords.Secret `xml:"s,attr"`
	}
	for name, marshal := range map[string]func() (any, error){
		"JSON":           func() (any, error) { return json.Marshal(s) },
		"JSON in change": func() (any, error) { return json.Marshal(passwords.ChangePassword{NewPassword: s}) },
		"JSON zero":      func() (any, error) { return json.Marshal(passwords.Secret{}) },
		"XML":            func() (any, error) { return xml.Marshal(struct{ S passwords.Secret }{s}) },
		"XML alone":      func() (any, error) { return xml.Marshal(s) },
		"XML attribute":  func() (any, error) { return xml.Marshal(attr{s}) },
		"gob": func() (any, error) {
			var b bytes.Buffer
			err := gob.NewEncoder(&b).Encode(struct{ S passwords.Secret }{s})
			return b.Bytes(), err
		},
		"text":   func() (any, error) { return s.MarshalText() },
		"binary": func() (any, error) { return s.MarshalBinary() },
		"YAML":   func() (any, error) { return s.MarshalYAML() },
	} {
		got, err := marshal()
		if err == nil {
			t.Errorf("%s: no error", name)
		} else if strings.Contains(err.Error(), secretValue) || strings.Contains(fmt.Sprintf("%s", got), secretValue) {
			t.Errorf("%s: the output or the error shows the value", name)
		}
	}
}

func TestUnmarshalingASecretFails(t *testing.T) {
	t.Parallel()
	var s struct{ S passwords.Secret }
	for name, err := range map[string]error{
		"JSON string": json.Unmarshal([]byte(`{"S":"`+secretValue+`"}`), &s),
		"JSON object": json.Unmarshal([]byte(`{"S":{"`+secretValue+`":1}}`), &s),
		"XML":         xml.Unmarshal([]byte(`<s><S>`+secretValue+`</S></s>`), &s),
		"text":        s.S.UnmarshalText([]byte(secretValue)),
	} {
		if err == nil || strings.Contains(err.Error(), secretValue) {
			t.Errorf("%s: no error, or the error shows the value", name)
		}
	}
}

func TestSecretHoldsItsValue(t *testing.T) {
	t.Parallel()
	var zero passwords.Secret
	a, b := passwords.NewSecret(secretValue), passwords.NewSecret(secretValue)
	if a.Reveal() != secretValue || a.IsZero() || !a.Equal(b) {
		t.Error("a secret does not hold its value")
	}
	if a.Equal(zero) || zero.Equal(a) || a.Equal(passwords.NewSecret(secretValue+"x")) {
		t.Error("different secrets are equal")
	}
	if !zero.IsZero() || zero.Reveal() != "" || !zero.Equal(passwords.NewSecret("")) || !passwords.NewSecret("").IsZero() {
		t.Error("the zero secret holds something")
	}
}

// TestMethodsOfSecretsFailOrRedact calls the methods directly: an encoder may
// fail for another reason, or skip an empty value.
func TestMethodsOfSecretsFailOrRedact(t *testing.T) {
	t.Parallel()
	for _, s := range []passwords.Secret{{}, passwords.NewSecret(secretValue)} {
		var into passwords.Secret
		_, fromJSON := s.MarshalJSON()
		_, fromText := s.MarshalText()
		_, fromBinary := s.MarshalBinary()
		_, fromGob := s.GobEncode()
		_, fromAttr := s.MarshalXMLAttr(xml.Name{Local: "s"})
		_, fromYAML := s.MarshalYAML()
		refused := "passwords: a Secret cannot be marshaled: call Reveal to send the value on purpose"
		for name, err := range map[string]error{
			"JSON": fromJSON, "text": fromText, "binary": fromBinary, "gob": fromGob, "XML": s.MarshalXML(nil, xml.StartElement{}),
			"XML attribute": fromAttr, "YAML": fromYAML,
		} {
			if err == nil || err.Error() != refused {
				t.Errorf("%s: the error differs", name)
			}
		}
		refused = "passwords: a Secret cannot be unmarshaled: call NewSecret with the value"
		for name, err := range map[string]error{"text": into.UnmarshalText([]byte("x")), "JSON": into.UnmarshalJSON([]byte(`"x"`))} {
			if err == nil || err.Error() != refused || !into.IsZero() {
				t.Errorf("from %s: the error differs, or the secret was set", name)
			}
		}
		for name, got := range map[string]string{
			"String": s.String(), "GoString": s.GoString(), "LogValue": s.LogValue().String(), "Format": fmt.Sprintf("%d", s),
		} {
			if got != "[REDACTED]" {
				t.Errorf("%s differs", name)
			}
		}
	}
}

package passwords_test

import (
	"encoding/xml"
	"fmt"
	"testing"

	"github.com/cyclos-go/passwords"
)

// TestMethodsOfSecretsRefuseAndRedact by themselves: encoders that find nothing
// wrong with an empty value may refuse it for another reason, or write it.
func TestMethodsOfSecretsRefuseAndRedact(t *testing.T) {
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

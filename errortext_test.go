package passwords_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestErrorsAreEncodedAsTheirText by what logs and queues use: the fields hold what
// the server said of the user.
func TestErrorsAreEncodedAsTheirText(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.JSON(422, `{"code":"validation","propertyErrors":{"newPassword":["leak-me"]}}`))
	err := testkit.NewClient(t, w.URL).DisablePassword(t.Context(), passwords.Principal("ana"), "login")
	var e *passwords.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v", err)
	}
	text := "passwords: disablePassword: 422 Unprocessable Entity: validation"
	for name, value := range map[string]any{"pointer": e, "value": *e, "property": map[string]any{"e": e}} {
		want := `"` + text + `"`
		if name == "property" {
			want = `{"e":` + want + `}`
		}
		if got, err := json.Marshal(value); err != nil || string(got) != want {
			t.Errorf("JSON of the %s: got %s, %v", name, got, err)
		}
	}
	var out bytes.Buffer
	if err := gob.NewEncoder(&out).Encode(e); err != nil || !bytes.Contains(out.Bytes(), []byte(text)) || bytes.Contains(out.Bytes(), []byte("leak-me")) {
		t.Errorf("gob: the text is missing, or the answer shows: %v", err)
	}
}

func TestRedirectsSayWhereTo(t *testing.T) {
	t.Parallel()
	longest := strings.Repeat("a.", 126) + "a" // that a name may be
	for location, want := range map[string]struct{ origin, text string }{
		"https://" + longest + "/":        {"https://" + longest, "redirects are not followed: to https://" + longest},
		"https://" + longest + "a/":       {"", "redirects are not followed"},
		"":                                {"", "redirects are not followed"},
		"https://login.example.org/x?y=1": {"https://login.example.org", "redirects are not followed: to https://login.example.org"},
	} {
		answer := testkit.Reply{Status: 302, Header: map[string]string{"Location": location}, OffSpec: true}
		err := testkit.NewClient(t, testkit.NewWire(t, answer).URL).EnablePassword(t.Context(), passwords.Principal("ana"), "login")
		var redirect *passwords.RedirectError
		if !errors.As(err, &redirect) || redirect.Origin != want.origin || redirect.Error() != want.text || !errors.Is(redirect, passwords.ErrUnexpectedResponse) {
			t.Errorf("to %q: got %v", location, err)
		}
	}
}

// TestErrorsOfUnknownStatusHaveNoName in their text.
func TestErrorsOfUnknownStatusHaveNoName(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.Reply{Status: 499, OffSpec: true})
	_, err := testkit.NewClient(t, w.URL).ListUserPasswords(t.Context(), passwords.Self())
	if err == nil || err.Error() != "passwords: listUserPasswords: 499" {
		t.Errorf("got %v", err)
	}
}

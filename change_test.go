package passwords_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"testing"
	"unicode/utf8"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestChangePasswordBodyHasEveryProperty compares the body, which is encoded by
// hand, with the JSON of the model.
func TestChangePasswordBodyHasEveryProperty(t *testing.T) {
	t.Parallel()
	var change passwords.ChangePassword
	var want gen.ChangePassword
	properties := reflect.TypeFor[gen.ChangePassword]()
	if properties.NumField() != reflect.TypeFor[passwords.ChangePassword]().NumField() {
		t.Fatal("gen.ChangePassword and passwords.ChangePassword have different properties")
	}
	for i := range properties.NumField() {
		name := properties.Field(i).Name
		switch field := reflect.ValueOf(&change).Elem().FieldByName(name); field.Interface().(type) {
		case bool:
			field.SetBool(true)
			reflect.ValueOf(&want).Elem().Field(i).SetBool(true)
		case passwords.Secret:
			field.Set(reflect.ValueOf(passwords.NewSecret("a value for " + name)))
			reflect.ValueOf(&want).Elem().Field(i).SetString("a value for " + name)
		default:
			t.Fatalf("%s is neither a bool nor a Secret", name)
		}
	}
	w := testkit.NewWire(t, testkit.NoContent)
	if err := testkit.NewClient(t, w.URL).ChangePassword(t.Context(), passwords.Self(), "login", change); err != nil {
		t.Fatal(err)
	}
	wanted, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.One(t).Body; got != string(wanted) {
		t.Errorf("the body of %d bytes differs from the JSON of the model, of %d bytes", len(got), len(wanted))
	}
}

// TestChangePasswordBody pins the escapes, and that zero values are not sent.
func TestChangePasswordBody(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change passwords.ChangePassword
		want   string
	}{
		"nothing": {passwords.ChangePassword{}, `{}`},
		"new only": {
			passwords.ChangePassword{NewPassword: passwords.NewSecret("a")},
			`{"newPassword":"a"}`,
		},
		"escapes": {
			passwords.ChangePassword{NewPassword: passwords.NewSecret(" \"\\<é\n ")},
			`{"newPassword":" \"\\<é\n "}`,
		},
		"confirmation without check": {
			passwords.ChangePassword{NewPassword: passwords.NewSecret("a"), NewPasswordConfirmation: passwords.NewSecret("b")},
			`{"newPassword":"a","newPasswordConfirmation":"b"}`,
		},
		"force": {
			passwords.ChangePassword{NewPassword: passwords.NewSecret("a"), ForceChange: true},
			`{"forceChange":true,"newPassword":"a"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := testkit.NewWire(t, testkit.NoContent)
			if err := testkit.NewClient(t, w.URL).ChangePassword(t.Context(), passwords.Self(), "login", tc.change); err != nil {
				t.Fatal(err)
			}
			if got := w.One(t).Body; got != tc.want {
				t.Errorf("the body of %d bytes differs from %s", len(got), tc.want)
			}
		})
	}
}

// TestSecretsThatCannotBeSentAreRejected covers invalid UTF-8, which JSON encoders
// replace, and characters that a header would lose.
func TestSecretsThatCannotBeSentAreRejected(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.NoContent)
	client := testkit.NewClient(t, w.URL)
	invalid := passwords.NewSecret(testkit.NewPassword + "\xff")
	for _, change := range []passwords.ChangePassword{
		{OldPassword: invalid}, {NewPassword: invalid}, {NewPasswordConfirmation: invalid},
	} {
		testkit.WantRejected(t, w, client.ChangePassword(t.Context(), passwords.Self(), "login", change), "changePassword", testkit.NewPassword)
	}
	for _, confirmation := range []string{testkit.ConfirmationPassword + "\n", testkit.ConfirmationPassword + "é", " " + testkit.ConfirmationPassword, testkit.ConfirmationPassword + " ", testkit.ConfirmationPassword + "\x00"} {
		_, err := client.ChangeGenerated(t.Context(), "pin", passwords.NewSecret(confirmation))
		testkit.WantRejected(t, w, err, "changeGenerated", testkit.ConfirmationPassword)
	}
}

// FuzzChangePasswordBody decodes the body by another decoder, and checks that the
// secrets arrive byte for byte or are rejected.
func FuzzChangePasswordBody(f *testing.F) {
	for _, value := range []string{
		"", "a", " \t\n\r\x00\x1f\x7f", `"\/`, "é\u0301\u2028\u2029\ufeff\ufffd", "\U0001f511", "\xff", "\xed\xa0\x80", "\xc0\xaf", `\u0041`, `","forceChange":true,"x":"`,
	} {
		f.Add(value, "new", "new", true, false)
		f.Add("", value, "", false, true)
		f.Add("old", "new", value, true, true)
	}
	var body []byte
	var sent int
	client := testkit.NewClientOver(f, func(r *http.Request) (*http.Response, error) {
		sent++
		var err error
		if body, err = io.ReadAll(r.Body); err != nil || r.ContentLength != int64(len(body)) || r.Header.Get("Content-Type") != "application/json" {
			return nil, errors.New("the body is not complete, or not declared as JSON")
		}
		return &http.Response{StatusCode: http.StatusNoContent}, nil
	})
	f.Fuzz(func(t *testing.T, old, chosen, confirmation string, check, force bool) {
		want, valid := map[string]any{}, true
		for name, value := range map[string]string{"oldPassword": old, "newPassword": chosen, "newPasswordConfirmation": confirmation} {
			if value != "" {
				want[name] = value
			}
			valid = valid && utf8.ValidString(value)
		}
		for name, value := range map[string]bool{"checkConfirmation": check, "forceChange": force} {
			if value {
				want[name] = true
			}
		}
		sent = 0
		err := client.ChangePassword(t.Context(), passwords.Self(), "login", passwords.ChangePassword{
			OldPassword: passwords.NewSecret(old), NewPassword: passwords.NewSecret(chosen), NewPasswordConfirmation: passwords.NewSecret(confirmation),
			CheckConfirmation: check, ForceChange: force,
		})
		if !valid {
			if !errors.Is(err, passwords.ErrInvalidArgument) || sent != 0 {
				t.Errorf("invalid UTF-8 was sent %d times: %t", sent, err == nil)
			}
			return
		}
		if err != nil || sent != 1 {
			t.Fatalf("sent %d times, want 1: %v", sent, err)
		}
		var got map[string]any
		if err := json.Unmarshal(body, &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("the body of %d bytes does not have the %d properties of the change, or is not JSON: %T", len(body), len(want), err)
		}
		decoder, tokens := json.NewDecoder(bytes.NewReader(body)), 0
		for _, err := decoder.Token(); err == nil; _, err = decoder.Token() {
			tokens++
		}
		if tokens != 2+2*len(want) { // the map would hide a duplicate
			t.Errorf("the body has %d tokens for %d properties", tokens, len(want))
		}
	})
}

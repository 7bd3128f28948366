package passwords_test

import (
	"encoding/json"
	"reflect"
	"testing"

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

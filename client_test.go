package passwords_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestOperationsOnTheWire pins the exact request of each operation: the request
// line, all headers and the body.
func TestOperationsOnTheWire(t *testing.T) {
	t.Parallel()
	for _, op := range testkit.Operations() {
		t.Run(op.ID, func(t *testing.T) {
			t.Parallel()
			w := testkit.NewWire(t, op.OK)
			value, err := op.Do(t.Context(), testkit.NewClient(t, w.URL))
			if err != nil {
				t.Fatal(err)
			}
			got := w.One(t)
			if got.Method != op.Method || got.URI != "/api"+op.URI {
				t.Errorf("got %s %s, want %s /api%s", got.Method, got.URI, op.Method, op.URI)
			}
			if got.Body != op.Body {
				t.Error("the body differs")
			}
			want := http.Header{
				"Accept":          {op.Accept},
				"Accept-Encoding": {"gzip"},
				"Session-Token":   {testkit.Token},
				"User-Agent":      {"cyclos-go-passwords"},
			}
			for name, value := range op.Header {
				want.Set(name, value)
			}
			got.Header.Del("Content-Length")
			if !maps.EqualFunc(got.Header, want, slices.Equal) {
				t.Errorf("got the headers %v, want %v, or a value differs",
					slices.Sorted(maps.Keys(got.Header)), slices.Sorted(maps.Keys(want)))
			}
			if secret, ok := value.(passwords.Secret); ok && !secret.Equal(passwords.NewSecret(testkit.GeneratedPassword)) {
				t.Error("the secret differs")
			}
		})
	}
}

func TestResultsAreDecoded(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]any{
		"listUserPasswords": []passwords.PasswordStatusAndType{{
			Status: passwords.StatusActive,
			Type:   &passwords.PasswordTypeDetailed{InternalName: "login"},
		}},
		"getUserPasswordsListData": &passwords.DataForUserPasswords{
			User:        &passwords.UserInfo{ID: "1", User: &passwords.UserInfo{ID: "2"}},
			Passwords:   []passwords.PasswordStatusAndActions{},
			SendMediums: []passwords.SendMedium{passwords.SendMediumSMS},
		},
		"getUserPasswordsData": &passwords.PasswordStatusAndActions{
			Status:      passwords.StatusExpired,
			Permissions: &passwords.PasswordActions{Change: true},
		},
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			op := testkit.OperationByID(id)
			got, err := op.Do(t.Context(), testkit.NewClient(t, testkit.NewWire(t, op.OK).URL))
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %v; want %+v", got, err, want)
			}
		})
	}
}

func TestAuthenticationOnTheWire(t *testing.T) {
	t.Parallel()
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("ana:"+testkit.Password))
	source := func(context.Context) (passwords.Secret, error) { return passwords.NewSecret(testkit.Token), nil }
	for name, tc := range map[string]struct {
		opts []passwords.Option
		want map[string]string
	}{
		"basic": {
			[]passwords.Option{passwords.WithBasicAuth("ana", testkit.Password)},
			map[string]string{"Authorization": basic},
		},
		"basic with principal type and channel": {
			[]passwords.Option{passwords.WithPrincipalType("*"), passwords.WithBasicAuth("ana", testkit.Password), passwords.WithChannel("pos")},
			map[string]string{"Authorization": basic, "Principal-Type": "*", "Channel": "pos"},
		},
		"session": {
			[]passwords.Option{passwords.WithSessionToken(testkit.Token)},
			map[string]string{"Session-Token": testkit.Token},
		},
		"session source": {
			[]passwords.Option{passwords.WithSessionTokenSource(source), passwords.WithChannel("main")},
			map[string]string{"Session-Token": testkit.Token, "Channel": "main"},
		},
		"access client": {
			[]passwords.Option{passwords.WithAccessClientToken(testkit.Token)},
			map[string]string{"Access-Client-Token": testkit.Token},
		},
		"access client with prefix": {
			[]passwords.Option{passwords.WithAccessClientPrefix("shop-"), passwords.WithAccessClientToken(testkit.Token)},
			map[string]string{"Access-Client-Token": "shop-" + testkit.Token},
		},
		"application": {
			[]passwords.Option{passwords.WithSessionToken(testkit.Token), passwords.WithUserAgent("onboarding/1.2")},
			map[string]string{"Session-Token": testkit.Token, "User-Agent": "onboarding/1.2 cyclos-go-passwords"},
		},
		"editor has the last word": {
			[]passwords.Option{
				passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error {
					r.Header.Set("Channel", r.Header.Get("Channel")+"2")
					return nil
				}),
				passwords.WithSessionToken(testkit.Token), passwords.WithChannel("pos"),
			},
			map[string]string{"Session-Token": testkit.Token, "Channel": "pos2"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, op := range testkit.Operations() {
				w := testkit.NewWire(t, op.OK)
				if _, err := op.Do(t.Context(), testkit.NewClient(t, w.URL, tc.opts...)); err != nil {
					t.Fatal(err)
				}
				got := w.One(t).Header
				for _, header := range []string{"Authorization", "Session-Token", "Access-Client-Token", "Principal-Type", "Channel"} {
					if len(got.Values(header)) > 1 || got.Get(header) != tc.want[header] {
						t.Errorf("%s: the header %s differs", op.ID, header)
					}
				}
				if want, ok := tc.want["User-Agent"]; ok && got.Get("User-Agent") != want {
					t.Errorf("%s: got User-Agent %q, want %q", op.ID, got.Get("User-Agent"), want)
				}
			}
		})
	}
}

func TestSessionTokenSourceIsAskedBeforeEachRequest(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.NoContent)
	asked := 0
	client := testkit.NewClient(t, w.URL, passwords.WithSessionTokenSource(func(context.Context) (passwords.Secret, error) {
		asked++
		return passwords.NewSecret(testkit.Token + string(rune('0'+asked))), nil
	}))
	for range 3 {
		if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
			t.Fatal(err)
		}
	}
	for i, got := range w.All() {
		if got.Header.Get("Session-Token") != testkit.Token+string(rune('1'+i)) {
			t.Errorf("request %d carries another token", i)
		}
	}
}

func TestSourceAndEditorErrorsEndTheCall(t *testing.T) {
	t.Parallel()
	mine := errors.New("vault is sealed")
	for name, opt := range map[string]passwords.Option{
		"source":       passwords.WithSessionTokenSource(func(context.Context) (passwords.Secret, error) { return passwords.Secret{}, mine }),
		"editor":       passwords.WithRequestEditor(func(context.Context, *http.Request) error { return mine }),
		"empty source": passwords.WithSessionTokenSource(func(context.Context) (passwords.Secret, error) { return passwords.Secret{}, nil }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := testkit.NewWire(t, testkit.NoContent)
			err := testkit.NewClient(t, w.URL, opt).EnablePassword(t.Context(), passwords.Principal("ana"), "login")
			var e *passwords.Error
			if !errors.As(err, &e) || e.Operation != "enablePassword" || e.StatusCode != 0 {
				t.Fatalf("got %v", err)
			}
			if name == "empty source" {
				if !errors.Is(err, passwords.ErrInvalidArgument) {
					t.Errorf("got %v, want ErrInvalidArgument", err)
				}
			} else if !errors.Is(err, mine) {
				t.Errorf("got %v, want the error of the %s", err, name)
			}
			if w.Count() != 0 {
				t.Error("a request was sent")
			}
		})
	}
}

// TestZeroConfirmationSendsNoHeader tells an absent header from an empty one.
func TestZeroConfirmationSendsNoHeader(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.Text(testkit.GeneratedPassword))
	if _, err := testkit.NewClient(t, w.URL).ChangeGenerated(t.Context(), "pin", passwords.Secret{}); err != nil {
		t.Fatal(err)
	}
	if _, present := w.One(t).Header["Confirmationpassword"]; present {
		t.Error("the header was sent")
	}
}

// TestEmptyListsSendNoQuery covers the caller who spreads an empty slice.
func TestEmptyListsSendNoQuery(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.JSON(200, `[]`))
	list, err := testkit.NewClient(t, w.URL).ListUserPasswords(t.Context(), passwords.Self(), []string{}...)
	if err != nil || len(list) != 0 {
		t.Fatalf("got %v, %v", list, err)
	}
	if got := w.One(t).URI; got != "/api/self/passwords" {
		t.Errorf("got %s", got)
	}
	w = testkit.NewWire(t, testkit.NoContent)
	if err := testkit.NewClient(t, w.URL).ResetAndSendPassword(t.Context(), passwords.Principal("ana"), "login", []passwords.SendMedium{}...); err != nil {
		t.Fatal(err)
	}
	if got := w.One(t).URI; got != "/api/ana/passwords/login/reset-and-send" {
		t.Errorf("got %s", got)
	}
}

// TestChangePasswordBody pins the bytes for values that JSON has to escape, and
// that what is zero is not sent.
// TestChangePasswordBodyHasEveryProperty of the model: it is not written by a JSON
// package.
func TestChangePasswordBodyHasEveryProperty(t *testing.T) {
	t.Parallel()
	var change passwords.ChangePassword
	var want gen.ChangePassword
	properties := reflect.TypeFor[gen.ChangePassword]()
	if properties.NumField() != reflect.TypeFor[passwords.ChangePassword]().NumField() {
		t.Fatal("the model has other properties")
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
			t.Fatalf("%s is of another type", name)
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
		t.Errorf("got a body of %d bytes, which differs from the one of the model, of %d bytes", len(got), len(wanted))
	}
}

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
				t.Errorf("got a body of %d bytes which differs from %s", len(got), tc.want)
			}
		})
	}
}

// TestSecretsThatCannotBeSentAreRefused covers what JSON would replace and what
// a header would lose.
func TestSecretsThatCannotBeSentAreRefused(t *testing.T) {
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

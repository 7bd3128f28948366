package passwords_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

func TestUsersArriveAsNamed(t *testing.T) {
	t.Parallel()
	for _, tc := range testkit.UserCases() {
		for kind, user := range tc.Users() {
			t.Run(kind+"/"+tc.Name, func(t *testing.T) {
				t.Parallel()
				w := testkit.NewWire(t, testkit.NoContent)
				err := testkit.NewClient(t, w.URL).AllowGeneration(t.Context(), user.User, "pin")
				if user.Want == "" {
					testkit.WantRejected(t, w, err, "allowGeneration", tc.Value)
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				segments := strings.Split(w.One(t).URI, "/")
				if len(segments) != 6 || strings.Join(segments[3:], "/") != "passwords/pin/allow-generation" {
					t.Fatalf("another operation was reached: %q", segments)
				}
				if got, err := url.PathUnescape(segments[2]); err != nil || got != user.Want {
					t.Errorf("the user %q arrived, want %q", got, user.Want)
				}
			})
		}
	}
}

func TestPasswordTypesArriveAsNamed(t *testing.T) {
	t.Parallel()
	for _, tc := range testkit.TypeCases() {
		t.Run(tc.Name, func(t *testing.T) {
			t.Parallel()
			w := testkit.NewWire(t, testkit.NoContent)
			err := testkit.NewClient(t, w.URL).DisablePassword(t.Context(), passwords.Self(), tc.Value)
			if tc.Rejected {
				testkit.WantRejected(t, w, err, "disablePassword", tc.Value)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			segments := strings.Split(w.One(t).URI, "/")
			if len(segments) != 6 || segments[5] != "disable" {
				t.Fatalf("another operation was reached: %q", segments)
			}
			if got, err := url.PathUnescape(segments[4]); err != nil || got != tc.Value {
				t.Errorf("the type %q arrived, want %q", got, tc.Value)
			}
		})
	}
}

func TestTypeListDataIsRejectedIfItIsAnotherOperation(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.JSON(200, `{}`))
	_, err := testkit.NewClient(t, w.URL).GetUserPasswordsData(t.Context(), passwords.Self(), testkit.ListData)
	testkit.WantRejected(t, w, err, "getUserPasswordsData", testkit.ListData)
}

func TestUsersThatNameNobodyAreRejected(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.NoContent)
	client := testkit.NewClient(t, w.URL)
	testkit.WantRejected(t, w, client.DisablePassword(t.Context(), nil, "login"), "disablePassword", "")
	testkit.WantRejected(t, w, client.DisablePassword(t.Context(), passwords.ManagedUser{}, "login"), "disablePassword", "")
	var nothing context.Context
	testkit.WantRejected(t, w, client.DisablePassword(nothing, passwords.Self(), "login"), "disablePassword", "")
}

// TestErrorsOfInvalidUsersNameTheReason: the error gives the reason, although the generated code
// would reject the empty value too.
func TestErrorsOfInvalidUsersNameTheReason(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.NoContent)
	client := testkit.NewClient(t, w.URL)
	for want, user := range map[string]passwords.User{
		"the user is nil":                                  nil,
		"the user is the zero ManagedUser":                 passwords.ManagedUser{},
		"the user is neither a SelfUser nor a ManagedUser": &passwords.SelfUser{},
		"the user id is not a decimal 64-bit number":       passwords.UserID("leak-me"),
		"the locator means the caller: use Self":           passwords.Locator(" self"),
	} {
		err := client.EnablePassword(t.Context(), user, "login")
		if !errors.Is(err, passwords.ErrInvalidArgument) || err.Error() != "passwords: enablePassword: invalid argument: "+want || w.Count() != 0 {
			t.Errorf("%d requests, got %v, want %s", w.Count(), err, want)
		}
	}
}

package passwords_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"reflect"
	"strconv"
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
		"the user is empty or only white space":            passwords.Principal("\u00a0"),
	} {
		err := client.EnablePassword(t.Context(), user, "login")
		if !errors.Is(err, passwords.ErrInvalidArgument) || err.Error() != "passwords: enablePassword: invalid argument: "+want || w.Count() != 0 {
			t.Errorf("%d requests, got %v, want %s", w.Count(), err, want)
		}
	}
}

// namedUsers are users with the calls that name them, in which nothing but the
// value is escaped.
func namedUsers() map[string]passwords.User {
	return map[string]passwords.User{
		`Self()`:                      passwords.Self(),
		`UserID("-7")`:                passwords.UserID("-7"),
		`Principal("-7")`:             passwords.Principal("-7"),
		`Locator("-7")`:               passwords.Locator("-7"),
		`Principal("")`:               passwords.Principal(""),
		`Principal("a\"\x1b\u202eb")`: passwords.Principal("a\"\x1b\u202eb"),
		`ManagedUser{}`:               passwords.ManagedUser{},
	}
}

func TestUsersPrintWhatTheyName(t *testing.T) {
	t.Parallel()
	for want, user := range namedUsers() {
		asJSON, err := json.Marshal(map[string]passwords.User{"user": user})
		wantJSON, err2 := json.Marshal(map[string]string{"user": want})
		if err = errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		for _, row := range [][2]string{
			{fmt.Sprintf("%v %+v %s %v", user, user, user, []passwords.User{user}), want + " " + want + " " + want + " [" + want + "]"},
			{fmt.Sprintf("%#v %q", user, user), "passwords." + want + " " + strconv.Quote(want)},
			{slog.AnyValue(user).Resolve().String(), want},
			{string(asJSON), string(wantJSON)},
		} {
			if row[0] != row[1] {
				t.Errorf("got %s, want %s", row[0], row[1])
			}
		}
	}
}

// TestUsersAreComparable compares each user with each other, as a fake in a test
// does with what it was given.
func TestUsersAreComparable(t *testing.T) {
	t.Parallel()
	others := namedUsers() // made anew
	for name, user := range namedUsers() {
		for otherName, other := range others {
			same := name == otherName
			if (user == other) != same || reflect.DeepEqual(user, other) != same {
				t.Errorf("%s and %s: comparing is wrong", name, otherName)
			}
			if managed, ok := user.(passwords.ManagedUser); ok && (managed.Equal(other) != same || managed.Equal(nil)) {
				t.Errorf("%s and %s: Equal is wrong", name, otherName)
			}
		}
	}
	if map[passwords.User]int{passwords.Principal("ana"): 1}[passwords.Principal("ana")] != 1 {
		t.Error("a user is not found in a map")
	}
}

// TestUsersAreReadableInUnexportedFields: fmt cannot call their methods there.
func TestUsersAreReadableInUnexportedFields(t *testing.T) {
	t.Parallel()
	type call struct{ user passwords.User }
	if got, want := fmt.Sprintf("%v %+v", call{passwords.Principal("ana")}, &call{passwords.UserID("7")}),
		"{{Principal ana}} &{user:{form:UserID value:7}}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

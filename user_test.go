package passwords_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/pathcases"
	"github.com/cyclos-go/passwords/internal/pathcases/pathcalls"
)

func TestUsersArriveAsNamed(t *testing.T) {
	t.Parallel()
	for _, tc := range pathcases.Users() {
		for kind, user := range pathcalls.Users(tc) {
			t.Run(kind+"/"+tc.Name, func(t *testing.T) {
				t.Parallel()
				w := newWire(t, noContent)
				err := newClient(t, w.url).AllowGeneration(t.Context(), user.User, "pin")
				if user.Want == "" {
					wantRefused(t, w, err, "allowGeneration", tc.Value)
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				segments := strings.Split(w.one(t).uri, "/")
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

// wantRefused checks that nothing was sent and that the error does not show the
// value.
func wantRefused(t *testing.T, w *wire, err error, operation, value string) {
	t.Helper()
	var e *passwords.Error
	if !errors.As(err, &e) || !errors.Is(err, passwords.ErrInvalidArgument) || e.Operation != operation || e.StatusCode != 0 {
		t.Fatalf("got %v, want ErrInvalidArgument", err)
	}
	if len(value) > 2 && value != "passwords" && strings.Contains(err.Error(), value) {
		t.Error("the error shows the value")
	}
	if w.count() != 0 {
		t.Error("a request was sent")
	}
}

func TestPasswordTypesArriveAsNamed(t *testing.T) {
	t.Parallel()
	for _, tc := range pathcases.Types() {
		t.Run(tc.Name, func(t *testing.T) {
			t.Parallel()
			w := newWire(t, noContent)
			err := newClient(t, w.url).DisablePassword(t.Context(), passwords.Self(), tc.Value)
			if tc.Refused {
				wantRefused(t, w, err, "disablePassword", tc.Value)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			segments := strings.Split(w.one(t).uri, "/")
			if len(segments) != 6 || segments[5] != "disable" {
				t.Fatalf("another operation was reached: %q", segments)
			}
			if got, err := url.PathUnescape(segments[4]); err != nil || got != tc.Value {
				t.Errorf("the type %q arrived, want %q", got, tc.Value)
			}
		})
	}
}

func TestTypeListDataIsRefusedWhereItIsAnotherOperation(t *testing.T) {
	t.Parallel()
	w := newWire(t, jsonReply(200, `{}`))
	_, err := newClient(t, w.url).GetUserPasswordsData(t.Context(), passwords.Self(), pathcases.ListData)
	wantRefused(t, w, err, "getUserPasswordsData", pathcases.ListData)
}

func TestUsersThatNameNobodyAreRefused(t *testing.T) {
	t.Parallel()
	w := newWire(t, noContent)
	client := newClient(t, w.url)
	wantRefused(t, w, client.DisablePassword(t.Context(), nil, "login"), "disablePassword", "")
	wantRefused(t, w, client.DisablePassword(t.Context(), passwords.ManagedUser{}, "login"), "disablePassword", "")
	var nothing context.Context
	wantRefused(t, w, client.DisablePassword(nothing, passwords.Self(), "login"), "disablePassword", "")
}

func TestEmptyListElementsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWire(t, jsonReply(200, `[]`))
	client := newClient(t, w.url)
	_, err := client.ListUserPasswords(t.Context(), passwords.Self(), "status", "")
	wantRefused(t, w, err, "listUserPasswords", "")
	_, err = client.GetUserPasswordsListData(t.Context(), passwords.Self(), "")
	wantRefused(t, w, err, "getUserPasswordsListData", "")
	_, err = client.GetUserPasswordsData(t.Context(), passwords.Self(), "login", "")
	wantRefused(t, w, err, "getUserPasswordsData", "")
	err = client.ResetAndSendPassword(t.Context(), passwords.Principal("ana"), "login", "")
	wantRefused(t, w, err, "resetAndSendPassword", "")
}

package hardening

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/hardening/internal/echo"
	"github.com/cyclos-go/passwords/hardening/internal/held"
	"github.com/cyclos-go/passwords/hardening/internal/leak"
	"github.com/cyclos-go/passwords/hardening/internal/sink"
)

// echoes are answers that hold what was sent, in whatever place there is.
func echoes() map[string]echo.Answer {
	plain := func(echoed []string) string { return strings.Join(echoed, " ") }
	asObject := func(echoed []string) string {
		all := strings.Join(echoed, " ")
		return mustJSON(map[string]any{
			"code": all, "key": all, "entityType": all, "userStatus": all, "passwordStatus": all, "smsStatus": all,
			"kind": all, "exceptionType": all, "exceptionMessage": all, "value": all,
			"properties": echoed, "generalErrors": echoed, "propertyErrors": map[string][]string{all: echoed},
			"passwordType": map[string]string{"id": all, "internalName": all, "name": all},
		})
	}
	all := map[string]echo.Answer{
		"HTML 403":       {Status: 403, MediaType: "text/html", Body: plain},
		"HTML 200":       {Status: 200, MediaType: "text/html", Body: plain},
		"malformed 200":  {Status: 200, MediaType: "application/json", Body: plain},
		"charset 200":    {Status: 200, MediaType: "text/plain;charset=utf-16", Body: plain},
		"cut 200":        {Status: 200, MediaType: "text/plain", Body: plain, Cut: true},
		"cut 403":        {Status: 403, MediaType: "application/json", Body: asObject, Cut: true},
		"redirect":       {Status: 302, MediaType: "text/html", Body: plain},
		"other success":  {Status: 202, MediaType: "text/plain", Body: plain},
		"wrong protocol": {Status: 1000, MediaType: "text/plain", Body: plain},
	}
	for _, status := range []int{401, 403, 404, 405, 409, 422, 500, 503} {
		all["JSON "+strconv.Itoa(status)] = echo.Answer{Status: status, MediaType: "application/json", Body: asObject}
	}
	return all
}

// failureFor returns the error of a call that sends secrets to a server which
// echoes them.
func failureFor(ctx context.Context, answer echo.Answer) (*passwords.Error, error) {
	server := echo.Serve(answer)
	defer server.Close()
	secret := passwords.NewSecret(secretValue)
	authentication := passwords.WithBasicAuth("ana", basicValue)
	if answer.Status == 200 {
		authentication = passwords.WithSessionToken(sessionValue)
	}
	client, err := passwords.New(server.URL+"/api", authentication)
	if err != nil {
		return nil, err
	}
	defer client.CloseIdleConnections()
	if answer.Status == 200 { // which is what this operation promises
		_, err = client.ChangeGenerated(ctx, "pin", secret)
	} else {
		err = client.ChangePassword(ctx, passwords.Self(), "login", passwords.ChangePassword{OldPassword: secret, NewPassword: secret})
	}
	var failure *passwords.Error
	if !errors.As(err, &failure) {
		return nil, errors.New("the call did not fail as it should")
	}
	return failure, nil
}

// walkers are the sinks, other than the dumps, that print fields in spite of
// the methods of a type.
var walkers = []string{
	"pretty.Diff", "testify Equal", "testify Equal reversed", "testify EqualValues", "testify ElementsMatch", "testify require.Equal",
	"cmp.Diff", "cmp.Diff the other way", "cmp.Diff unexported", "cmp.Diff with another type", "cmp.Diff in a slice",
}

// pastMethods are the places where package fmt calls no methods.
var pastMethods = []string{"unexported field", "pointer to unexported field", "pointer fields", "unexported interface field", "deep"}

// showsBodies says whether no method can keep a sink from the exported fields
// in which callers read the body of an answer.
func showsBodies(s sink.Sink, h held.Holder) bool {
	// What %p and a misplaced %w make of a value is not up to its methods either.
	_, isError := h.Value.(error)
	if s.Name == "fmt %p" || s.Name == "fmt %w" || strings.HasPrefix(s.Name, "fmt.Errorf %w") && !isError {
		return true
	}
	return s.Dump || slices.Contains(walkers, s.Name) || slices.Contains(pastMethods, h.Name)
}

// TestNoSinkShowsWhatAServerEchoes prints the errors for answers that hold the
// credentials and the values. What is not the body of an API error shows
// nowhere.
func TestNoSinkShowsWhatAServerEchoes(t *testing.T) {
	t.Parallel()
	search := leak.ForParts(append(credentials(), secretValue, echo.Generated)...)
	for name, answer := range echoes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failure, err := failureFor(t.Context(), answer)
			if err != nil {
				t.Fatal(err)
			}
			hasBody := failure.Code != "" || failure.NotFound != nil || failure.Server != nil
			covers := func(s sink.Sink, h held.Holder) bool { return !hasBody || !showsBodies(s, h) }
			for kind, holders := range map[string][]held.Holder{"pointer": held.Everywhere(failure), "value": held.Everywhere(*failure)} {
				t.Run(kind, func(t *testing.T) {
					t.Parallel()
					checkSinks(t, search, holders, covers)
				})
			}
		})
	}
}

package responses

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit"
)

const (
	// responseMark is the part of the responses that no error may show.
	responseMark = "zq9mark7x"

	jsonType   = "application/json"
	htmlPage   = "<!DOCTYPE html><html><body>" + responseMark + "</body></html>"
	goodObject = `{"status":"active","date":"2018-06-25T10:17:37.085+02:00","type":{"id":"7","internalName":"` + responseMark +
		`","mode":"manual"},"permissions":{"change":true},"history":[{"action":"change","by":{"display":"` + responseMark + `"}}]}`
)

// kind stands for the operations whose responses have the same form.
type kind struct {
	testkit.Operation
	// mediaType and body belong to a valid response.
	mediaType, body string
}

var (
	listKind    = kind{testkit.OperationByID("listUserPasswords"), jsonType, "[" + goodObject + "," + goodObject + "]"}
	objectKind  = kind{testkit.OperationByID("getUserPasswordsData"), jsonType, goodObject}
	dataKind    = kind{testkit.OperationByID("getUserPasswordsListData"), jsonType, `{"passwords":[` + goodObject + `],"sendMediums":["sms"]}`}
	commandKind = kind{testkit.OperationByID("disablePassword"), "", ""}
	secretKind  = kind{testkit.OperationByID("generatePassword"), "text/plain;charset=UTF-8",
		responseMark + "-generated-0123456789-abcdefghijklmnopqrstuvwxyz"}
	kinds = []kind{listKind, objectKind, dataKind, commandKind, secretKind}
)

// call reports whether any value was returned.
func (k kind) call(ctx context.Context, c *passwords.Client) (value bool, err error) {
	got, err := k.Do(ctx, c)
	return got != nil && !reflect.ValueOf(got).IsZero(), err
}

// TestKindsCoverTheOperations fails if the API gets a new form of responses. Those of
// sessions have tests of their own.
func TestKindsCoverTheOperations(t *testing.T) {
	t.Parallel()
	for _, o := range gen.Operations {
		if o.Tag == "Passwords" && !slices.ContainsFunc(kinds, func(k kind) bool {
			known := gen.OperationID(k.ID).Operation()
			return known.Status == o.Status && known.MediaType == o.MediaType && known.List == o.List && known.Safe == o.Safe
		}) {
			t.Errorf("%s: no kind has responses of this form: add one to kinds", o.ID)
		}
	}
}

// want is the expected failure of a call. None of the responses that fail says that
// the operation did not take place.
type want struct {
	status  int
	is, not []error
}

// unexpected is the failure for a response that does not match the operation.
func unexpected(status int) want {
	return want{status: status, is: []error{passwords.ErrUnexpectedResponse}}
}

// noResponse is the failure for a head that cannot be parsed.
var noResponse = want{not: []error{passwords.ErrUnexpectedResponse, passwords.ErrServer}}

// check makes the call and returns how the failure differs from w, "" if it does
// not. The result contains nothing of the response.
func (k kind) check(ctx context.Context, c *passwords.Client, w want) string {
	// Only a call that hangs takes that long.
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	// The server may close the connection after its response. The tests of reuse
	// cover connections that stay open.
	defer c.CloseIdleConnections()
	value, err := k.call(ctx, c)
	if ctx.Err() != nil {
		return "the call did not end"
	}
	var e *passwords.Error
	if !errors.As(err, &e) {
		return fmt.Sprintf("the error is a %T", err)
	}
	switch {
	case value:
		return "a value came with the error"
	case e.Operation != k.ID:
		return "the operation is " + e.Operation
	case e.StatusCode != w.status:
		return fmt.Sprintf("the status is %d, want %d", e.StatusCode, w.status)
	}
	for _, target := range w.is {
		if !errors.Is(err, target) {
			return fmt.Sprintf("the error does not match %q", target)
		}
	}
	for _, target := range w.not {
		if errors.Is(err, target) {
			return fmt.Sprintf("the error matches %q", target)
		}
	}
	if unknown := k.Method != http.MethodGet; errors.Is(err, passwords.ErrOutcomeUnknown) != unknown {
		return fmt.Sprintf("the outcome is unknown: %t, want %t", !unknown, unknown)
	}
	encoded, _ := json.Marshal(err)
	text := fmt.Sprintf("%v %+v %#v %q %s", err, err, err, err, encoded)
	if strings.Contains(text, responseMark) || strings.Contains(text, testkit.Token) {
		return "the error shows the response or a credential"
	}
	return ""
}

// must fails the test if check finds a problem. The name is that of the case.
func (k kind) must(t *testing.T, name string, c *passwords.Client, w want) {
	t.Helper()
	if problem := k.check(t.Context(), c, w); problem != "" {
		t.Errorf("%s, %s: %s", k.ID, name, problem)
	}
}

// mustInOrder sends a response to each of as many calls, which must all fail.
func (k kind) mustInOrder(t *testing.T, responses []string, w want) {
	t.Helper()
	client := newClient(t, serve(t, responses...).url)
	for n := range responses {
		k.must(t, fmt.Sprint("response ", n), client, w)
	}
}

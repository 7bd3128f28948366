package responses

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/gen"
)

// responseMark is the part of the responses that no error may show.
const responseMark = "zq9mark7x"

// kind stands for the operations whose responses have the same form.
type kind struct {
	gen.Operation
	// mediaType and body belong to a valid response.
	mediaType, body string
	// call reports whether any value was returned.
	call func(ctx context.Context, c *passwords.Client) (value bool, err error)
}

const goodObject = `{"status":"active","date":"2018-06-25T10:17:37.085+02:00","type":{"id":"7","internalName":"` + responseMark +
	`","mode":"manual"},"permissions":{"change":true},"history":[{"action":"change","by":{"display":"` + responseMark + `"}}]}`

func listKind() kind {
	return kind{gen.OperationListUserPasswords.Operation(), jsonType, "[" + goodObject + "," + goodObject + "]",
		func(ctx context.Context, c *passwords.Client) (bool, error) {
			value, err := c.ListUserPasswords(ctx, passwords.Self())
			return value != nil, err
		}}
}

func objectKind() kind {
	return kind{gen.OperationGetUserPasswordsData.Operation(), jsonType, goodObject,
		func(ctx context.Context, c *passwords.Client) (bool, error) {
			value, err := c.GetUserPasswordsData(ctx, passwords.Self(), "login")
			return value != nil, err
		}}
}

func dataKind() kind {
	return kind{gen.OperationGetUserPasswordsListData.Operation(), jsonType, `{"passwords":[` + goodObject + `],"sendMediums":["sms"]}`,
		func(ctx context.Context, c *passwords.Client) (bool, error) {
			value, err := c.GetUserPasswordsListData(ctx, passwords.Self())
			return value != nil, err
		}}
}

func commandKind() kind {
	return kind{gen.OperationDisablePassword.Operation(), "", "",
		func(ctx context.Context, c *passwords.Client) (bool, error) {
			return false, c.DisablePassword(ctx, passwords.Self(), "login")
		}}
}

func secretKind() kind {
	return kind{gen.OperationGeneratePassword.Operation(), "text/plain;charset=UTF-8", responseMark + "-generated-0123456789-abcdefghijklmnopqrstuvwxyz",
		func(ctx context.Context, c *passwords.Client) (bool, error) {
			value, err := c.GeneratePassword(ctx, "pin")
			return !value.IsZero(), err
		}}
}

func kinds() []kind { return []kind{listKind(), objectKind(), dataKind(), commandKind(), secretKind()} }

// TestKindsCoverTheOperations fails if the API gets a new form of responses.
func TestKindsCoverTheOperations(t *testing.T) {
	t.Parallel()
	for _, o := range gen.Operations {
		if !slices.ContainsFunc(kinds(), func(k kind) bool {
			return k.Status == o.Status && k.MediaType == o.MediaType && k.List == o.List && k.Safe == o.Safe
		}) {
			t.Errorf("%s: no kind has responses of this form: add one to kinds", o.ID)
		}
	}
}

// want is the expected failure of a call.
type want struct {
	status  int
	is, not []error
	// known is set if the response tells that the operation did not take place.
	known bool
}

// unexpected is the failure for a response that does not match the operation.
func unexpected(status int) want {
	return want{status: status, is: []error{passwords.ErrUnexpectedResponse}}
}

// longest bounds calls without a timeout: only a call that hangs takes that long.
const longest = 30 * time.Second

// check makes the call and returns how the failure differs from w, "" if it does
// not. The result contains nothing of the response.
func (k kind) check(ctx context.Context, c *passwords.Client, w want) string {
	ctx, cancel := context.WithTimeout(ctx, longest)
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
	case e.Operation != string(k.ID):
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
	if unknown := !k.Safe && !w.known; errors.Is(err, passwords.ErrOutcomeUnknown) != unknown {
		return fmt.Sprintf("the outcome is unknown: %t, want %t", !unknown, unknown)
	}
	text, _ := json.Marshal(err)
	for _, text := range []string{err.Error(), fmt.Sprintf("%+v %#v %q", err, err, err), string(text)} {
		if strings.Contains(text, responseMark) || strings.Contains(text, sessionValue) {
			return "the error shows the response or a credential"
		}
	}
	return ""
}

// must fails the test if check finds a problem.
func (k kind) must(t *testing.T, c *passwords.Client, w want) {
	t.Helper()
	if problem := k.check(t.Context(), c, w); problem != "" {
		t.Errorf("%s: %s", k.ID, problem)
	}
}

package hardening

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cyclos-go/passwords"
)

// answerMark stands in the answers where nothing of them may show.
const answerMark = "zq9mark7x"

// kind is a kind of operation: all operations of one kind are read alike.
type kind struct {
	operation string
	status    int
	// mediaType and body are of a good answer.
	mediaType, body string
	// call reports whether any value was returned.
	call func(ctx context.Context, c *passwords.Client) (value bool, err error)
}

const goodObject = `{"status":"active","date":"2018-06-25T10:17:37.085+02:00","type":{"id":"7","internalName":"` + answerMark +
	`","mode":"manual"},"permissions":{"change":true},"history":[{"action":"change","by":{"display":"` + answerMark + `"}}]}`

func listKind() kind {
	return kind{"listUserPasswords", 200, "application/json", "[" + goodObject + "," + goodObject + "]",
		func(ctx context.Context, c *passwords.Client) (bool, error) {
			value, err := c.ListUserPasswords(ctx, passwords.Self())
			return value != nil, err
		}}
}

func objectKind() kind {
	return kind{"getUserPasswordsData", 200, "application/json", goodObject,
		func(ctx context.Context, c *passwords.Client) (bool, error) {
			value, err := c.GetUserPasswordsData(ctx, passwords.Self(), "login")
			return value != nil, err
		}}
}

func dataKind() kind {
	return kind{"getUserPasswordsListData", 200, "application/json", `{"passwords":[` + goodObject + `],"sendMediums":["sms"]}`,
		func(ctx context.Context, c *passwords.Client) (bool, error) {
			value, err := c.GetUserPasswordsListData(ctx, passwords.Self())
			return value != nil, err
		}}
}

func commandKind() kind {
	return kind{"disablePassword", 204, "", "",
		func(ctx context.Context, c *passwords.Client) (bool, error) {
			return false, c.DisablePassword(ctx, passwords.Self(), "login")
		}}
}

func secretKind() kind {
	return kind{"generatePassword", 200, "text/plain;charset=UTF-8", answerMark + "-generated-0123456789-abcdefghijklmnopqrstuvwxyz",
		func(ctx context.Context, c *passwords.Client) (bool, error) {
			value, err := c.GeneratePassword(ctx, "pin")
			return !value.IsZero(), err
		}}
}

func kinds() []kind { return []kind{listKind(), objectKind(), dataKind(), commandKind(), secretKind()} }

// reads reports whether the operation changes nothing.
func (k kind) reads() bool {
	return !strings.HasPrefix(k.operation, "disable") && k.operation != "generatePassword"
}

// want is how a call fails.
type want struct {
	status  int
	is, not []error
	// known is set if the server says itself that it did not do it.
	known bool
}

// unexpected is what a misread answer with a status would be.
func unexpected(status int) want {
	return want{status: status, is: []error{passwords.ErrUnexpectedResponse}}
}

// longest is more than any answer may take where the client has no timeout to
// end it: nothing comes near it but a hang.
const longest = 30 * time.Second

// check makes the call and returns what is wrong with how it fails, "" if
// nothing is. No text of the answer is in it.
func (k kind) check(ctx context.Context, c *passwords.Client, w want) string {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	// A server that closes the connection behind its answer must not break the
	// next call: TestReuse has connections live on.
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
	case e.Operation != k.operation:
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
	if unknown := !k.reads() && !w.known; errors.Is(err, passwords.ErrOutcomeUnknown) != unknown {
		return fmt.Sprintf("the outcome is unknown: %t, want %t", !unknown, unknown)
	}
	text, _ := json.Marshal(err)
	for _, text := range []string{err.Error(), fmt.Sprintf("%+v %#v %q", err, err, err), string(text)} {
		if strings.Contains(text, answerMark) || strings.Contains(text, sessionValue) {
			return "the error shows the answer or a credential"
		}
	}
	return ""
}

// must fails the test if check finds something.
func (k kind) must(t *testing.T, c *passwords.Client, w want) {
	t.Helper()
	if problem := k.check(t.Context(), c, w); problem != "" {
		t.Errorf("%s: %s", k.operation, problem)
	}
}

// framed returns an answer with the length of its body.
func framed(status int, mediaType, body string) string {
	return framedAs(status, mediaType, body, len(body))
}

// framedAs returns an answer that claims to have a body of length bytes.
func framedAs(status int, mediaType, body string, length int, headers ...string) string {
	return head(status, mediaType, append(headers, fmt.Sprintf("Content-Length: %d", length))...) + body
}

// head returns the head of an answer, without Content-Type for "".
func head(status int, mediaType string, headers ...string) string {
	text := fmt.Sprintf("HTTP/1.1 %03d X\r\n", status)
	if mediaType != "" {
		text += "Content-Type: " + mediaType + "\r\n"
	}
	for _, header := range headers {
		text += header + "\r\n"
	}
	return text + "\r\n"
}

// chunks returns the body in chunks of size bytes, with their end.
func chunks(body string, size int) string {
	var text strings.Builder
	for len(body) > 0 {
		n := min(size, len(body))
		fmt.Fprintf(&text, "%x\r\n%s\r\n", n, body[:n])
		body = body[n:]
	}
	return text.String() + "0\r\n\r\n"
}

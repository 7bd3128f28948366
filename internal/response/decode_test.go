package response_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/response"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestUnpromisedResponsesAreErrors covers responses with the status of a
// successful call and a body that the operation does not promise.
func TestUnpromisedResponsesAreErrors(t *testing.T) {
	t.Parallel()
	with := func(contentType, body string) testkit.Reply {
		return testkit.Reply{Status: 200, Header: map[string]string{"Content-Type": contentType}, Body: body}
	}
	list, generate := testkit.OperationByID("listUserPasswords"), testkit.OperationByID("generatePassword")
	for name, tc := range map[string]struct {
		op    testkit.Operation
		reply testkit.Reply
	}{
		"HTML":                        {list, with("text/html", "<h1>leak-me</h1>")},
		"HTML as JSON":                {list, with("application/json", "<h1>leak-me</h1>")},
		"JSON as HTML":                {list, with("text/html", "[]")},
		"not quite JSON":              {list, with("application/jsonx", "[]")},
		"no media type":               {list, with("", "[]")},
		"malformed media type":        {list, with("application/json; =", "[]")},
		"unknown charset":             {list, with("application/json; charset=utf-16", "[]")},
		"invalid UTF-8":               {list, with("application/json", "[{\"status\":\"leak-me\xff\"}]")},
		"empty":                       {list, with("application/json", "")},
		"null":                        {list, with("application/json", " null ")},
		"object for a list":           {list, with("application/json", `{"leak-me":1}`)},
		"string for an object":        {list, with("application/json", `["leak-me"]`)},
		"truncated":                   {list, with("application/json", `[{"status":"leak-me"`)},
		"trailing data":               {list, with("application/json", `[] "leak-me"`)},
		"duplicate names":             {list, with("application/json", `[{"status":"active","status":"leak-me"}]`)},
		"byte order mark":             {list, with("application/json", "\ufeff[]")},
		"number for a string":         {list, with("application/json", `[{"status":123}]`)},
		"malformed date":              {list, with("application/json", `[{"date":"leak-me"}]`)},
		"number for a date":           {list, with("application/json", `[{"date":1}]`)},
		"larger than 1 MiB":           {list, with("application/json", strings.Repeat(" ", 1<<20)+"[]")},
		"204 for a list":              {list, testkit.Reply{Status: 204}},
		"202 for a list":              {list, testkit.Reply{Status: 202, Header: map[string]string{"Content-Type": "application/json"}, Body: "[]"}},
		"null for an object":          {testkit.OperationByID("getUserPasswordsListData"), with("application/json", "null")},
		"200 for a command":           {testkit.OperationByID("disablePassword"), with("application/json", `{}`)},
		"HTML for a secret":           {generate, with("text/html", "<h1>leak-me</h1>")},
		"empty secret":                {generate, with("text/plain", "")},
		"empty JSON secret":           {generate, with("application/json", `""`)},
		"null secret":                 {generate, with("application/json", `null`)},
		"object for a secret":         {generate, with("application/json", `{"leak-me":1}`)},
		"no media type for a secret":  {generate, with("", "leak-me")},
		"other charset for a secret":  {generate, with("text/plain; charset=koi8-r", "leak-me")},
		"invalid UTF-8 for a secret":  {generate, with("text/plain", "leak-me\xff")},
		"204 for a secret":            {generate, testkit.Reply{Status: 204}},
		"byte order mark in a secret": {generate, with("text/plain", "\ufeffleak-me")},
		"more than US-ASCII":          {generate, with("text/plain; charset=us-ascii", "leak-mé")},
		"empty charset":               {generate, with(`text/plain; charset=""`, "leak-me")},
		"control character":           {generate, with("text/plain", "leak-me\x00")},
		"escaped control character":   {generate, with("application/json", `"leak-me\u007f"`)},
		"gzip as ISO-8859-1":          {generate, with("text/plain; charset=iso-8859-1", "\x1f\x8b\x08\x00leak-me")},
		"HTML as text":                {generate, with("text/plain", " <!doctype HTML><p>leak-me")},
		"no-break space":              {generate, with("text/plain", "leak\u00a0me")},
		"replacement character":       {generate, with("text/plain", "leak-me\ufffd")},
		"HTML in a JSON string":       {generate, with("application/json", `"<html>leak-me"`)},
		"null in a list":              {list, with("application/json", `[null]`)},
		"null in the history":         {testkit.OperationByID("getUserPasswordsData"), with("application/json", `{"history":[{},null]}`)},
		"null in the send mediums":    {testkit.OperationByID("getUserPasswordsListData"), with("application/json", `{"sendMediums":["sms",null]}`)},
		"null in the buttons":         {testkit.OperationByID("getUserPasswordsListData"), with("application/json", `{"confirmationPasswordInput":{"buttons":[["1"],null]}}`)},
		"null in the passwords":       {testkit.OperationByID("getUserPasswordsListData"), with("application/json", `{"passwords":[null]}`)},
		"compressed without being requested": {generate, testkit.Reply{Status: 200, Body: "leak-me",
			Header: map[string]string{"Content-Type": "text/plain; charset=iso-8859-1", "Content-Encoding": "br"}}},
		"more than JSON for a secret": {generate, with("application/json", "\"leak-me\"\v")},
		"truncated JSON for a secret": {generate, with("application/json", `"leak-me`)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := testkit.Serve(t, tc.reply)
			value, err := tc.op.Do(t.Context(), testkit.NewClient(t, server))
			var e *passwords.Error
			if !errors.As(err, &e) || !errors.Is(err, passwords.ErrUnexpectedResponse) || e.Operation != tc.op.ID || e.StatusCode != tc.reply.Status {
				t.Fatalf("got %v", err)
			}
			if strings.Contains(err.Error(), "leak-me") {
				t.Errorf("the error shows the body")
			}
			switch value := value.(type) {
			case passwords.Secret:
				if !value.IsZero() {
					t.Error("a value was returned with the error")
				}
			case []passwords.PasswordStatusAndType:
				if value != nil {
					t.Error("a value was returned with the error")
				}
			}
		})
	}
}

// TestObjectsThatAreNoResult: an object without any property of the result is the
// body of something else. It may be empty if the caller selected fields.
func TestObjectsThatAreNoResult(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		body         string
		whole, parts bool // accepted without and with fields
	}{
		{`{}`, false, true},
		{`{"error":"maintenance"}`, false, false},
		{`{"error":"maintenance","status":null,"passwords":null}`, true, true},
		{`{"error":{"status":"active"}}`, false, false},
		{`{"st\u0061tus":"active","user":null}`, true, true},
		{`{"type":{"unknown":1},"user":{}}`, true, true},
	} {
		for _, fields := range [][]string{nil, {"history"}} {
			want := tc.whole
			if fields != nil {
				want = tc.parts
			}
			for name, call := range map[string]func(*passwords.Client) error{
				"list": func(c *passwords.Client) error {
					_, err := c.ListUserPasswords(t.Context(), passwords.Self(), fields...)
					return err
				},
				"list data": func(c *passwords.Client) error {
					_, err := c.GetUserPasswordsListData(t.Context(), passwords.Self(), fields...)
					return err
				},
				"data": func(c *passwords.Client) error {
					_, err := c.GetUserPasswordsData(t.Context(), passwords.Self(), "login", fields...)
					return err
				},
			} {
				body := tc.body
				if name == "list" {
					body = `[{"status":"active"},` + body + `]`
				}
				err := call(testkit.NewClient(t, testkit.Serve(t, testkit.JSON(200, body))))
				if want && err != nil || !want && !errors.Is(err, passwords.ErrUnexpectedResponse) {
					t.Errorf("%s of %v: %s: got %v", name, fields, tc.body, err)
				}
			}
		}
	}
}

// TestPagesAreNotValues sends markup, JSON objects and values with characters that no
// password type has, as text and in a JSON string, and values that only look like it.
func TestPagesAreNotValues(t *testing.T) {
	t.Parallel()
	bad := []string{
		`<?xml version="1.0"?><!DOCTYPE html>`, "<!-- x --><html>", "<head>", "<body>", "<h1>", "<H1 class=x>", "<html", "<html/>", "<title>x", "<script>x",
		"\r\n\t <html>", "<!DOCTYPE\nhtml>", "<p>not now</p>", "<Error><Code>x</Code></Error>\n", "<center>\n<b>x</b></center>", "<a href=x>x</a>",
		"<p>Service unavailable", "<div class=x>\n<p>x", "<font\tcolor=red>x", `{"error":"maintenance"}`, " {}\n", `{ "\"\\" : 1, "b": [{}] }`, " \r\n\t", "\u2800",
		"\u200bx", "x\u202ey", "x\ufeff", "\ufeff<html>", "x\u2028", "x\u2029", "x\u00ad", "x\ue000", "x\U000e0041", "x\u0378", "x\u2060", "x\ufe0f", "x\u3164", "x\u034f", "x\x7f",
	}
	good := []string{
		"<", "<<", "<3abc", "<html5>", "<h1x", "<h7>", "<header1", "<a9x", "<x>", "<x/>y", "x<html>", "< html>", "<p>x</", "</html>", "?xml", "<bodyguard", "<p>x\n", "{a}", `{"a"}`, `{"a":1}x`, `x{"a":1}`, "{x", `"a":{}`, "[1]", "é", "日本", "x😀", "a b", "!--",
	}
	for i, value := range slices.Concat(bad, good) {
		quoted, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		for media, body := range map[string]string{"text/plain": value, "application/json": string(quoted)} {
			reply := testkit.Reply{Status: 200, Header: map[string]string{"Content-Type": media}, Body: body}
			got, err := testkit.NewClient(t, testkit.Serve(t, reply)).GeneratePassword(t.Context(), "pin")
			if i < len(bad) && (!got.IsZero() || !errors.Is(err, passwords.ErrUnexpectedResponse) || !errors.Is(err, passwords.ErrOutcomeUnknown)) ||
				i >= len(bad) && (err != nil || got.Reveal() != value) {
				t.Errorf("%q as %s: refused: %t, %v", value, media, got.IsZero(), err)
			}
		}
	}
}

func TestSecretsArriveAsTheyAre(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ contentType, body, want string }{
		"text":                    {"text/plain", "a1", "a1"},
		"text with charset":       {"text/plain;charset=UTF-8", "é", "é"},
		"text in quotes":          {"text/plain; charset=us-ascii", `"a"`, `"a"`},
		"white space":             {"text/plain", " a\n", " a\n"},
		"ISO-8859-1":              {"text/plain; charset=ISO-8859-1", "\xe9", "é"},
		"UTF-8 without charset":   {"text/plain", "é", "é"},
		"JSON string":             {"application/json", `"aé\"\u00e9"`, `aé"é`},
		"JSON in ISO-8859-1":      {"application/json; charset=ISO-8859-1", "\"\xe9\"", "é"},
		"JSON of another type":    {"application/vnd.x+json", `"a"`, "a"},
		"media type in uppercase": {"TEXT/PLAIN", "a", "a"},
		"angle bracket":           {"text/plain", "<htmx>", "<htmx>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := testkit.Serve(t, testkit.Reply{Status: 200, Header: map[string]string{"Content-Type": tc.contentType}, Body: tc.body})
			got, err := testkit.NewClient(t, server).GeneratePassword(t.Context(), "pin")
			if err != nil || !got.Equal(passwords.NewSecret(tc.want)) {
				t.Errorf("the value differs, or the call failed: %v", err)
			}
		})
	}
}

func TestDatesAreReadLeniently(t *testing.T) {
	t.Parallel()
	cest := time.FixedZone("", 2*60*60)
	for text, want := range map[string]time.Time{
		`"2018-06-25T10:17:37.085+02:00"`:       time.Date(2018, 6, 25, 10, 17, 37, 85e6, cest),
		`"2018-06-25T10:17:37+02:00"`:           time.Date(2018, 6, 25, 10, 17, 37, 0, cest),
		`"2018-06-25T10:17:37.123456789+02:00"`: time.Date(2018, 6, 25, 10, 17, 37, 123456789, cest),
		`"2018-06-25T10:17:37.085Z"`:            time.Date(2018, 6, 25, 10, 17, 37, 85e6, time.UTC),
		`"2018-06-25T10:17:37.085+0200"`:        time.Date(2018, 6, 25, 10, 17, 37, 85e6, cest),
		`"2018-06-25T10:17:37.085+02"`:          time.Date(2018, 6, 25, 10, 17, 37, 85e6, cest),
		`"2018-06-25T10:17+02:00"`:              time.Date(2018, 6, 25, 10, 17, 0, 0, cest),
		`"2018-06-25T10:17:37.085"`:             time.Date(2018, 6, 25, 10, 17, 37, 85e6, time.UTC),
		`"2018-06-25T10:17:37"`:                 time.Date(2018, 6, 25, 10, 17, 37, 0, time.UTC),
		`null`:                                  {},
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			server := testkit.Serve(t, testkit.JSON(200, fmt.Sprintf(`{"date":%s,"history":[{"date":%s}]}`, text, text)))
			got, err := testkit.NewClient(t, server).GetUserPasswordsData(t.Context(), passwords.Self(), "login")
			if err != nil || !got.Date.Equal(want) || !got.History[0].Date.Equal(want) {
				t.Errorf("got %v, %v; want %v", got, err, want)
			}
		})
	}
}

// TestNewerServersAreUnderstood covers unknown properties and values, and null for
// an absent property.
func TestNewerServersAreUnderstood(t *testing.T) {
	t.Parallel()
	server := testkit.Serve(t, testkit.JSON(200, `{"status":"fromTheFuture","unknown":{"a":[1,2]},"permissions":null,"history":null,
		"requireOldPasswordForChange":null,"type":{"mode":"quantum","minLength":null,"name":null}}`))
	got, err := testkit.NewClient(t, server).GetUserPasswordsData(t.Context(), passwords.Self(), "login")
	if err != nil {
		t.Fatal(err)
	}
	if got.Status != "fromTheFuture" || got.Status.Valid() || got.Type.Mode != "quantum" || got.Permissions != nil || got.History != nil {
		t.Errorf("got %+v", got)
	}
}

// TestJSONProblemsSayWhere: errors name the position, and quote nothing.
func TestJSONProblemsSayWhere(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`[{"status":1}]`:              "the JSON after byte 12 is not of type string",
		`[{"date":"leak-me"}]`:        "the JSON after byte 18 is not of type date",
		`{"leak-me":1}`:               "the JSON after byte 0 is not of type list",
		`[{]`:                         "the JSON is malformed at byte 2",
		`["leak-me`:                   "the JSON after byte 1 is not of type object",
		`[{"status":"leak-me"}`:       "the JSON is malformed at byte 21",
		`[{"leak-me":1,"leak-me":2}]`: "the JSON is malformed at byte 14",
	} {
		client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body))}, nil
		})
		_, err := client.ListUserPasswords(t.Context(), passwords.Self())
		if !errors.Is(err, passwords.ErrUnexpectedResponse) || !strings.HasSuffix(err.Error(), ": "+want) || strings.Contains(err.Error(), "leak") {
			t.Errorf("%s: got %v, want %s", body, err, want)
		}
	}
}

func TestNoPage(t *testing.T) {
	t.Parallel()
	for body, page := range map[string]bool{"": false, "{}": false, "true": false, "<html>": true, "\n<!DOCTYPE html>": true} {
		err := response.NoPage(response.Response{Status: 200, Body: []byte(body)})
		if page != errors.Is(err, response.ErrUnexpected) {
			t.Errorf("%q: got %v", body, err)
		}
	}
}

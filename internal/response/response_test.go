package response_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/response"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestHeadersThatContradict sends a header twice.
func TestHeadersThatContradict(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		header http.Header
		good   bool
	}{
		"media types":                   {http.Header{"Content-Type": {"text/plain", "text/html"}}, false},
		"charsets":                      {http.Header{"Content-Type": {"text/plain", "text/plain; charset=koi8-r"}}, false},
		"encodings":                     {http.Header{"Content-Type": {"text/plain"}, "Content-Encoding": {"identity", "br"}}, false},
		"the same media type":           {http.Header{"Content-Type": {"text/plain", "text/plain"}}, true},
		"encodings that change nothing": {http.Header{"Content-Type": {"text/plain"}, "Content-Encoding": {"", "Identity"}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := testkit.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				for name, values := range tc.header {
					w.Header()[name] = values
				}
				_, _ = io.WriteString(w, "leak-me")
			}))
			value, err := testkit.NewClient(t, server).GeneratePassword(t.Context(), "pin")
			if value.IsZero() == tc.good || errors.Is(err, passwords.ErrUnexpectedResponse) == tc.good {
				t.Errorf("returned a value: %t, error: %v", !value.IsZero(), err)
			}
		})
	}
}

func TestEndlessRetryAfterIsLong(t *testing.T) {
	t.Parallel()
	for _, seconds := range []string{"2147483648", "99999999999999999999"} {
		server := testkit.Serve(t, testkit.Reply{Status: 429, Header: map[string]string{"Retry-After": seconds}})
		err := testkit.NewClient(t, server).EnablePassword(t.Context(), passwords.Principal("ana"), "login")
		var e *passwords.Error
		if !errors.As(err, &e) || e.RetryAfter < 365*24*time.Hour {
			t.Errorf("%s seconds: got %v", seconds, err)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	const date = "Mon, 25 Jun 2018 10:17:37 GMT"
	for value, want := range map[string]time.Duration{
		"7":                             7 * time.Second,
		"0":                             0,
		"2147483648":                    (1<<31 - 1) * time.Second,
		"Mon, 25 Jun 2018 10:18:37 GMT": time.Minute,
		"Mon, 25 Jun 2018 10:16:37 GMT": 0,
		"-1":                            0,
		"soon":                          0,
		"":                              0,
	} {
		r := response.Response{Header: http.Header{"Retry-After": {value}, "Date": {date}}}
		if got := r.RetryAfter(); got != want {
			t.Errorf("%q: got %s, want %s", value, got, want)
		}
	}
}

// TestRetryAfterADateWithoutADateOfTheResponse: the delay is then relative to now.
func TestRetryAfterADateWithoutADateOfTheResponse(t *testing.T) {
	t.Parallel()
	for _, date := range []string{"", "yesterday"} {
		client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
			header := http.Header{"Retry-After": {time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)}, "Date": {date}}
			return &http.Response{StatusCode: 503, Header: header}, nil
		})
		err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
		var e *passwords.Error
		if !errors.As(err, &e) || e.RetryAfter <= 59*time.Minute || e.RetryAfter > time.Hour {
			t.Errorf("Date %q: got %+v", date, e)
		}
	}
}

// TestMislabeledResponses: a mislabeled body is an error if it holds a result, and is
// decoded anyway if it holds the details of an error.
func TestMislabeledResponses(t *testing.T) {
	t.Parallel()
	const latin = "\xe9"
	for name, tc := range map[string]struct {
		header http.Header
		value  string
		want   string
	}{
		"no media type":        {http.Header{}, "", "the media type is missing or ambiguous"},
		"two media types":      {http.Header{"Content-Type": {"text/plain", "application/json"}}, "", "the media type is missing or ambiguous"},
		"malformed media type": {http.Header{"Content-Type": {"text/"}}, "", "the media type is missing or malformed"},
		"encoded":              {http.Header{"Content-Type": {"text/plain"}, "Content-Encoding": {"br"}}, "", "the content encoding was not requested"},
		"not ASCII":            {http.Header{"Content-Type": {"text/plain;charset=us-ascii"}}, "\u00e9", "the text does not match its charset"},
		"barely not ASCII":     {http.Header{"Content-Type": {"text/plain;charset=us-ascii"}}, "\u0080", "the text does not match its charset"},
		"not UTF-8":            {http.Header{"Content-Type": {"text/plain"}}, latin, "the text is not valid UTF-8"},
		"unknown charset":      {http.Header{"Content-Type": {"text/plain;charset=utf-16"}}, "", "the charset is not supported"},
	} {
		status, body := 200, "value"+tc.value
		client := testkit.NewClientOver(t, func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: tc.header, Body: io.NopCloser(strings.NewReader(body))}, nil
		})
		secret, err := client.GeneratePassword(t.Context(), "pin")
		if !secret.IsZero() || !errors.Is(err, passwords.ErrUnexpectedResponse) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %s", name, err, tc.want)
		}
		status, body = 401, `{"code":"login","message":"`+tc.value+`"}`
		if _, err := client.GeneratePassword(t.Context(), "pin"); !passwords.IsCode(err, passwords.CodeLogin) {
			t.Errorf("%s: the code was not decoded: %v", name, err)
		}
	}
}

func TestRedirectOrigin(t *testing.T) {
	t.Parallel()
	base := &url.URL{Scheme: "https", Host: "cyclos.example.org", Path: "/api/"}
	for location, want := range map[string]string{
		"":                                    "",
		"/login?token=leak-me":                "https://cyclos.example.org",
		"//other.example:8443/leak-me":        "https://other.example:8443",
		"http://ana:leak-me@other.example/":   "http://other.example",
		"https://" + strings.Repeat("a", 253): "https://" + strings.Repeat("a", 253),
		"https://" + strings.Repeat("a", 254): "",
		"ftp://other.example/":                "",
		"javascript:alert(1)":                 "",
		"https:///leak-me":                    "",
		"https://other.example:leak-me/":      "",
		"//other.example%zz/":                 "",
	} {
		r := response.Response{Header: http.Header{"Location": {location}}}
		if got := r.RedirectOrigin(base); got != want {
			t.Errorf("%q: got %q, want %q", location, got, want)
		}
	}
}

// TestObject: the code survives whatever else is wrong with the body of an error.
func TestObject(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"code":"login"}`:                         "login",
		"\ufeff \n{\"code\":\"login\"}":            "login",
		`{"code":"x","code":"login"}`:              "login",
		`{"code":"login","message":` + "\"\xff\"}": "login",
		`{"code":"login","status":[{}]}`:           "login",
		`{"Code":"login"}`:                         "",
		`{"code":7}`:                               "",
		`{"code":"login"`:                          "",
		`["login"]`:                                "",
		`null`:                                     "",
		``:                                         "",
	} {
		object := response.Response{Body: []byte(body)}.Object()
		if got := object.Code(); got != want || (object != nil) != strings.Contains(body, "{") {
			t.Errorf("%q: got %q, want %q", body, got, want)
		}
	}
}

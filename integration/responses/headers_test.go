package responses

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// headerMark is part of each value that is rejected.
const headerMark = "zq9head7x"

// newHeaderServer serves TLS with the given major version of HTTP. The option is for
// clients of the server.
func newHeaderServer(t *testing.T, major int) (*testkit.Wire, passwords.Option) {
	t.Helper()
	wire := &testkit.Wire{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != major {
			t.Errorf("HTTP/%d: arrived by %d", major, r.ProtoMajor)
		}
		if err := wire.Record(r); err != nil {
			t.Errorf("reading the request: %T", err)
		}
		testkit.Text("generated").ServeHTTP(w, r)
	}))
	server.EnableHTTP2 = major == 2
	server.StartTLS()
	t.Cleanup(server.Close)
	wire.URL = server.URL
	return wire, passwords.WithHTTPClient(server.Client())
}

// sender is a way to send a value in a header.
type sender struct {
	name, header string
	// option passes the value to the client, beside others. The confirmation is
	// passed by the call.
	option func(value string) passwords.Option
	others []passwords.Option
	// before and after surround the value in the header.
	before, after string
	// wide is set if any text is allowed because it is encoded in base64, principal
	// if the value must not contain a colon.
	wide, principal bool
}

func (s sender) wire(value string) string {
	if s.wide {
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(s.before+value+s.after))
	}
	return s.before + value + s.after
}

const confirmationHeader = "Confirmationpassword"

func senders() []sender {
	edit := passwords.WithRequestEditor
	session := passwords.WithSessionToken(passwords.NewSecret(testkit.Token))
	of := func(option func(passwords.Secret) passwords.Option) func(string) passwords.Option {
		return func(v string) passwords.Option { return option(passwords.NewSecret(v)) }
	}
	return []sender{
		{name: "session token", header: "Session-Token", option: of(passwords.WithSessionToken)},
		{name: "session token source", header: "Session-Token", option: func(v string) passwords.Option {
			return passwords.WithSessionTokenSource(func(context.Context, passwords.Secret) (passwords.Secret, error) { return passwords.NewSecret(v), nil })
		}},
		{name: "session token editor", header: "Session-Token",
			option: func(v string) passwords.Option { return edit(passwords.SessionToken(passwords.NewSecret(v))) }},
		{name: "access client token", header: "Access-Client-Token", option: of(passwords.WithAccessClientToken)},
		{name: "access client editor", header: "Access-Client-Token",
			option: func(v string) passwords.Option { return edit(passwords.AccessClientToken(passwords.NewSecret(v))) }},
		{name: "access client prefix", header: "Access-Client-Token", after: "tail",
			option: of(passwords.WithAccessClientPrefix), others: []passwords.Option{passwords.WithAccessClientToken(passwords.NewSecret("tail"))}},
		{name: "access client token behind a prefix", header: "Access-Client-Token", before: "head",
			option: of(passwords.WithAccessClientToken), others: []passwords.Option{passwords.WithAccessClientPrefix(passwords.NewSecret("head"))}},
		{name: "principal type", header: "Principal-Type",
			option: passwords.WithPrincipalType, others: []passwords.Option{passwords.WithBasicAuth("ana", passwords.NewSecret(testkit.Password))}},
		{name: "channel", header: "Channel", option: passwords.WithChannel, others: []passwords.Option{session}},
		{name: "user agent", header: "User-Agent", after: " cyclos-go-passwords", option: passwords.WithUserAgent, others: []passwords.Option{session}},
		{name: "confirmation", header: confirmationHeader, option: func(string) passwords.Option { return session }},
		{name: "basic principal", header: "Authorization", wide: true, principal: true, after: ":secret",
			option: func(v string) passwords.Option { return passwords.WithBasicAuth(v, passwords.NewSecret("secret")) }},
		{name: "basic principal editor", header: "Authorization", wide: true, principal: true, after: ":secret",
			option: func(v string) passwords.Option { return edit(passwords.BasicAuth(v, passwords.NewSecret("secret"))) }},
		{name: "basic password", header: "Authorization", wide: true, before: "ana:",
			option: func(v string) passwords.Option { return passwords.WithBasicAuth("ana", passwords.NewSecret(v)) }},
		{name: "basic editor", header: "Authorization", wide: true, before: "ana:",
			option: func(v string) passwords.Option { return edit(passwords.BasicAuth("ana", passwords.NewSecret(v))) }},
	}
}

// send sends the value and returns the error of the options or of the call.
func (s sender) send(t *testing.T, url string, client passwords.Option, value string) error {
	t.Helper()
	opts := append([]passwords.Option{client, passwords.WithRetries(0), s.option(value)}, s.others...)
	c, err := passwords.New(url, opts...)
	if err != nil {
		return err
	}
	var confirmation passwords.Secret
	if s.header == confirmationHeader {
		confirmation = passwords.NewSecret(value)
	}
	_, err = c.ChangeGenerated(t.Context(), "pin", confirmation)
	return err
}

// TestInvalidHeadersAreRejected passes values to each sender that a header would
// change in transit, and principals of which a server would take a part for the
// password. Nothing is sent, and the error names the rule but not the value.
func TestInvalidHeadersAreRejected(t *testing.T) {
	t.Parallel()
	type badValue struct{ value, rule string }
	bad := map[string]badValue{
		"empty":           {"", "is empty"},
		"space in front":  {" " + headerMark, "begins or ends with a space"},
		"space behind":    {headerMark + " ", "begins or ends with a space"},
		"only spaces":     {"  ", "begins or ends with a space"},
		"CR LF":           {headerMark + "\r\nX-Evil", "control character"},
		"tab in front":    {"\t" + headerMark, "control character"},
		"letter":          {headerMark + "é", "non-ASCII"},
		"letter in front": {"ß" + headerMark, "non-ASCII"},
		"wide":            {headerMark + "日本", "non-ASCII"},
		"emoji":           {headerMark + "😀", "non-ASCII"},
		"wide space":      {headerMark + "\u3000", "non-ASCII"},
		"no-break space":  {"\u00a0" + headerMark, "non-ASCII"},
		"line separator":  {headerMark + "\u2028X-Evil: 1", "non-ASCII"},
		"next line":       {headerMark + "\u0085", "non-ASCII"},
		"invalid UTF-8":   {headerMark + "\xff", "non-ASCII"},
		"byte order mark": {"\ufeff" + headerMark, "non-ASCII"},
		"full width CR":   {headerMark + "\u560d\u560a", "non-ASCII"},
		"colon":           {headerMark + ":x", "colon"},
		"colon in front":  {":" + headerMark, "colon"},
		"colon behind":    {headerMark + ":", "colon"},
	}
	for r := range rune(0x20) {
		bad[fmt.Sprintf("control %#x", r)] = badValue{headerMark + string(r) + "x", "control character"}
		bad[fmt.Sprintf("control %#x behind", r)] = badValue{headerMark + string(r), "control character"}
	}
	bad["delete"] = badValue{headerMark + "\x7f", "control character"}
	for _, major := range []int{1, 2} {
		server, client := newHeaderServer(t, major)
		for _, s := range senders() {
			for name, tc := range bad {
				rule := tc.rule
				switch {
				case s.header == confirmationHeader && name == "empty":
					continue // means no confirmation
				case rule == "colon" && !s.principal:
					continue
				case s.wide && name == "next line":
					rule = "control character"
				case s.wide && name == "invalid UTF-8":
					rule = "not valid UTF-8"
				case s.wide && rule != "is empty" && rule != "control character" && rule != "colon":
					continue // base64 carries it
				}
				err := s.send(t, server.URL, client, tc.value)
				if !errors.Is(err, passwords.ErrInvalidArgument) || !strings.Contains(err.Error(), rule) {
					t.Errorf("%s, %s: the error does not name the rule %q", s.name, name, rule)
				}
				if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, headerMark) {
					t.Errorf("%s, %s: the error shows the value", s.name, name)
				}
			}
		}
		if count := server.Count(); count != 0 {
			t.Errorf("HTTP/%d: %d requests arrived", major, count)
		}
	}
}

// TestHeadersArrive passes all printable ASCII characters to each sender.
func TestHeadersArrive(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for c := byte('!'); c <= '~'; c++ {
		all.WriteByte(c)
	}
	values := []string{
		all.String(), "a b", "a  b   c", `"quoted"`, `'quoted'`, `back\slash`, "a, b,c", ",", ";", "=", "a=b; c=d", "%41%20", "(comment)",
		"totp:123456", "confirmation:1", "Basic YTpi", "#", "*", "=?utf-8?q?a?=", "null", "0", "http://a/?b#c", strings.Repeat("long ", 800) + "x",
	}
	for c := byte('!'); c <= '~'; c++ {
		values = append(values, string([]byte{'a', ' ', c, ' ', 'b'}))
	}
	for _, major := range []int{1, 2} {
		server, client := newHeaderServer(t, major)
		for _, s := range senders() {
			own := values
			if s.wide {
				own = append([]string{"é", "日本 😀", " edge ", "\u00a0"}, values...)
			}
			for i, value := range own {
				if s.principal {
					value = strings.ReplaceAll(value, ":", "+")
				}
				if err := s.send(t, server.URL, client, value); err != nil {
					t.Errorf("HTTP/%d, %s, value %d: %v", major, s.name, i, err)
					continue
				}
				arrived := server.All()
				if got := arrived[len(arrived)-1].Header.Values(s.header); len(got) != 1 || got[0] != s.wire(value) {
					t.Errorf("HTTP/%d, %s, value %d: did not arrive as it is", major, s.name, i)
				}
			}
		}
	}
}

// TestHeadersOfEditors covers values that a caller's own editor sets and net/http
// rejects.
func TestHeadersOfEditors(t *testing.T) {
	t.Parallel()
	for _, major := range []int{1, 2} {
		server, client := newHeaderServer(t, major)
		for _, end := range []string{"\r\nX-Evil: 1", "\n", "\x00", "\x7f"} {
			s := sender{option: func(v string) passwords.Option {
				return passwords.WithRequestEditor(func(_ context.Context, req *http.Request) error {
					req.Header.Set("X-Own", v)
					return nil
				})
			}}
			if err := s.send(t, server.URL, client, headerMark+end); err == nil || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), headerMark) {
				t.Errorf("HTTP/%d: no error, or one that shows the value", major)
			}
		}
		if count := server.Count(); count != 0 {
			t.Errorf("HTTP/%d: %d requests arrived", major, count)
		}
	}
}

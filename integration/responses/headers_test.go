package responses

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/cyclos-go/passwords"
)

// headerMark is part of each value that is rejected.
const headerMark = "zq9head7x"

// headerServer records the headers of requests.
type headerServer struct {
	client *http.Client
	url    string
	mu     sync.Mutex
	got    []http.Header
	protos []int
}

// newHeaderServer serves TLS with the given major version of HTTP.
func newHeaderServer(t *testing.T, major int) *headerServer {
	t.Helper()
	s := &headerServer{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.got, s.protos = append(s.got, r.Header.Clone()), append(s.protos, r.ProtoMajor)
		s.mu.Unlock()
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write([]byte("generated"))
	}))
	server.EnableHTTP2 = major == 2
	server.StartTLS()
	t.Cleanup(server.Close)
	s.client, s.url = server.Client(), server.URL
	return s
}

// last returns the last request and the number of requests.
func (s *headerServer) last() (header http.Header, proto, count int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if count = len(s.got); count == 0 {
		return nil, 0, 0
	}
	return s.got[count-1], s.protos[count-1], count
}

// sender is a way to send a value in a header.
type sender struct {
	name, header string
	// options pass the value to the client. If confirmation is set, the call passes
	// it instead.
	options      func(value string) []passwords.Option
	confirmation bool
	// wire returns the header for a value, nil means the value itself.
	wire func(value string) string
	// wide is set if any text is allowed because it is encoded in base64.
	wide bool
}

func senders() []sender {
	session := passwords.WithSessionToken(sessionValue)
	one := func(option func(string) passwords.Option, more ...passwords.Option) func(string) []passwords.Option {
		return func(value string) []passwords.Option { return append([]passwords.Option{option(value)}, more...) }
	}
	encode := func(text string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(text)) }
	edit := func(editor func(string) func(context.Context, *http.Request) error) func(string) []passwords.Option {
		return func(value string) []passwords.Option {
			return []passwords.Option{passwords.WithRequestEditor(editor(value))}
		}
	}
	return []sender{
		{name: "session token", header: "Session-Token", options: one(passwords.WithSessionToken)},
		{name: "session token source", header: "Session-Token", options: one(func(value string) passwords.Option {
			return passwords.WithSessionTokenSource(func(context.Context) (passwords.Secret, error) { return passwords.NewSecret(value), nil })
		})},
		{name: "session token editor", header: "Session-Token", options: edit(func(v string) func(context.Context, *http.Request) error {
			return passwords.SessionToken(v)
		})},
		{name: "access client token", header: "Access-Client-Token", options: one(passwords.WithAccessClientToken)},
		{name: "access client editor", header: "Access-Client-Token", options: edit(func(v string) func(context.Context, *http.Request) error {
			return passwords.AccessClientToken(v)
		})},
		{name: "access client prefix", header: "Access-Client-Token",
			options: one(passwords.WithAccessClientPrefix, passwords.WithAccessClientToken("tail")),
			wire:    func(value string) string { return value + "tail" }},
		{name: "access client token behind a prefix", header: "Access-Client-Token",
			options: one(passwords.WithAccessClientToken, passwords.WithAccessClientPrefix("head")),
			wire:    func(value string) string { return "head" + value }},
		{name: "principal type", header: "Principal-Type", options: one(passwords.WithPrincipalType, passwords.WithBasicAuth("ana", basicValue))},
		{name: "channel", header: "Channel", options: one(passwords.WithChannel, session)},
		{name: "user agent", header: "User-Agent", options: one(passwords.WithUserAgent, session),
			wire: func(value string) string { return value + " cyclos-go-passwords" }},
		{name: "confirmation", header: "Confirmationpassword", confirmation: true,
			options: func(string) []passwords.Option { return []passwords.Option{session} }},
		{name: "basic principal", header: "Authorization", wide: true,
			options: func(value string) []passwords.Option {
				return []passwords.Option{passwords.WithBasicAuth(value, "secret")}
			},
			wire: func(value string) string { return encode(value + ":secret") }},
		{name: "basic password", header: "Authorization", wide: true,
			options: func(value string) []passwords.Option {
				return []passwords.Option{passwords.WithBasicAuth("ana", value)}
			},
			wire: func(value string) string { return encode("ana:" + value) }},
		{name: "basic editor", header: "Authorization", wide: true, options: edit(func(v string) func(context.Context, *http.Request) error {
			return passwords.BasicAuth("ana", v)
		}), wire: func(value string) string { return encode("ana:" + value) }},
	}
}

// send sends the value and returns the error of the options or of the call.
func (s sender) send(t *testing.T, server *headerServer, value string) error {
	t.Helper()
	opts := append([]passwords.Option{passwords.WithHTTPClient(server.client), passwords.WithRetries(0)}, s.options(value)...)
	client, err := passwords.New(server.url, opts...)
	if err != nil {
		return err
	}
	var confirmation passwords.Secret
	if s.confirmation {
		confirmation = passwords.NewSecret(value)
	}
	_, err = client.ChangeGenerated(t.Context(), "pin", confirmation)
	return err
}

// TestInvalidHeadersAreRejected passes values to each sender that a header would change in
// transit. Nothing is sent, and the error names the rule but not the value.
func TestInvalidHeadersAreRejected(t *testing.T) {
	t.Parallel()
	bad := map[string]struct{ value, rule string }{
		"empty":           {"", "is empty"},
		"space in front":  {" " + headerMark, "begins or ends with a space"},
		"space behind":    {headerMark + " ", "begins or ends with a space"},
		"only spaces":     {"  ", "begins or ends with a space"},
		"CR LF":           {headerMark + "\r\nX-Evil", "control character"},
		"tab in front":    {"\t" + headerMark, "control character"},
		"letter":          {headerMark + "é", "not ASCII"},
		"letter in front": {"ß" + headerMark, "not ASCII"},
		"wide":            {headerMark + "日本", "not ASCII"},
		"emoji":           {headerMark + "😀", "not ASCII"},
		"wide space":      {headerMark + "\u3000", "not ASCII"},
		"no-break space":  {"\u00a0" + headerMark, "not ASCII"},
		"line separator":  {headerMark + "\u2028X-Evil: 1", "not ASCII"},
		"next line":       {headerMark + "\u0085", "not ASCII"},
		"invalid UTF-8":   {headerMark + "\xff", "not ASCII"},
		"byte order mark": {"\ufeff" + headerMark, "not ASCII"},
		"full width CR":   {headerMark + "\u560d\u560a", "not ASCII"},
	}
	for r := range rune(0x20) {
		bad[fmt.Sprintf("control %#x", r)] = struct{ value, rule string }{headerMark + string(r) + "x", "control character"}
		bad[fmt.Sprintf("control %#x behind", r)] = struct{ value, rule string }{headerMark + string(r), "control character"}
	}
	bad["delete"] = struct{ value, rule string }{headerMark + "\x7f", "control character"}
	for _, major := range []int{1, 2} {
		server := newHeaderServer(t, major)
		for _, s := range senders() {
			for name, tc := range bad {
				if s.confirmation && name == "empty" {
					continue // means no confirmation
				}
				rule := tc.rule
				if s.wide {
					switch {
					case name == "next line":
						rule = "control character"
					case name == "invalid UTF-8":
						rule = "not valid UTF-8"
					case rule != "is empty" && rule != "control character":
						continue // base64 carries it
					}
				}
				err := s.send(t, server, tc.value)
				if !errors.Is(err, passwords.ErrInvalidArgument) || !strings.Contains(err.Error(), rule) {
					t.Errorf("%s, %s: the error does not name the rule %q", s.name, name, rule)
				}
				if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, headerMark) {
					t.Errorf("%s, %s: the error shows the value", s.name, name)
				}
			}
		}
		if _, _, count := server.last(); count != 0 {
			t.Errorf("HTTP/%d: %d requests arrived", major, count)
		}
	}
}

// TestPrincipalsWithAColonAreRejected prevents that a server takes part of a
// principal for the password.
func TestPrincipalsWithAColonAreRejected(t *testing.T) {
	t.Parallel()
	server := newHeaderServer(t, 1)
	for _, principal := range []string{headerMark + ":x", ":" + headerMark, headerMark + ":"} {
		for name, opt := range map[string]passwords.Option{
			"option": passwords.WithBasicAuth(principal, "secret"),
			"editor": passwords.WithRequestEditor(passwords.BasicAuth(principal, "secret")),
		} {
			s := sender{options: func(string) []passwords.Option { return []passwords.Option{opt} }}
			err := s.send(t, server, "")
			if !errors.Is(err, passwords.ErrInvalidArgument) || !strings.Contains(err.Error(), "colon") || strings.Contains(err.Error(), headerMark) {
				t.Errorf("%s: the error does not name the rule, or shows the value", name)
			}
		}
	}
	if _, _, count := server.last(); count != 0 {
		t.Errorf("%d requests arrived", count)
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
		server := newHeaderServer(t, major)
		for _, s := range senders() {
			own := values
			if s.wide {
				own = append([]string{"é", "日本 😀", " edge ", "\u00a0"}, values...)
			}
			for i, value := range own {
				if s.name == "basic principal" {
					value = strings.ReplaceAll(value, ":", "+")
				}
				if err := s.send(t, server, value); err != nil {
					t.Errorf("HTTP/%d, %s, value %d: %v", major, s.name, i, err)
					continue
				}
				wire := value
				if s.wire != nil {
					wire = s.wire(value)
				}
				header, proto, _ := server.last()
				if got := header.Values(s.header); len(got) != 1 || got[0] != wire {
					t.Errorf("HTTP/%d, %s, value %d: did not arrive as it is", major, s.name, i)
				}
				if proto != major {
					t.Errorf("HTTP/%d: arrived by %d", major, proto)
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
		server := newHeaderServer(t, major)
		for _, end := range []string{"\r\nX-Evil: 1", "\n", "\x00", "\x7f"} {
			s := sender{options: func(string) []passwords.Option {
				return []passwords.Option{passwords.WithRequestEditor(func(_ context.Context, req *http.Request) error {
					req.Header.Set("X-Own", headerMark+end)
					return nil
				})}
			}}
			if err := s.send(t, server, ""); err == nil || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), headerMark) {
				t.Errorf("HTTP/%d: no error, or one that shows the value", major)
			}
		}
		if _, _, count := server.last(); count != 0 {
			t.Errorf("HTTP/%d: %d requests arrived", major, count)
		}
	}
}

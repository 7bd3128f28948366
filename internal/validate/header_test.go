package validate_test

import (
	"errors"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit"
	"github.com/cyclos-go/passwords/internal/validate"
)

// TestArgumentErrorsNameTheArgument: the errors do not show the value, so without its
// name nobody could tell which of several options is invalid.
func TestArgumentErrorsNameTheArgument(t *testing.T) {
	t.Parallel()
	for want, option := range map[string]passwords.Option{
		"the principal is empty":                         passwords.WithBasicAuth("", passwords.NewSecret(testkit.Password)),
		"the password is empty":                          passwords.WithBasicAuth("ana", passwords.NewSecret("")),
		"the session token is empty":                     passwords.WithSessionToken(passwords.NewSecret("")),
		"the access client token is empty":               passwords.WithAccessClientToken(passwords.NewSecret("")),
		"the access client prefix is empty":              passwords.WithAccessClientPrefix(passwords.NewSecret("")),
		"the principal type is empty":                    passwords.WithPrincipalType(""),
		"the channel is empty":                           passwords.WithChannel(""),
		"the application is empty":                       passwords.WithUserAgent(""),
		"the channel begins or ends with a space":        passwords.WithChannel(" pos"),
		"the channel contains a control character":       passwords.WithChannel("p\x1fos"),
		"the application contains a control character":   passwords.WithUserAgent("a\x7fb"),
		"the application contains a non-ASCII character": passwords.WithUserAgent("a\u0080b"),
		"the principal contains a control character":     passwords.WithBasicAuth("an\u0085a", passwords.NewSecret(testkit.Password)),
		"the password is not valid UTF-8":                passwords.WithBasicAuth("ana", passwords.NewSecret(testkit.Password+"\xff")),
		"the timeout is negative":                        passwords.WithTimeout(-1),
		"the number of retries is negative":              passwords.WithRetries(-1),
		"the limit of response bytes is not positive":    passwords.WithMaxResponseBytes(0),
		"an option is nil":                               nil,
	} {
		_, err := passwords.New("https://cyclos.example.org/api", option)
		if !errors.Is(err, passwords.ErrInvalidArgument) || !strings.HasPrefix(err.Error(), "passwords: invalid argument: "+want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	w := testkit.NewWire(t, testkit.Text(testkit.GeneratedPassword))
	_, err := testkit.NewClient(t, w.URL).ChangeGenerated(t.Context(), "pin", passwords.NewSecret(testkit.ConfirmationPassword+" "))
	if want := "the confirmation begins or ends with a space"; !errors.Is(err, passwords.ErrInvalidArgument) || !strings.HasSuffix(err.Error(), want) || errors.Is(err, passwords.ErrOutcomeUnknown) || w.Count() != 0 {
		t.Errorf("%d requests, got %v, want %s", w.Count(), err, want)
	}
}

// TestPrintableValuesAreSentAsTheyAre covers the whole range of printable ASCII.
func TestPrintableValuesAreSentAsTheyAre(t *testing.T) {
	t.Parallel()
	var printable strings.Builder
	for r := '!'; r <= '~'; r++ {
		printable.WriteRune(r)
	}
	value := printable.String() + " " + printable.String()
	w := testkit.NewWire(t, testkit.NoContent)
	client := testkit.NewClient(t, w.URL, passwords.WithSessionToken(passwords.NewSecret(value)), passwords.WithChannel(value), passwords.WithUserAgent(value))
	if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"Session-Token": value, "Channel": value, "User-Agent": value + " cyclos-go-passwords"} {
		if got := w.One(t).Header[name]; len(got) != 1 || got[0] != want {
			t.Errorf("%s differs", name)
		}
	}
}

// TestBasicRejectsAColon in the principal: the server would take the rest of the
// principal for the password.
func TestBasicRejectsAColon(t *testing.T) {
	t.Parallel()
	if got, err := validate.Basic("an:a", "x"); got != "" || !errors.Is(err, gen.ErrInvalidArgument) || strings.Contains(err.Error(), "an:a") {
		t.Errorf("got %v", err)
	}
	const want = "Basic YW5hOng6eQ==" // ana:x:y
	if got, err := validate.Basic("ana", "x:y"); err != nil || got != want {
		t.Errorf("the header differs, or: %v", err)
	}
}

// printable is a second implementation of the rule for headers.
var printable = regexp.MustCompile(`^[!-~]([ -~]*[!-~])?$`)

// FuzzHeaders checks that what is accepted arrives byte for byte over HTTP/1.1 and
// HTTP/2, and no other header with it. Of what is rejected nothing is sent.
func FuzzHeaders(f *testing.F) {
	for _, value := range []string{
		"", "a", " a", "a ", "a b", "a\tb", "\ta", "a\r\nX-Injected: 1", "a\nb", "\x00", "\x7f", "é", "\u0085", "\u00a0", "\xff", ":", "a:b", "!#$%&'*+-.^_`|~,;=@()<>[]{}?/\\\"",
	} {
		f.Add(value, "pass:word")
		f.Add("ana", value)
	}
	arrived := make(chan *http.Request, 1)
	serverTLS, clientTLS := testkit.LoopbackTLS()
	server := testkit.ServeTLS(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived <- r
		testkit.Text(testkit.GeneratedPassword).ServeHTTP(w, r)
	}), serverTLS)
	f.Cleanup(server.Close)
	over := map[int]passwords.Option{} // by version of HTTP
	for version, h2 := range map[int]bool{1: false, 2: true} {
		transport := testkit.NewTransport(f)
		transport.TLSClientConfig, transport.ForceAttemptHTTP2 = clientTLS.Clone(), h2
		over[version] = passwords.WithHTTPClient(&http.Client{Transport: transport})
	}
	// try calls with the confirmation, and returns the request if it must arrive.
	try := func(t *testing.T, version int, confirmation string, want bool, opts ...passwords.Option) *http.Request {
		t.Helper()
		client, err := passwords.New(server.URL, append(opts, over[version], passwords.WithRetries(0))...)
		if err == nil {
			_, err = client.ChangeGenerated(t.Context(), "pin", passwords.NewSecret(confirmation))
		}
		select {
		case r := <-arrived:
			if !want || err != nil || r.ProtoMajor != version {
				t.Fatalf("a request arrived by %s, and the error is %v; want one: %t", r.Proto, err, want)
			}
			return r
		default:
			if want || !errors.Is(err, passwords.ErrInvalidArgument) {
				t.Fatalf("nothing arrived, and the error is %v; want a request: %t", err, want)
			}
			return nil
		}
	}
	f.Fuzz(func(t *testing.T, value, password string) {
		if len(value)+len(password) > 128 { // the fuzzer minimizes in quadratic time
			return
		}
		isHeader := printable.MatchString(value)
		isText := func(s string) bool {
			return s != "" && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
		}
		isBasic := isText(value) && isText(password) && !strings.Contains(value, ":")
		secret := passwords.NewSecret(value)
		for version := range over {
			token := passwords.WithSessionToken(passwords.NewSecret(testkit.Token))
			for _, opt := range []passwords.Option{passwords.WithSessionToken(secret), passwords.WithChannel(value), passwords.WithUserAgent(value), passwords.WithAccessClientToken(secret)} {
				if !isHeader {
					try(t, version, "", false, opt)
				}
			}
			if value != "" { // no confirmation is needed
				if r := try(t, version, value, isHeader, token, passwords.WithChannel("pos")); r != nil && r.Header.Get("confirmationPassword") != value {
					t.Error("the confirmation differs")
				}
			}
			if isHeader {
				r := try(t, version, value, true, passwords.WithSessionToken(secret), passwords.WithChannel(value), passwords.WithUserAgent(value))
				want := http.Header{
					"Session-Token": {value}, "Channel": {value}, "User-Agent": {value + " cyclos-go-passwords"}, "Confirmationpassword": {value},
					"Accept": r.Header["Accept"], "Accept-Encoding": {"gzip"}, "Content-Length": {"0"},
				}
				if !maps.EqualFunc(r.Header, want, slices.Equal) {
					t.Errorf("%d headers of %s differ from the %d that were given", len(r.Header), r.Proto, len(want))
				}
			}
			if r := try(t, version, "", isBasic, passwords.WithBasicAuth(value, passwords.NewSecret(password))); r != nil {
				if principal, got, ok := r.BasicAuth(); !ok || principal != value || got != password {
					t.Error("the principal or the password differs")
				}
			}
		}
	})
}

package passwords_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestRefusalsNameWhatIsRefused: with several options nobody could tell otherwise,
// as the value does not show.
func TestRefusalsNameWhatIsRefused(t *testing.T) {
	t.Parallel()
	for want, option := range map[string]passwords.Option{
		"the principal is empty":                              passwords.WithBasicAuth("", testkit.Password),
		"the password is empty":                               passwords.WithBasicAuth("ana", ""),
		"the session token is empty":                          passwords.WithSessionToken(""),
		"the access client token is empty":                    passwords.WithAccessClientToken(""),
		"the access client prefix is empty":                   passwords.WithAccessClientPrefix(""),
		"the principal type is empty":                         passwords.WithPrincipalType(""),
		"the channel is empty":                                passwords.WithChannel(""),
		"the application is empty":                            passwords.WithUserAgent(""),
		"the channel begins or ends with a space":             passwords.WithChannel(" pos"),
		"the channel holds a control character":               passwords.WithChannel("p\x1fos"),
		"the application holds a control character":           passwords.WithUserAgent("a\x7fb"),
		"the application holds a character that is not ASCII": passwords.WithUserAgent("a\u0080b"),
		"the principal holds a control character":             passwords.WithBasicAuth("an\u0085a", testkit.Password),
		"the password is not valid UTF-8":                     passwords.WithBasicAuth("ana", testkit.Password+"\xff"),
		"the timeout is negative":                             passwords.WithTimeout(-1),
		"the number of retries is negative":                   passwords.WithRetries(-1),
		"the maximum of response bytes is not positive":       passwords.WithMaxResponseBytes(0),
		"an option is nil":                                    nil,
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

// TestRefusedUsersAreTold why, before the generated code finds nothing to send.
func TestRefusedUsersAreTold(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.NoContent)
	client := testkit.NewClient(t, w.URL)
	for want, user := range map[string]passwords.User{
		"the user is nil":                                  nil,
		"the user is the zero ManagedUser":                 passwords.ManagedUser{},
		"the user is neither a SelfUser nor a ManagedUser": &passwords.SelfUser{},
		"the user id is not a decimal 64-bit number":       passwords.UserID("leak-me"),
		"the locator means the caller: use Self":           passwords.Locator(" self"),
	} {
		err := client.EnablePassword(t.Context(), user, "login")
		if !errors.Is(err, passwords.ErrInvalidArgument) || err.Error() != "passwords: enablePassword: invalid argument: "+want || w.Count() != 0 {
			t.Errorf("%d requests, got %v, want %s", w.Count(), err, want)
		}
	}
}

// TestHostsOfTheBaseURL: net/http asks the proxies of the environment where it does
// not know this machine by its name.
func TestHostsOfTheBaseURL(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		"http://LocalHost:8080/api":      "http://localhost:8080/api/self/passwords",
		"https://Cyclos.example.org/api": "https://Cyclos.example.org/api/self/passwords",
		"https://cyclos.example.org/":    "https://cyclos.example.org/self/passwords",
		"https://cyclos.example.org":     "https://cyclos.example.org/self/passwords",
	} {
		got := ""
		client := testkit.NewClient(t, base, passwords.WithHTTPClient(&http.Client{Transport: testkit.RoundTripper(func(r *http.Request) (*http.Response, error) {
			got = r.URL.String()
			return nil, errors.New("unreachable")
		})}))
		if _, err := client.ListUserPasswords(t.Context(), passwords.Self()); err == nil || got != want {
			t.Errorf("%s: got %s, want %s", base, got, want)
		}
	}
}

// TestPrintableValuesAreSentAsTheyAre, to the first and last characters that are.
func TestPrintableValuesAreSentAsTheyAre(t *testing.T) {
	t.Parallel()
	var printable strings.Builder
	for r := '!'; r <= '~'; r++ {
		printable.WriteRune(r)
	}
	value := printable.String() + " " + printable.String()
	w := testkit.NewWire(t, testkit.NoContent)
	client := testkit.NewClient(t, w.URL, passwords.WithSessionToken(value), passwords.WithChannel(value), passwords.WithUserAgent(value))
	if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"Session-Token": value, "Channel": value, "User-Agent": value + " cyclos-go-passwords"} {
		if got := w.One(t).Header[name]; len(got) != 1 || got[0] != want {
			t.Errorf("%s differs", name)
		}
	}
}

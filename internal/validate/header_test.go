package validate_test

import (
	"errors"
	"strings"
	"testing"

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

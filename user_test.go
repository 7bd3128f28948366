package passwords_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
)

// userCases tells for a value what arrives in the path, decoded; "" where the
// value is refused.
var userCases = []struct {
	name, value            string
	id, principal, locator string
}{
	{"login name", "ana", "", "ana", "ana"},
	{"login name with dots", "ana.maria", "", "ana.maria", "ana.maria"},
	{"upper case", "ANA", "", "ANA", "ANA"},
	{"digits", "1234567890", "1234567890", "'1234567890", "1234567890"},
	{"one digit", "7", "7", "'7", "7"},
	{"leading zeros", "007", "007", "'007", "007"},
	{"negative", "-42", "-42", "'-42", "-42"},
	{"explicitly positive", "+42", "+42", "'+42", "+42"},
	{"phone", "+31612345678", "+31612345678", "'+31612345678", "+31612345678"},
	{"phone with spaces", "+31 6 1234 5678", "", "+31 6 1234 5678", "+31 6 1234 5678"},
	{"phone with hyphens", "06-12345678", "", "06-12345678", "06-12345678"},
	{"largest int64", "9223372036854775807", "9223372036854775807", "'9223372036854775807", "9223372036854775807"},
	{"smallest int64", "-9223372036854775808", "-9223372036854775808", "'-9223372036854775808", "-9223372036854775808"},
	{"above int64", "9223372036854775808", "", "'9223372036854775808", "9223372036854775808"},
	{"below int64", "-9223372036854775809", "", "'-9223372036854775809", "-9223372036854775809"},
	{"account number of 30 digits", strings.Repeat("123", 10), "", "'" + strings.Repeat("123", 10), strings.Repeat("123", 10)},
	{"zero", "0", "0", "'0", "0"},
	{"minus zero", "-0", "-0", "'-0", "-0"},
	{"Arabic-Indic digits", "١٢٣", "", "'١٢٣", "١٢٣"},
	{"negative Arabic-Indic digits", "-١٢٣", "", "'-١٢٣", "-١٢٣"},
	{"Devanagari digits", "१२३", "", "'१२३", "१२३"},
	{"full-width digits", "１２３", "", "'１２３", "１２３"},
	{"digits of mixed scripts", "1٢३", "", "'1٢३", "1٢३"},
	{"digits beyond the BMP", "𝟏𝟐", "", "'𝟏𝟐", "𝟏𝟐"},
	{"superscript is no digit", "²", "", "²", "²"},
	{"Roman numeral is no digit", "Ⅷ", "", "Ⅷ", "Ⅷ"},
	{"full-width plus", "＋12", "", "＋12", "＋12"},
	{"decimal", "1.5", "", "1.5", "1.5"},
	{"exponent", "1e5", "", "1e5", "1e5"},
	{"hexadecimal", "0x1F", "", "0x1F", "0x1F"},
	{"underscore", "1_000", "", "1_000", "1_000"},
	{"digits in spaces", " 123 ", "", "' 123 ", " 123 "},
	{"digits behind no-break space", "\u00a0123", "", "'\u00a0123", "\u00a0123"},
	{"sign alone", "-", "", "-", "-"},
	{"two signs", "--1", "", "--1", "--1"},
	{"self", "self", "", "'self", ""},
	{"self in spaces", " self", "", "' self", ""},
	{"Self", "Self", "", "Self", "Self"},
	{"myself", "myself", "", "myself", "myself"},
	{"leading quote", "'ana", "", "''ana", "'ana"},
	{"quoted number", "'123", "", "''123", "'123"},
	{"quoted self", "'self", "", "''self", "'self"},
	{"two quotes", "''ana", "", "'''ana", "''ana"},
	{"quote alone", "'", "", "''", "'"},
	{"quote inside", "o'neil", "", "o'neil", "o'neil"},
	{"e-mail", "ana@example.org", "", "ana@example.org", "ana@example.org"},
	{"e-mail with plus", "ana+bank@example.org", "", "ana+bank@example.org", "ana+bank@example.org"},
	{"spaces", "Ana Maria", "", "Ana Maria", "Ana Maria"},
	{"percent", "100%", "", "100%", "100%"},
	{"escaped slash", "a%2Fb", "", "a%2Fb", "a%2Fb"},
	{"escaped dots", "%2e%2e", "", "%2e%2e", "%2e%2e"},
	{"question mark", "who?", "", "who?", "who?"},
	{"hash", "a#1", "", "a#1", "a#1"},
	{"ampersand", "a&b=c", "", "a&b=c", "a&b=c"},
	{"principal type", "email:ana@example.org", "", "'email:ana@example.org", "email:ana@example.org"},
	{"locator by id", "id:123", "", "'id:123", "id:123"},
	{"star", "*:ana", "", "'*:ana", "*:ana"},
	{"colon at the end", "ana:", "", "'ana:", "ana:"},
	{"comma", "a,b", "", "a,b", "a,b"},
	{"brackets", "a[1]{2}(3)", "", "a[1]{2}(3)", "a[1]{2}(3)"},
	{"pipe and tilde", "~a|b", "", "~a|b", "~a|b"},
	{"angle brackets and quotes", `<"a">`, "", `<"a">`, `<"a">`},
	{"accents", "josé", "", "josé", "josé"},
	{"CJK", "安娜", "", "安娜", "安娜"},
	{"emoji", "ana🙂", "", "ana🙂", "ana🙂"},
	{"three dots", "...", "", "...", "..."},
	{"hidden file", ".ana", "", ".ana", ".ana"},
	{"list-data", "list-data", "", "list-data", "list-data"},
	{"passwords", "passwords", "", "passwords", "passwords"},
	{"empty", "", "", "", ""},
	{"dot", ".", "", "", ""},
	{"dots", "..", "", "", ""},
	{"slash", "a/b", "", "", ""},
	{"slash and dots", "../admin", "", "", ""},
	{"backslash", `a\b`, "", "", ""},
	{"semicolon", "a;b", "", "", ""},
	{"line break", "a\nb", "", "", ""},
	{"carriage return", "a\r", "", "", ""},
	{"NUL", "a\x00", "", "", ""},
	{"delete", "a\x7f", "", "", ""},
	{"C1 control", "a\u0085", "", "", ""},
	{"invalid UTF-8", "a\xff", "", "", ""},
}

func TestUsersArriveAsNamed(t *testing.T) {
	t.Parallel()
	for _, tc := range userCases {
		for kind, user := range map[string]struct {
			user passwords.ManagedUser
			want string
		}{
			"UserID":    {passwords.UserID(tc.value), tc.id},
			"Principal": {passwords.Principal(tc.value), tc.principal},
			"Locator":   {passwords.Locator(tc.value), tc.locator},
		} {
			t.Run(kind+"/"+tc.name, func(t *testing.T) {
				t.Parallel()
				w := newWire(t, noContent)
				err := newClient(t, w.url).AllowGeneration(t.Context(), user.user, "pin")
				if user.want == "" {
					wantRefused(t, w, err, "allowGeneration", tc.value)
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				segments := strings.Split(w.one(t).uri, "/")
				if len(segments) != 6 || strings.Join(segments[3:], "/") != "passwords/pin/allow-generation" {
					t.Fatalf("another operation was reached: %q", segments)
				}
				if got, err := url.PathUnescape(segments[2]); err != nil || got != user.want {
					t.Errorf("the user %q arrived, want %q", got, user.want)
				}
			})
		}
	}
}

// wantRefused checks that nothing was sent and that the error does not show the
// value.
func wantRefused(t *testing.T, w *wire, err error, operation, value string) {
	t.Helper()
	var e *passwords.Error
	if !errors.As(err, &e) || !errors.Is(err, passwords.ErrInvalidArgument) || e.Operation != operation || e.StatusCode != 0 {
		t.Fatalf("got %v, want ErrInvalidArgument", err)
	}
	if len(value) > 2 && value != "passwords" && strings.Contains(err.Error(), value) {
		t.Error("the error shows the value")
	}
	if w.count() != 0 {
		t.Error("a request was sent")
	}
}

func TestPasswordTypesArriveAsNamed(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{
		"login": true, "-7762070814178012991": true, "card pin": true, "50%": true, "a?b#c": true, "list-data": true, "çlé": true,
		"": false, ".": false, "..": false, "a/b": false, `a\b`: false, "a;b": false, "a\nb": false, "\xff": false,
	} {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			w := newWire(t, noContent)
			err := newClient(t, w.url).DisablePassword(t.Context(), passwords.Self(), value)
			if !want {
				wantRefused(t, w, err, "disablePassword", value)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			segments := strings.Split(w.one(t).uri, "/")
			if len(segments) != 6 || segments[5] != "disable" {
				t.Fatalf("another operation was reached: %q", segments)
			}
			if got, err := url.PathUnescape(segments[4]); err != nil || got != value {
				t.Errorf("the type %q arrived, want %q", got, value)
			}
		})
	}
}

func TestTypeListDataIsRefusedWhereItIsAnotherOperation(t *testing.T) {
	t.Parallel()
	w := newWire(t, jsonReply(200, `{}`))
	_, err := newClient(t, w.url).GetUserPasswordsData(t.Context(), passwords.Self(), "list-data")
	wantRefused(t, w, err, "getUserPasswordsData", "list-data")
}

func TestUsersThatNameNobodyAreRefused(t *testing.T) {
	t.Parallel()
	w := newWire(t, noContent)
	client := newClient(t, w.url)
	wantRefused(t, w, client.DisablePassword(t.Context(), nil, "login"), "disablePassword", "")
	wantRefused(t, w, client.DisablePassword(t.Context(), passwords.ManagedUser{}, "login"), "disablePassword", "")
	var nothing context.Context
	wantRefused(t, w, client.DisablePassword(nothing, passwords.Self(), "login"), "disablePassword", "")
}

func TestEmptyListElementsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWire(t, jsonReply(200, `[]`))
	client := newClient(t, w.url)
	_, err := client.ListUserPasswords(t.Context(), passwords.Self(), "status", "")
	wantRefused(t, w, err, "listUserPasswords", "")
	_, err = client.GetUserPasswordsListData(t.Context(), passwords.Self(), "")
	wantRefused(t, w, err, "getUserPasswordsListData", "")
	_, err = client.GetUserPasswordsData(t.Context(), passwords.Self(), "login", "")
	wantRefused(t, w, err, "getUserPasswordsData", "")
	err = client.ResetAndSendPassword(t.Context(), passwords.Principal("ana"), "login", "")
	wantRefused(t, w, err, "resetAndSendPassword", "")
}

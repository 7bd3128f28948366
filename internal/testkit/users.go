package testkit

import (
	"slices"
	"strings"

	"github.com/cyclos-go/passwords"
)

// UserCase is a value that names a user, with the decoded path segment that
// arrives if the value is passed to UserID, Principal or Locator: "" if it is
// rejected before a request is sent.
type UserCase struct {
	Name, Value            string
	ID, Principal, Locator string
}

// UserCases returns the table of users.
func UserCases() []UserCase {
	all := slices.Clone(userCases)
	for _, c := range sharedCases {
		user := UserCase{Name: c.Name, Value: c.Value}
		if !c.Rejected {
			user.Principal, user.Locator = c.Value, c.Value
		}
		all = append(all, user)
	}
	return all
}

// UserWant is a user and the path segment that must arrive: "" if the user is
// rejected.
type UserWant struct {
	User passwords.ManagedUser
	Want string
}

// Users returns the users of the case, keyed by the function that made them.
func (c UserCase) Users() map[string]UserWant {
	return map[string]UserWant{
		"UserID":    {passwords.UserID(c.Value), c.ID},
		"Principal": {passwords.Principal(c.Value), c.Principal},
		"Locator":   {passwords.Locator(c.Value), c.Locator},
	}
}

var userCases = []UserCase{
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
	{"upper-case self", "SELF", "", "'SELF", ""},
	{"Self in no-break spaces", "\u00a0Self\u00a0", "", "'\u00a0Self\u00a0", ""},
	{"self with a long s", "ſelf", "", "'ſelf", ""},
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
	{"question mark", "who?", "", "who?", "who?"},
	{"hash", "a#1", "", "a#1", "a#1"},
	{"principal type", "email:ana@example.org", "", "'email:ana@example.org", "email:ana@example.org"},
	{"locator by id", "id:123", "", "'id:123", "id:123"},
	{"star", "*:ana", "", "'*:ana", "*:ana"},
	{"colon at the end", "ana:", "", "'ana:", "ana:"},
	{"pipe and tilde", "~a|b", "", "~a|b", "~a|b"},
	{"angle brackets and quotes", `<"a">`, "", `<"a">`, `<"a">`},
	{"accents", "josé", "", "josé", "josé"},
	{"CJK", "安娜", "", "安娜", "安娜"},
	{"emoji", "ana🙂", "", "ana🙂", "ana🙂"},
	{"hidden file", ".ana", "", ".ana", ".ana"},
	{"trailing dot", "ana.", "", "ana.", "ana."},
	{"trailing dots", "ana..", "", "ana..", "ana.."},
	{"dots and spaces", " .. ", "", " .. ", " .. "},
	{"escaped slash and dots", "..%2f..%2Fadmin", "", "..%2f..%2Fadmin", "..%2f..%2Fadmin"},
	{"escaped question mark", "ana%3Fb", "", "ana%3Fb", "ana%3Fb"},
	{"escaped letter", "%61na", "", "%61na", "%61na"},
	{"plus for a space", "Ana+Maria", "", "Ana+Maria", "Ana+Maria"},
	{"trailing space", "ana ", "", "ana ", "ana "},
	{"dollar", "$ana", "", "$ana", "$ana"},
	{"exclamation mark", "ana!", "", "ana!", "ana!"},
	{"asterisk", "*", "", "*", "*"},
	{"equals sign", "=ana", "", "=ana", "=ana"},
	{"caret and backtick", "a^b`c", "", "a^b`c", "a^b`c"},
	{"double quote", `a"b`, "", `a"b`, `a"b`},
	{"braces", "{user}", "", "{user}", "{user}"},
	{"square brackets", "[ana]", "", "[ana]", "[ana]"},
	{"pipe", "a|b", "", "a|b", "a|b"},
	{"deployment directory", "WEB-INF", "", "WEB-INF", "WEB-INF"},
	{"page", "echo.jsp", "", "echo.jsp", "echo.jsp"},
	{"decomposed accent", "jose\u0301", "", "jose\u0301", "jose\u0301"},
	{"right to left", "علي", "", "علي", "علي"},
	{"line separator", "a\u2028b", "", "a\u2028b", "a\u2028b"},
	{"byte order mark", "\ufeffana", "", "\ufeffana", "\ufeffana"},
	{"noncharacter", "a\uffff", "", "a\uffff", "a\uffff"},
	{"replacement character", "a\ufffd", "", "a\ufffd", "a\ufffd"},
	{"division slash", "a∕b", "", "a∕b", "a∕b"},
	{"full-width backslash", "a＼b", "", "a＼b", "a＼b"},
	{"Greek question mark", "a\u037eb", "", "a\u037eb", "a\u037eb"},
	{"300 CJK letters", strings.Repeat("娜", 300), "", strings.Repeat("娜", 300), strings.Repeat("娜", 300)},
	{"300 percent signs", strings.Repeat("%", 300), "", strings.Repeat("%", 300), strings.Repeat("%", 300)},
	{"quoted dots", "'..", "", "''..", "'.."},
	{"slash and dots", "../admin", "", "", ""},
	{"carriage return", "a\r", "", "", ""},
	{"invalid UTF-8", "a\xff", "", "", ""},
	{"space and slash", "a /", "", "", ""},
	{"path of another operation", "ana/passwords/pin/disable#", "", "", ""},
	{"path parameter", "ana;jsessionid=1", "", "", ""},
	{"semicolon alone", ";", "", "", ""},
	{"backslash and dots", `..\admin`, "", "", ""},
	{"unit separator", "a\x1f", "", "", ""},
	{"surrogate", "a\xed\xa0\x80", "", "", ""},
	{"spaces alone", "  ", "", "", ""},
	{"spaces of all kinds", " \u00a0\u1680\u2003\u2028\u2029\u202f\u205f\u3000", "", "", ""},
	{"zero-width space is no space", "\u200b", "", "\u200b", "\u200b"},
}

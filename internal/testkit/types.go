package testkit

import (
	"slices"
	"strings"
)

// ListData is the password type that getUserPasswordsData must reject: its
// path would be that of getUserPasswordsListData.
const ListData = "list-data"

// TypeCase is a value that names a password type. It arrives in the path
// unchanged, or is rejected before a request is sent.
type TypeCase struct {
	Name, Value string
	Rejected    bool
}

// TypeCases returns the table of password types.
func TypeCases() []TypeCase { return slices.Concat(sharedCases, typeCases) }

// sharedCases are values that name users and password types alike: as a user, no
// function changes them, and UserID rejects them.
var sharedCases = []TypeCase{
	{"escaped slash", "a%2Fb", false},
	{"escaped dots", "%2e%2e", false},
	{"ampersand", "a&b=c", false},
	{"comma", "a,b", false},
	{"brackets", "a[1]{2}(3)", false},
	{"three dots", "...", false},
	{"list-data", ListData, false},
	{"passwords", "passwords", false},
	{"dots inside", "a..b", false},
	{"escaped dot", "%2e", false},
	{"half escaped dots", ".%2E", false},
	{"slash escaped twice", "a%252Fb", false},
	{"escaped backslash", "a%5Cb", false},
	{"escaped semicolon", "a%3Bb", false},
	{"escaped NUL", "a%00", false},
	{"escaped line break", "a%0d%0ab", false},
	{"escaped invalid UTF-8", "a%ff", false},
	{"broken escape", "a%zz%", false},
	{"generate", "generate", false},
	{"disable", "disable", false},
	{"zero-width space", "a\u200bb", false},
	{"full-width dots", "．．", false},
	{"full-width slash", "a／b", false},
	{"full-width semicolon", "a；b", false},
	{"300 letters", strings.Repeat("a", 300), false},
	{"empty", "", true},
	{"dot", ".", true},
	{"dots", "..", true},
	{"slash", "a/b", true},
	{"backslash", `a\b`, true},
	{"semicolon", "a;b", true},
	{"line break", "a\nb", true},
	{"NUL", "a\x00", true},
	{"delete", "a\x7f", true},
	{"C1 control", "a\u0085", true},
	{"only a slash", "/", true},
	{"dots and semicolon", "..;", true},
	{"tab", "a\tb", true},
	{"overlong slash", "a\xc0\xafb", true},
	{"overlong dots", "\xc0\xae\xc0\xae", true},
}

var typeCases = []TypeCase{
	{"login", "login", false},
	{"PIN", "pin", false},
	{"id", "-7762070814178012991", false},
	{"upper case", "LOGIN", false},
	{"space", "card pin", false},
	{"spaces alone", "  ", false},
	{"trailing space", "login ", false},
	{"plus", "card+pin", false},
	{"list-data in upper case", "LIST-DATA", false},
	{"list-data and a space", "list-data ", false},
	{"change-generated", "change-generated", false},
	{"self", "self", false},
	{"quotes", `'login' "pin"`, false},
	{"percent", "50%", false},
	{"escaped slash and dots", "..%2fpin", false},
	{"escaped question mark", "login%3F", false},
	{"escaped letter", "%6cogin", false},
	{"question mark and hash", "a?b#c", false},
	{"query", "login?fields=status", false},
	{"colon and at sign", "a:b@c", false},
	{"exclamation mark, dollar, star", "!$*", false},
	{"pipe, caret, backtick, tilde", "a|b^c`d~", false},
	{"angle brackets", "<login>", false},
	{"trailing dots", "login..", false},
	{"hidden file", ".login", false},
	{"deployment directory", "META-INF", false},
	{"accents", "çlé", false},
	{"decomposed accent", "e\u0301", false},
	{"CJK", "密码", false},
	{"right to left", "كلمة", false},
	{"emoji", "🔑", false},
	{"300 CJK letters", strings.Repeat("密", 300), false},
	{"slash and dots", "../pin", true},
	{"path of another operation", "pin/disable?", true},
	{"path parameter", "login;v=1", true},
	{"invalid UTF-8", "\xff", true},
}

package secrets

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/davecgh/go-spew/spew"
)

// TestSearchFindsEveryForm tests the search that the other tests rely on.
func TestSearchFindsEveryForm(t *testing.T) {
	t.Parallel()
	backwards := []byte(secretValue)
	slices.Reverse(backwards)
	wrapped := "tail of another value" + secretValue + "and so on, until the line is full"
	for name, output := range map[string]string{
		"raw":                  "a " + secretValue + " b",
		"upper case":           strings.ToUpper(secretValue),
		"first bytes":          "x" + secretValue[:8] + "...",
		"last bytes":           "..." + secretValue[len(secretValue)-8:],
		"reversed":             string(backwards),
		"hex":                  hex.EncodeToString([]byte(secretValue)),
		"upper hex":            strings.ToUpper(hex.EncodeToString([]byte(secretValue))),
		"reversed hex":         hex.EncodeToString(backwards),
		"spaced hex":           fmt.Sprintf("% x", secretValue),
		"hex with prefixes":    fmt.Sprintf("%# x", secretValue),
		"Go bytes":             fmt.Sprintf("%#v", []byte(secretValue)),
		"escaped hex":          strings.ReplaceAll(fmt.Sprintf(" % x", secretValue), " ", `\x`),
		"hex dump":             hex.Dump([]byte(wrapped)),
		"spew of bytes":        spew.Sdump([]byte(wrapped)),
		"base64":               base64.StdEncoding.EncodeToString([]byte(secretValue)),
		"base64 second":        base64.StdEncoding.EncodeToString([]byte("a" + secretValue)),
		"base64 third":         base64.StdEncoding.EncodeToString([]byte("ab" + secretValue)),
		"base64 for URLs":      base64.RawURLEncoding.EncodeToString([]byte("abc" + secretValue)),
		"decimals":             fmt.Sprint([]byte(secretValue)),
		"decimals with commas": strings.ReplaceAll(fmt.Sprint([]byte(secretValue)), " ", ",\n\t"),
		"decimals with types":  strings.ReplaceAll(fmt.Sprint([]byte(secretValue)), " ", ") %!t(uint8="),
		"octals":               fmt.Sprintf("%o %O", []byte(secretValue), []byte(secretValue)),
		"binaries":             fmt.Sprintf("%b", []byte(secretValue)),
		"characters":           fmt.Sprintf("%c", []byte(secretValue)),
		"quoted characters":    fmt.Sprintf("%q", []byte(secretValue)),
		"code points":          fmt.Sprintf("%U", []byte(secretValue)),
		"quoted":               strconv.Quote(secretValue),
		"quoted twice":         strconv.Quote(strconv.Quote(secretValue)),
		"HTML":                 html.EscapeString(secretValue),
		"query":                url.QueryEscape(secretValue),
		"path":                 url.PathEscape(secretValue),
		"JSON":                 mustJSON(secretValue),
	} {
		if len(searchForParts(secretValue).find(output)) == 0 {
			t.Errorf("%s: not found", name)
		}
	}
	for name, output := range map[string]string{
		"nothing":        "",
		"redaction":      "[REDACTED]",
		"other value":    strings.Repeat(fmt.Sprintf("%v %x %d ", otherValue, otherValue, []byte(otherValue)), 3),
		"too few bytes":  secretValue[:7],
		"an address":     "0xc000012345 {0x6f1e20 0xc00011 0x0}",
		"other hex dump": hex.Dump([]byte(otherValue)),
	} {
		if found := searchForParts(secretValue).find(output); len(found) != 0 {
			t.Errorf("%s: found as %s", name, strings.Join(found, ", "))
		}
	}
}

func mustJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// blind are the sinks that show only types and kinds, never values.
var blind = []string{
	"fmt %T", "testify IsType", "testify Exactly", "testify Same", "pretty.Diff with another type",
}

// TestSinksAreLive proves that each sink can show a value in a form that the search
// finds. If a sink shows nothing of a Secret, that is because of Secret.
func TestSinksAreLive(t *testing.T) {
	t.Parallel()
	type holder struct {
		V string
		B []byte
	}
	search := searchForParts(secretValue)
	names := map[string]bool{}
	for _, s := range sinks() {
		if names[s.name] {
			t.Errorf("two sinks are named %s", s.name)
		}
		names[s.name] = true
		live := false
		for _, v := range []any{
			secretValue, holder{secretValue, []byte(secretValue)}, &holder{secretValue, nil},
			[]any{secretValue}, []byte(secretValue), map[string]string{"k": secretValue}, fmt.Errorf("%s", secretValue),
		} {
			live = live || len(search.find(s.show(v))) > 0
		}
		if live == slices.Contains(blind, s.name) {
			t.Errorf("%s: shows a plain value: %t", s.name, live)
		}
	}
	if len(names) < 100 {
		t.Errorf("%d sinks, want 100", len(names))
	}
}

// naive is a type that is often considered safe.
type naive string

func (naive) String() string { return "[REDACTED]" }

type naiveHolder struct {
	V naive
	v naive
}

// TestNaiveTypeIsCaught proves that a String method alone is not enough to pass.
func TestNaiveTypeIsCaught(t *testing.T) {
	t.Parallel()
	search := searchForParts(secretValue)
	caught := map[string]bool{}
	for _, s := range sinks() {
		for _, v := range []any{naive(secretValue), naiveHolder{secretValue, secretValue}, &naiveHolder{secretValue, secretValue}} {
			if len(search.find(s.show(v))) > 0 {
				caught[s.name] = true
			}
		}
	}
	for _, name := range []string{
		"fmt %v", "fmt %#v", "fmt %d", "fmt %p", "fmt %x", "json.Marshal", "xml.Marshal", "gob", "yaml v3", "toml in a field",
		"slog JSON argument", "slog text holder", "cmp.Diff", "testify Equal", "pretty.Sprint", "litter", "pp",
		"spew.Dump without methods", "spew %#+v without methods", "html/template <script>x = {{.}}</script>", "expvar.Func",
	} {
		if !caught[name] {
			t.Errorf("%s: not caught", name)
		}
	}
}

package secrets

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	texttemplate "text/template"
	"unicode"
)

// partLength is the length of the parts of a value that count as a leak: printers
// truncate, wrap and split values.
const partLength = 8

// shortestNeedle excludes texts that occur in any output by chance.
const shortestNeedle = 5

// search finds values in the output of a printer, in every form in which printers
// write them. It is safe for concurrent use.
type search struct{ needles []needle }

// needle is a value, or a part of it, as it appears in one view of an output.
type needle struct {
	form string
	view int
	text []byte
}

// searchForParts returns a search for parts of the values, each of which must have
// at least partLength bytes.
func searchForParts(values ...string) *search {
	s := &search{}
	for _, value := range values {
		if len(value) < partLength {
			panic(fmt.Sprintf("secrets: a value has %d bytes, want at least %d", len(value), partLength))
		}
		for i := 0; i+partLength <= len(value); i += partLength {
			s.add(value[i : i+partLength])
		}
		s.add(value[len(value)-partLength:])
	}
	return s
}

func (s *search) add(value string) {
	for _, n := range needlesOf(value) {
		known := func(other needle) bool { return other.view == n.view && bytes.Equal(other.text, n.text) }
		if len(n.text) >= shortestNeedle && !slices.ContainsFunc(s.needles, known) {
			s.needles = append(s.needles, n)
		}
	}
}

// find returns the forms in which a value occurs, but never the value.
func (s *search) find(output string) []string {
	var (
		found []string
		seen  [views][]byte
	)
	for _, n := range s.needles {
		if slices.Contains(found, n.form) {
			continue
		}
		if seen[n.view] == nil {
			seen[n.view] = look(n.view, output)
		}
		if bytes.Contains(seen[n.view], n.text) {
			found = append(found, n.form)
		}
	}
	return found
}

// The views of an output in which needles are searched.
const (
	exact    = iota // unchanged
	anyCase         // in lower case
	squeezed        // without separators
	numbers         // its numbers, each between spaces
	hexBytes        // its two-digit hexadecimal numbers, each between spaces
	views
)

func look(view int, output string) []byte {
	switch view {
	case anyCase:
		return lower(output)
	case squeezed:
		return squeeze(output)
	case numbers:
		return list(output, asNumber)
	case hexBytes:
		return list(hexPrefixes.Replace(dumpColumn.ReplaceAllString(output, "")), asHexByte)
	}
	return []byte(output)
}

func squeeze(output string) []byte {
	b := make([]byte, 0, len(output))
	for i := range len(output) {
		if c := output[i]; !unicode.IsSpace(rune(c)) && strings.IndexByte("\"'`,+[](){}", c) < 0 {
			b = append(b, c)
		}
	}
	return lower(string(b))
}

// dumpColumn is the text column of a hex dump, whose words may look like numbers.
var dumpColumn = regexp.MustCompile(`(?m)\|.{1,16}\|$`)

// hexPrefixes makes the forms U+0073 and \x73 words.
var hexPrefixes = strings.NewReplacer("U+00", " 0x", `\x`, " 0x")

// list returns the tokens among the words of the output, each between spaces. token
// returns "" for a word that is none.
func list(output string, token func(word string) string) []byte {
	b := []byte{' '}
	for word := range strings.FieldsFuncSeq(output, func(r rune) bool {
		return r != '_' && (r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r))
	}) {
		if t := token(word); t != "" {
			b = append(append(b, t...), ' ')
		}
	}
	return b
}

func asNumber(word string) string {
	if len(word) > 2 && (word[:2] == "0o" || word[:2] == "0b") {
		word = word[2:]
	}
	if strings.Trim(word, "0123456789") != "" {
		return ""
	}
	return word
}

// asHexByte accepts the forms 73 and 0x73.
func asHexByte(word string) string {
	if len(word) == 4 && (word[:2] == "0x" || word[:2] == "0X") {
		word = word[2:]
	}
	if len(word) != 2 || strings.Trim(word, "0123456789abcdefABCDEF") != "" {
		return ""
	}
	return strings.ToLower(word)
}

// needlesOf returns the forms of one value or part.
func needlesOf(value string) []needle {
	backwards := []byte(value)
	slices.Reverse(backwards)
	needles := []needle{
		{"raw", anyCase, lower(value)},
		{"reversed", anyCase, lower(string(backwards))},
		{"hex", anyCase, lower(hex.EncodeToString([]byte(value)))},
		{"reversed hex", anyCase, lower(hex.EncodeToString(backwards))},
		{"quoted", anyCase, lower(unquoted(strconv.Quote(value)))},
		{"quoted in ASCII", anyCase, lower(unquoted(strconv.QuoteToASCII(value)))},
		{"HTML", anyCase, lower(html.EscapeString(value))},
		{"template HTML", anyCase, lower(texttemplate.HTMLEscapeString(value))},
		{"template JavaScript", anyCase, lower(texttemplate.JSEscapeString(value))},
		{"query", anyCase, lower(url.QueryEscape(value))},
		{"path", anyCase, lower(url.PathEscape(value))},
		{"JSON", anyCase, lower(unquoted(mustJSON(value)))},
		{"XML", anyCase, lower(xmlText(value))},
		{"spread out", squeezed, look(squeezed, value)},
		{"spread out and quoted", squeezed, look(squeezed, unquoted(strconv.Quote(value)))},
		{"list of decimals", numbers, numberList(value, 10)},
		{"list of octals", numbers, numberList(value, 8)},
		{"list of binaries", numbers, numberList(value, 2)},
		{"list of hex", hexBytes, numberList(value, 16)},
	}
	for _, text := range base64Texts(value) {
		needles = append(needles, needle{"base64", exact, []byte(text)})
	}
	return needles
}

func lower(s string) []byte { return []byte(strings.ToLower(s)) }

func unquoted(s string) string { return s[1 : len(s)-1] }

func xmlText(value string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(value)) // a strings.Builder accepts every write
	return b.String()
}

// numberList returns the bytes in the format of the views numbers and hexBytes.
func numberList(value string, base int) []byte {
	var b []byte
	for i := range len(value) {
		b = append(b, ' ')
		b = strconv.AppendUint(b, uint64(value[i]), base)
	}
	return append(b, ' ')
}

// base64Texts returns the parts of the encoded value that do not depend on the
// surrounding text, for three alignments and two alphabets.
func base64Texts(value string) []string {
	var texts []string
	for shift, unstable := range []int{0, 2, 3} {
		padded := append(make([]byte, shift), value...)
		padded = padded[:len(padded)-len(padded)%3]
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
			// Shorter texts occur by chance.
			if text := encoding.EncodeToString(padded); len(text) >= unstable+6 {
				texts = append(texts, text[unstable:])
			}
		}
	}
	return texts
}

package leak

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	texttemplate "text/template"
)

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
		{"JSON", anyCase, lower(jsonText(value))},
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

func jsonText(value string) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // a string always marshals
	}
	return unquoted(string(text))
}

func xmlText(value string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(value)); err != nil {
		panic(err) // a strings.Builder takes everything
	}
	return b.String()
}

// numberList returns the bytes as the views of numbers list them.
func numberList(value string, base int) []byte {
	var b []byte
	for i := range len(value) {
		b = append(b, ' ')
		b = strconv.AppendUint(b, uint64(value[i]), base)
	}
	return append(b, ' ')
}

// base64Texts returns what of a value is the same in whatever text around it
// is encoded with it: three alignments, two alphabets.
func base64Texts(value string) []string {
	var texts []string
	for shift, unstable := range []int{0, 2, 3} {
		padded := append(make([]byte, shift), value...)
		padded = padded[:len(padded)-len(padded)%3]
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
			// Less than this is found everywhere.
			if text := encoding.EncodeToString(padded); len(text) >= unstable+6 {
				texts = append(texts, text[unstable:])
			}
		}
	}
	return texts
}

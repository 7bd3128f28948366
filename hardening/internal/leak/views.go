package leak

import (
	"regexp"
	"strings"
	"unicode"
)

// The views of an output in which needles are looked for.
const (
	exact    = iota // as it is
	anyCase         // in lower case
	squeezed        // without what separates characters
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
		return list(withoutDumpColumn(output), asHexByte)
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

// dumpColumn is the text beside a hex dump, whose words may look like numbers.
var dumpColumn = regexp.MustCompile(`(?m)\|.{1,16}\|$`)

func withoutDumpColumn(output string) string {
	if !strings.Contains(output, "|\n") {
		return output
	}
	return dumpColumn.ReplaceAllString(output, "")
}

// list returns the words that token takes for one, each between spaces.
func list(output string, token func(before, word string) string) []byte {
	b := []byte{' '}
	for i := 0; i < len(output); i++ {
		start := i
		for i < len(output) && isWord[output[i]] {
			i++
		}
		if i == start {
			continue
		}
		if t := token(output[max(0, start-2):start], output[start:i]); t != "" {
			b = append(append(b, t...), ' ')
		}
	}
	return b
}

func asNumber(_, word string) string {
	if len(word) > 2 && (word[:2] == "0o" || word[:2] == "0b") {
		word = word[2:]
	}
	if strings.Trim(word, "0123456789") != "" {
		return ""
	}
	return word
}

// asHexByte knows the forms 73, 0x73, U+0073 and \x73.
func asHexByte(before, word string) string {
	switch {
	case len(word) == 4 && (word[:2] == "0x" || word[:2] == "0X" || word[:2] == "00" && before == "U+"):
		word = word[2:]
	case len(word) == 3 && word[0] == 'x' && strings.HasSuffix(before, `\`):
		word = word[1:]
	}
	if len(word) != 2 || strings.Trim(word, "0123456789abcdefABCDEF") != "" {
		return ""
	}
	return strings.ToLower(word)
}

var isWord = func() (is [256]bool) {
	for c := range is {
		is[c] = c == '_' || c < unicode.MaxASCII && (unicode.IsLetter(rune(c)) || unicode.IsDigit(rune(c)))
	}
	return is
}()

package cyclostest

import (
	"mime"
	"strconv"
	"strings"
)

// prefersJSON reports whether an Accept header prefers JSON to text. Text wins a
// tie, even if neither is acceptable.
func prefersJSON(accept []string) bool {
	return quality(accept, "application", "json") > quality(accept, "text", "plain")
}

// quality returns the weight of a media type, from 0 to 1, according to the most
// specific matching range. Malformed ranges are ignored. Malformed weights are 0.
func quality(accept []string, kind, subtype string) float64 {
	best, weight := 0, 0.0
	for entry := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		name, parameters, err := mime.ParseMediaType(entry)
		if err != nil {
			continue
		}
		specific := 0
		switch name {
		case kind + "/" + subtype:
			specific = 3
		case kind + "/*":
			specific = 2
		case "*/*":
			specific = 1
		}
		q := 1.0
		if text, given := parameters["q"]; given {
			if q, err = strconv.ParseFloat(text, 64); err != nil || !(q >= 0 && q <= 1) {
				q = 0
			}
		}
		if specific > best || specific == best && specific > 0 && q > weight {
			best, weight = specific, q
		}
	}
	return weight
}

package responses

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
)

// TestMalformedResponses sends each response to each kind of operation.
func TestMalformedResponses(t *testing.T) {
	t.Parallel()
	cases := slices.Concat(bodyCases(), headerCases(), statusCases(), headCases())
	if len(cases) < 60 {
		t.Fatalf("%d cases, want 60", len(cases))
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, tc.response)
			for _, k := range kinds {
				k.must(t, tc.name, newClient(t, server.url), tc.want)
			}
			if sent := server.requests.Load(); sent != int64(len(kinds)) {
				t.Errorf("%d requests arrived, want %d", sent, len(kinds))
			}
		})
	}
}

// malformedResponse is a response that results in an error with the same status for
// each kind of operation.
type malformedResponse struct {
	name, response string
	want           want
}

// bodyCases are responses with status 200 and a body that is valid for no operation.
func bodyCases() []malformedResponse {
	var all []malformedResponse
	for _, c := range []struct{ name, mediaType, body string }{
		{"HTML 200", "text/html; charset=utf-8", htmlPage},
		{"HTML as JSON", jsonType, htmlPage},
		{"HTML as text", "text/plain", htmlPage},
		{"HTML as text, lower case and indented", "text/plain", "\n  <html>" + responseMark},
		{"XML", "application/xml", "<a>" + responseMark + "</a>"},
		{"empty JSON", jsonType, ""},
		{"empty text", "text/plain", ""},
		{"blank JSON", jsonType, " \r\n\t"},
		{"null", jsonType, "null"},
		{"null in blanks", jsonType, "\n null \n"},
		{"true", jsonType, "true"},
		{"number", jsonType, "42"},
		{"empty string", jsonType, `""`},
		{"null in a list", jsonType, `[null]`},
		{"null in a list after an object", jsonType, `[{"status":"active"},null]`},
		{"null in the lists of an object", jsonType, `{"history":[null],"passwords":[null]}`},
		{"list in a list", jsonType, `[[]]`},
		{"string in a list", jsonType, `["` + responseMark + `"]`},
		{"number for a status", jsonType, `{"status":1,"passwords":1}`},
		{"object for a status", jsonType, `[{"status":{"` + responseMark + `":1}}]`},
		{"number for a type", jsonType, `[{"type":17}]`},
		{"string for a flag", jsonType, `[{"type":{"global":"` + responseMark + `"}}]`},
		{"string for permissions", jsonType, `{"permissions":"` + responseMark + `","user":"` + responseMark + `"}`},
		{"object for the history", jsonType, `{"history":{"` + responseMark + `":1},"passwords":{}}`},
		{"string for a length", jsonType, `[{"type":{"minLength":"` + responseMark + `"}}]`},
		{"fraction for a length", jsonType, `[{"type":{"minLength":1.5}}]`},
		{"huge number", jsonType, `[{"type":{"minLength":` + strings.Repeat("9", 400) + `}}]`},
		{"huge exponent", jsonType, `[{"type":{"minLength":1e999999}}]`},
		{"date that is none", jsonType, `[{"date":"` + responseMark + `"}]`},
		{"number for a date", jsonType, `[{"date":1529914657}]`},
		{"year 10000", jsonType, `[{"date":"10000-01-01T00:00:00Z"}]`},
		{"deep nesting", jsonType, strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)},
		{"deep nesting in an unknown property", jsonType, `{"x":` + strings.Repeat(`{"x":`, 100_000) + "1" + strings.Repeat("}", 100_001)},
		{"deep nesting without an end", jsonType, strings.Repeat(`[{"x":`, 100_000)},
		{"trailing data", jsonType, `[]{}"` + responseMark + `"`},
		{"trailing brace", jsonType, `{}}`},
		{"two secrets", jsonType, `"` + responseMark + `" "` + responseMark + `"`},
		{"duplicate names", jsonType, `{"status":"active","status":"` + responseMark + `"}`},
		{"duplicate names in a list", jsonType, `[{"type":{"id":"1","id":"` + responseMark + `"}}]`},
		{"duplicate unknown names", jsonType, `{"x":1,"x":"` + responseMark + `"}`},
		{"byte order mark before JSON", jsonType, "\ufeff[]"},
		{"byte order mark before a string", jsonType, "\ufeff\"" + responseMark + `"`},
		{"byte order mark in a string", jsonType, "\"\ufeff" + responseMark + `"`},
		{"byte order mark before text", "text/plain; charset=utf-8", "\ufeff" + responseMark},
		{"byte order mark inside text", "text/plain", responseMark + "\ufeff"},
		{"object of something else in a list", jsonType, `[{"error":"` + responseMark + `"}]`},
		{"object of something else", jsonType, `{"error":"` + responseMark + `"}`},
		{"null in the send mediums", jsonType, `{"sendMediums":[null],"history":[null]}`},
		{"HTML comment as text", "text/plain", "<!-- " + responseMark + " --><html>"},
		{"byte order mark of UTF-16", "text/plain", "\xff\xfea\x00b\x00"},
		{"UTF-16 without a mark", "text/plain", "a\x00b\x00c\x00"},
		{"invalid UTF-8 in JSON", jsonType, "[{\"status\":\"" + responseMark + "\xff\"}]"},
		{"invalid UTF-8 in a string", jsonType, "\"" + responseMark + "\xc3\""},
		{"invalid UTF-8 in text", "text/plain; charset=utf-8", responseMark + "\xff"},
		{"overlong UTF-8 in text", "text/plain", responseMark + "\xc0\xaf"},
		{"surrogate in UTF-8", "text/plain", responseMark + "\xed\xa0\x80"},
		{"lone surrogate in a string", jsonType, `"` + responseMark + `\ud800"`},
		{"lone low surrogate in a string", jsonType, `"\udc00` + responseMark + `"`},
		{"lone surrogate in a list", jsonType, `[{"status":"\ud800"}]`},
		{"control character in a string", jsonType, "\"" + responseMark + "\x01\""},
		{"escaped control character in a string", jsonType, `"` + responseMark + `\u0000"`},
		{"control character in text", "text/plain", responseMark + "\x00"},
		{"delete in text", "text/plain", responseMark + "\x7f"},
		{"windows-1252 called ISO-8859-1", "text/plain; charset=iso-8859-1", responseMark + "\x80"},
		{"single quotes", jsonType, `['` + responseMark + `']`},
		{"comment", jsonType, `[] // ` + responseMark},
		{"NaN", jsonType, `[{"type":{"minLength":NaN}}]`},
		{"trailing comma", jsonType, `[{},]`},
		{"JSONP", jsonType, `callback([])`},
		{"error object", jsonType, `{"code":"` + responseMark + `"`},
		{"no media type", "", "[]"},
		{"no media type and an object", "", goodObject},
		{"malformed media type", "application", "{}"},
		{"malformed parameter", "application/json; charset", "[]"},
		{"malformed parameter of text", "text/plain; =utf-8", responseMark},
		{"parameter twice", "text/plain; charset=utf-8; charset=iso-8859-1", responseMark},
		{"two media types", "text/plain, text/html", responseMark},
		{"other text", "text/csv", responseMark},
		{"binary", "application/octet-stream", responseMark},
		{"form", "application/x-www-form-urlencoded", "a=" + responseMark},
		{"JSON lines", "application/jsonl", "[]"},
		{"JSON in its name", "text/html+notjson", "[]"},
		{"text/json", "text/json", "[]"},
		{"UTF-16", "application/json; charset=utf-16", "[]"},
		{"UTF-16 text", "text/plain; charset=UTF-16LE", "a\x00"},
		{"KOI8-R", "text/plain; charset=koi8-r", responseMark},
		{"ISO-8859-15", "text/plain; charset=ISO-8859-15", responseMark},
		{"windows-1252", "text/plain; charset=windows-1252", responseMark},
		{"unknown charset", "text/plain; charset=x-" + responseMark, responseMark},
		{"empty charset", `text/plain; charset=""`, responseMark},
		{"extended charset", "text/plain; charset*=utf-8''utf-16", responseMark},
		{"more than US-ASCII", "text/plain; charset=us-ascii", responseMark + "é"},
		{"invalid for US-ASCII", "text/plain; charset=us-ascii", responseMark + "\xe9"},
	} {
		all = append(all, malformedResponse{c.name, framed(200, c.mediaType, c.body), unexpected(200)})
	}
	return all
}

// headerCases are responses with status 200 and headers that cannot be trusted.
func headerCases() []malformedResponse {
	const text = "text/plain"
	packed := gzipped(goodObject)
	with := func(name, mediaType, body string, headers ...string) malformedResponse {
		return malformedResponse{name, framedAs(200, mediaType, body, len(body), headers...), unexpected(200)}
	}
	return []malformedResponse{
		with("two lines with a media type", text, responseMark, "Content-Type: text/html"),
		with("two lines with a charset", "text/plain; charset=utf-8", responseMark, "Content-Type: text/plain; charset=koi8-r"),
		with("brotli", "text/plain; charset=iso-8859-1", responseMark, "Content-Encoding: br"),
		with("deflate", text, responseMark, "Content-Encoding: deflate"),
		with("unknown encoding", text, responseMark, "Content-Encoding: "+responseMark),
		with("encodings in a line", "text/plain; charset=iso-8859-1", gzipped(packed), "Content-Encoding: gzip, gzip"),
		with("encodings in two lines", "text/plain; charset=iso-8859-1", gzipped(packed), "Content-Encoding: gzip", "Content-Encoding: gzip"),
		with("identity and gzip in two lines", "text/plain; charset=iso-8859-1", packed, "Content-Encoding: identity", "Content-Encoding: gzip"),
		with("identity and brotli in two lines", "text/plain", responseMark, "Content-Encoding: identity", "Content-Encoding: br"),
		with("gzip twice under one name", "text/plain; charset=iso-8859-1", gzipped(packed), "Content-Encoding: gzip"),
		with("gzip that is none", text, responseMark, "Content-Encoding: gzip"),
		with("gzip, empty", text, "", "Content-Encoding: gzip"),
		with("gzip of nothing", text, gzipped(""), "Content-Encoding: gzip"),
		with("gzip without its checksum", text, packed[:len(packed)-8], "Content-Encoding: gzip"),
		with("gzip with a wrong checksum", text, packed[:len(packed)-8]+"01234567", "Content-Encoding: gzip"),
		with("gzip with trailing data", text, packed+responseMark, "Content-Encoding: gzip"),
		with("gzip with trailing zeros", text, packed+strings.Repeat("\x00", 64), "Content-Encoding: gzip"),
		with("gzip, not labeled", "text/plain; charset=iso-8859-1", packed),
		{"length too large for JSON", framedAs(200, jsonType, goodObject, len(goodObject)+1), unexpected(200)},
		{"length of 8 EiB", framedAs(200, text, responseMark, 1<<63-1), unexpected(200)},
		{"length of 2 MiB", framedAs(200, text, responseMark, 2<<20), unexpected(200)},
		{"chunk that is none", head(200, text, "Transfer-Encoding: chunked") + responseMark, unexpected(200)},
		{"chunk of negative length", head(200, text, "Transfer-Encoding: chunked") + "-1\r\n" + responseMark, unexpected(200)},
		{"chunk of overflowing length", head(200, text, "Transfer-Encoding: chunked") + "fffffffffffffffff\r\n" + responseMark, unexpected(200)},
		{"chunk longer than it says", head(200, text, "Transfer-Encoding: chunked") + "1\r\n" + responseMark + "\r\n0\r\n\r\n", unexpected(200)},
		{"chunk with an endless extension", head(200, text, "Transfer-Encoding: chunked") + "1;" + strings.Repeat("x", 1<<20), unexpected(200)},
		{"chunks of one byte with extensions", head(200, text, "Transfer-Encoding: chunked") + strings.Repeat("1;"+strings.Repeat("x", 1000)+"\r\na\r\n", 1000), unexpected(200)},
		{"trailer that is none", head(200, text, "Transfer-Encoding: chunked") + "1\r\na\r\n0\r\n" + responseMark + "\r\n\r\n", unexpected(200)},
		{"trailer without an end", head(200, text, "Transfer-Encoding: chunked") + "1\r\na\r\n0\r\nX: " + strings.Repeat("x", 1<<20), unexpected(200)},
	}
}

// statusCases are responses with a status other than the success status and a
// useless body.
func statusCases() []malformedResponse {
	all := []malformedResponse{
		{"HTML 200 without a length", head(200, "text/html") + htmlPage, unexpected(200)},
		{"101", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n" + responseMark, unexpected(101)},
		{"304", head(304, ""), unexpected(304)},
		{"000", framed(0, "text/plain", responseMark), unexpected(0)},
		{"302 to HTML", framedAs(302, "text/html", htmlPage, len(htmlPage), "Location: https://sso.example/"+responseMark), unexpected(302)},
		{"300", framed(300, jsonType, goodObject), unexpected(300)},
	}
	for _, status := range []int{201, 202, 203, 205, 206, 207, 226, 299} {
		all = append(all,
			malformedResponse{fmt.Sprintf("%d with an object", status), framed(status, jsonType, goodObject), unexpected(status)},
			malformedResponse{fmt.Sprintf("%d with text", status), framed(status, "text/plain", responseMark), unexpected(status)})
	}
	for status, kind := range map[int]error{
		401: passwords.ErrUnauthorized, 403: passwords.ErrForbidden, 404: passwords.ErrNotFound, 409: passwords.ErrConflict,
		422: passwords.ErrInvalidInput, 503: passwords.ErrUnavailable, 500: passwords.ErrServer, 502: passwords.ErrServer, 599: passwords.ErrServer,
	} {
		w := want{status: status, is: []error{kind}, not: []error{passwords.ErrUnexpectedResponse}}
		for name, body := range map[string]string{
			"HTML": framed(status, "text/html", htmlPage), "nothing": framed(status, "", ""),
			"null": framed(status, jsonType, "null"), "a list": framed(status, jsonType, "[]"),
			"HTML as JSON":   framed(status, jsonType, htmlPage),
			"broken JSON":    framed(status, jsonType, `{"code":"`+responseMark),
			"wrong types":    framed(status, jsonType, `{"code":{"`+responseMark+`":1},"entityType":1,"propertyErrors":1,"exceptionType":1}`),
			"invalid UTF-8":  framed(status, jsonType, "{\xff"),
			"deep nesting":   framed(status, jsonType, `{"x":`+strings.Repeat("[", 100_000)),
			"a broken gzip":  framedAs(status, jsonType, responseMark, len(responseMark), "Content-Encoding: gzip"),
			"brotli":         framedAs(status, jsonType, responseMark, len(responseMark), "Content-Encoding: br"),
			"a short body":   framedAs(status, jsonType, `{"`+responseMark, 1000),
			"a broken chunk": head(status, jsonType, "Transfer-Encoding: chunked") + responseMark,
			"2 MiB":          framed(status, "text/html", strings.Repeat(responseMark, 2<<20/len(responseMark))),
		} {
			all = append(all, malformedResponse{fmt.Sprintf("%d with %s", status, name), body, w})
		}
	}
	for _, status := range []int{400, 402, 405, 406, 408, 410, 413, 418, 429, 431, 451, 499} {
		all = append(all, malformedResponse{fmt.Sprintf("%d with HTML", status), framed(status, "text/html", htmlPage),
			want{status: status, not: []error{passwords.ErrUnexpectedResponse, passwords.ErrServer}}})
	}
	return all
}

// headCases are responses without a valid head and therefore without a status.
func headCases() []malformedResponse {
	all := []malformedResponse{}
	for name, response := range map[string]string{
		"nothing":                         "",
		"HTTP/0.9":                        htmlPage,
		"garbage":                         "\x00\x01\x02" + responseMark,
		"TLS":                             "\x15\x03\x01\x00\x02\x02\x28",
		"another protocol":                "SSH-2.0-" + responseMark + "\r\n",
		"another protocol with a status":  strings.Replace(framed(200, "text/plain", responseMark), "HTTP", "RTSP", 1),
		"lower case":                      strings.Replace(framed(200, "text/plain", responseMark), "HTTP", "http", 1),
		"version without a minor":         strings.Replace(framed(200, "text/plain", responseMark), "HTTP/1.1", "HTTP/1", 1),
		"version of three parts":          strings.Replace(framed(200, "text/plain", responseMark), "HTTP/1.1", "HTTP/1.1.1", 1),
		"status of two digits":            "HTTP/1.1 20 X\r\nContent-Length: 1\r\n\r\na",
		"status of four digits":           "HTTP/1.1 2000 X\r\nContent-Length: 1\r\n\r\na",
		"negative status":                 "HTTP/1.1 -20 X\r\nContent-Length: 1\r\n\r\na",
		"status of letters":               "HTTP/1.1 " + responseMark + "\r\n\r\n",
		"no status":                       "HTTP/1.1\r\nContent-Length: 1\r\n\r\na",
		"length that is none":             head(200, "text/plain", "Content-Length: "+responseMark),
		"negative length":                 head(200, "text/plain", "Content-Length: -1") + responseMark,
		"length with a sign":              head(200, "text/plain", "Content-Length: +1") + "a",
		"length that overflows":           head(200, "text/plain", "Content-Length: 99999999999999999999") + responseMark,
		"two lengths":                     head(200, "text/plain", "Content-Length: 1", "Content-Length: 9") + responseMark,
		"lengths in a line":               head(200, "text/plain", "Content-Length: 1, 9") + responseMark,
		"unknown transfer encoding":       head(200, "text/plain", "Transfer-Encoding: "+responseMark),
		"two transfer encodings":          head(200, "text/plain", "Transfer-Encoding: gzip, chunked"),
		"two lines of transfer encodings": head(200, "text/plain", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
		"header without a colon":          head(200, "text/plain", responseMark),
		"header without a name":           head(200, "text/plain", ": "+responseMark),
		"header that goes on":             "HTTP/1.1 200 X\r\n " + responseMark + "\r\n\r\n",
		"only informational":              strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: <"+responseMark+">\r\n\r\n", 100),
	} {
		all = append(all, malformedResponse{name, response, noResponse})
	}
	return all
}

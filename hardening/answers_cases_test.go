package hardening

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"

	"github.com/cyclos-go/passwords"
)

// answerCase is an answer which is an error for each kind of operation, with
// the same status.
type answerCase struct {
	name, answer string
	want         want
}

const (
	jsonType = "application/json"
	htmlPage = "<!DOCTYPE html><html><body>" + answerMark + "</body></html>"
)

// noAnswer is what a head that cannot be read gives.
var noAnswer = want{not: []error{passwords.ErrUnexpectedResponse, passwords.ErrServer}}

// bodyCases are bodies under status 200 that no operation promises. The media
// type is JSON, for the text of secrets too, unless it is given.
func bodyCases() []answerCase {
	var all []answerCase
	for _, c := range []struct{ name, mediaType, body string }{
		{"HTML 200", "text/html; charset=utf-8", htmlPage},
		{"HTML as JSON", jsonType, htmlPage},
		{"HTML as text", "text/plain", htmlPage},
		{"HTML as text, lower case and indented", "text/plain", "\n  <html>" + answerMark},
		{"XML", "application/xml", "<a>" + answerMark + "</a>"},
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
		{"string in a list", jsonType, `["` + answerMark + `"]`},
		{"number for a status", jsonType, `{"status":1,"passwords":1}`},
		{"object for a status", jsonType, `[{"status":{"` + answerMark + `":1}}]`},
		{"number for a type", jsonType, `[{"type":17}]`},
		{"string for a flag", jsonType, `[{"type":{"global":"` + answerMark + `"}}]`},
		{"string for permissions", jsonType, `{"permissions":"` + answerMark + `","user":"` + answerMark + `"}`},
		{"object for the history", jsonType, `{"history":{"` + answerMark + `":1},"passwords":{}}`},
		{"string for a length", jsonType, `[{"type":{"minLength":"` + answerMark + `"}}]`},
		{"fraction for a length", jsonType, `[{"type":{"minLength":1.5}}]`},
		{"huge number", jsonType, `[{"type":{"minLength":` + strings.Repeat("9", 400) + `}}]`},
		{"huge exponent", jsonType, `[{"type":{"minLength":1e999999}}]`},
		{"date that is none", jsonType, `[{"date":"` + answerMark + `"}]`},
		{"number for a date", jsonType, `[{"date":1529914657}]`},
		{"year 10000", jsonType, `[{"date":"10000-01-01T00:00:00Z"}]`},
		{"deep nesting", jsonType, strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)},
		{"deep nesting in an unknown property", jsonType, `{"x":` + strings.Repeat(`{"x":`, 100_000) + "1" + strings.Repeat("}", 100_001)},
		{"deep nesting without an end", jsonType, strings.Repeat(`[{"x":`, 100_000)},
		{"trailing data", jsonType, `[]{}"` + answerMark + `"`},
		{"trailing brace", jsonType, `{}}`},
		{"two secrets", jsonType, `"` + answerMark + `" "` + answerMark + `"`},
		{"duplicate names", jsonType, `{"status":"active","status":"` + answerMark + `"}`},
		{"duplicate names in a list", jsonType, `[{"type":{"id":"1","id":"` + answerMark + `"}}]`},
		{"duplicate unknown names", jsonType, `{"x":1,"x":"` + answerMark + `"}`},
		{"byte order mark before JSON", jsonType, "\ufeff[]"},
		{"byte order mark before a string", jsonType, "\ufeff\"" + answerMark + `"`},
		{"byte order mark in a string", jsonType, "\"\ufeff" + answerMark + `"`},
		{"byte order mark before text", "text/plain; charset=utf-8", "\ufeff" + answerMark},
		{"byte order mark of UTF-16", "text/plain", "\xff\xfea\x00b\x00"},
		{"UTF-16 without a mark", "text/plain", "a\x00b\x00c\x00"},
		{"invalid UTF-8 in JSON", jsonType, "[{\"status\":\"" + answerMark + "\xff\"}]"},
		{"invalid UTF-8 in a string", jsonType, "\"" + answerMark + "\xc3\""},
		{"invalid UTF-8 in text", "text/plain; charset=utf-8", answerMark + "\xff"},
		{"overlong UTF-8 in text", "text/plain", answerMark + "\xc0\xaf"},
		{"surrogate in UTF-8", "text/plain", answerMark + "\xed\xa0\x80"},
		{"lone surrogate in a string", jsonType, `"` + answerMark + `\ud800"`},
		{"lone low surrogate in a string", jsonType, `"\udc00` + answerMark + `"`},
		{"lone surrogate in a list", jsonType, `[{"status":"\ud800"}]`},
		{"control character in a string", jsonType, "\"" + answerMark + "\x01\""},
		{"escaped control character in a string", jsonType, `"` + answerMark + `\u0000"`},
		{"control character in text", "text/plain", answerMark + "\x00"},
		{"delete in text", "text/plain", answerMark + "\x7f"},
		{"windows-1252 called ISO-8859-1", "text/plain; charset=iso-8859-1", answerMark + "\x80"},
		{"single quotes", jsonType, `['` + answerMark + `']`},
		{"comment", jsonType, `[] // ` + answerMark},
		{"NaN", jsonType, `[{"type":{"minLength":NaN}}]`},
		{"trailing comma", jsonType, `[{},]`},
		{"JSONP", jsonType, `callback([])`},
		{"error object", jsonType, `{"code":"` + answerMark + `"`},
		{"no media type", "", "[]"},
		{"no media type and an object", "", goodObject},
		{"malformed media type", "application", "{}"},
		{"malformed parameter", "application/json; charset", "[]"},
		{"malformed parameter of text", "text/plain; =utf-8", answerMark},
		{"parameter twice", "text/plain; charset=utf-8; charset=iso-8859-1", answerMark},
		{"two media types", "text/plain, text/html", answerMark},
		{"other text", "text/csv", answerMark},
		{"binary", "application/octet-stream", answerMark},
		{"form", "application/x-www-form-urlencoded", "a=" + answerMark},
		{"JSON lines", "application/jsonl", "[]"},
		{"JSON in its name", "text/html+notjson", "[]"},
		{"text/json", "text/json", "[]"},
		{"UTF-16", "application/json; charset=utf-16", "[]"},
		{"UTF-16 text", "text/plain; charset=UTF-16LE", "a\x00"},
		{"KOI8-R", "text/plain; charset=koi8-r", answerMark},
		{"ISO-8859-15", "text/plain; charset=ISO-8859-15", answerMark},
		{"windows-1252", "text/plain; charset=windows-1252", answerMark},
		{"unknown charset", "text/plain; charset=x-" + answerMark, answerMark},
		{"empty charset", `text/plain; charset=""`, answerMark},
		{"extended charset", "text/plain; charset*=utf-8''utf-16", answerMark},
		{"more than US-ASCII", "text/plain; charset=us-ascii", answerMark + "é"},
		{"invalid for US-ASCII", "text/plain; charset=us-ascii", answerMark + "\xe9"},
	} {
		all = append(all, answerCase{c.name, framed(200, c.mediaType, c.body), unexpected(200)})
	}
	return all
}

// headerCases are answers with status 200 whose headers are not to be trusted.
func headerCases() []answerCase {
	const text = "text/plain"
	packed := gzipped(goodObject)
	with := func(name, mediaType, body string, headers ...string) answerCase {
		return answerCase{name, framedAs(200, mediaType, body, len(body), headers...), unexpected(200)}
	}
	return []answerCase{
		with("two lines with a media type", text, answerMark, "Content-Type: text/html"),
		with("two lines with a charset", "text/plain; charset=utf-8", answerMark, "Content-Type: text/plain; charset=koi8-r"),
		with("brotli", "text/plain; charset=iso-8859-1", answerMark, "Content-Encoding: br"),
		with("deflate", text, answerMark, "Content-Encoding: deflate"),
		with("unknown encoding", text, answerMark, "Content-Encoding: "+answerMark),
		with("encodings in a line", "text/plain; charset=iso-8859-1", gzipped(packed), "Content-Encoding: gzip, gzip"),
		with("encodings in two lines", "text/plain; charset=iso-8859-1", gzipped(packed), "Content-Encoding: gzip", "Content-Encoding: gzip"),
		with("identity and gzip in two lines", "text/plain; charset=iso-8859-1", packed, "Content-Encoding: identity", "Content-Encoding: gzip"),
		with("identity and brotli in two lines", "text/plain", answerMark, "Content-Encoding: identity", "Content-Encoding: br"),
		with("gzip twice under one name", "text/plain; charset=iso-8859-1", gzipped(packed), "Content-Encoding: gzip"),
		with("gzip that is none", text, answerMark, "Content-Encoding: gzip"),
		with("gzip, empty", text, "", "Content-Encoding: gzip"),
		with("gzip of nothing", text, gzipped(""), "Content-Encoding: gzip"),
		with("gzip, truncated", text, packed[:len(packed)/2], "Content-Encoding: gzip"),
		with("gzip without its checksum", text, packed[:len(packed)-8], "Content-Encoding: gzip"),
		with("gzip with a wrong checksum", text, packed[:len(packed)-8]+"01234567", "Content-Encoding: gzip"),
		with("gzip with trailing data", text, packed+answerMark, "Content-Encoding: gzip"),
		with("gzip with trailing zeros", text, packed+strings.Repeat("\x00", 64), "Content-Encoding: gzip"),
		with("gzip, not labelled", "text/plain; charset=iso-8859-1", packed),
		{"length too large", framedAs(200, text, answerMark, 1000), unexpected(200)},
		{"length too large for JSON", framedAs(200, jsonType, goodObject, len(goodObject)+1), unexpected(200)},
		{"length of 8 EiB", framedAs(200, text, answerMark, 1<<63-1), unexpected(200)},
		{"length of 2 MiB", framedAs(200, text, answerMark, 2<<20), unexpected(200)},
		{"chunk that is none", head(200, text, "Transfer-Encoding: chunked") + answerMark, unexpected(200)},
		{"chunk of negative length", head(200, text, "Transfer-Encoding: chunked") + "-1\r\n" + answerMark, unexpected(200)},
		{"chunk of overflowing length", head(200, text, "Transfer-Encoding: chunked") + "fffffffffffffffff\r\n" + answerMark, unexpected(200)},
		{"chunk longer than it says", head(200, text, "Transfer-Encoding: chunked") + "1\r\n" + answerMark + "\r\n0\r\n\r\n", unexpected(200)},
		{"chunk with an endless extension", head(200, text, "Transfer-Encoding: chunked") + "1;" + strings.Repeat("x", 1<<20), unexpected(200)},
		{"chunks of one byte with extensions", head(200, text, "Transfer-Encoding: chunked") + strings.Repeat("1;"+strings.Repeat("x", 1000)+"\r\na\r\n", 1000), unexpected(200)},
		{"trailer that is none", head(200, text, "Transfer-Encoding: chunked") + "1\r\na\r\n0\r\n" + answerMark + "\r\n\r\n", unexpected(200)},
		{"trailer without an end", head(200, text, "Transfer-Encoding: chunked") + "1\r\na\r\n0\r\nX: " + strings.Repeat("x", 1<<20), unexpected(200)},
	}
}

// statusCases are answers with another status than that of success, of which
// the status is all there is to know.
func statusCases() []answerCase {
	all := []answerCase{
		{"HTML 200 without a length", head(200, "text/html") + htmlPage, unexpected(200)},
		{"101", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n" + answerMark, unexpected(101)},
		{"304", head(304, ""), unexpected(304)},
		{"000", framed(0, "text/plain", answerMark), unexpected(0)},
		{"302 to HTML", framedAs(302, "text/html", htmlPage, len(htmlPage), "Location: https://sso.example/"+answerMark), unexpected(302)},
		{"300", framed(300, jsonType, goodObject), unexpected(300)},
	}
	for _, status := range []int{201, 202, 203, 205, 206, 207, 226, 299} {
		all = append(all,
			answerCase{fmt.Sprintf("%d with an object", status), framed(status, jsonType, goodObject), unexpected(status)},
			answerCase{fmt.Sprintf("%d with text", status), framed(status, "text/plain", answerMark), unexpected(status)})
	}
	for status, kind := range map[int]error{
		401: passwords.ErrUnauthorized, 403: passwords.ErrForbidden, 404: passwords.ErrNotFound, 409: passwords.ErrConflict,
		422: passwords.ErrInvalidInput, 503: passwords.ErrUnavailable, 500: passwords.ErrServer, 502: passwords.ErrServer, 599: passwords.ErrServer,
	} {
		w := want{status: status, is: []error{kind}, not: []error{passwords.ErrUnexpectedResponse}, known: status < 500}
		for name, body := range map[string]string{
			"HTML": framed(status, "text/html", htmlPage), "nothing": framed(status, "", ""),
			"null": framed(status, jsonType, "null"), "a list": framed(status, jsonType, "[]"),
			"HTML as JSON":   framed(status, jsonType, htmlPage),
			"broken JSON":    framed(status, jsonType, `{"code":"`+answerMark),
			"wrong types":    framed(status, jsonType, `{"code":{"`+answerMark+`":1},"entityType":1,"propertyErrors":1,"exceptionType":1}`),
			"invalid UTF-8":  framed(status, jsonType, "{\xff"),
			"deep nesting":   framed(status, jsonType, `{"x":`+strings.Repeat("[", 100_000)),
			"a broken gzip":  framedAs(status, jsonType, answerMark, len(answerMark), "Content-Encoding: gzip"),
			"brotli":         framedAs(status, jsonType, answerMark, len(answerMark), "Content-Encoding: br"),
			"a short body":   framedAs(status, jsonType, `{"`+answerMark, 1000),
			"a broken chunk": head(status, jsonType, "Transfer-Encoding: chunked") + answerMark,
			"2 MiB":          framed(status, "text/html", strings.Repeat(answerMark, 2<<20/len(answerMark))),
		} {
			all = append(all, answerCase{fmt.Sprintf("%d with %s", status, name), body, w})
		}
	}
	for _, status := range []int{400, 402, 405, 406, 408, 410, 413, 418, 429, 431, 451, 499} {
		gaveUp := status == 408 || status == 499 // a proxy, which may have sent the request on
		all = append(all, answerCase{fmt.Sprintf("%d with HTML", status), framed(status, "text/html", htmlPage),
			want{status: status, not: []error{passwords.ErrUnexpectedResponse, passwords.ErrServer}, known: !gaveUp}})
	}
	return all
}

// headCases are answers without a head that can be read, and so without a
// status.
func headCases() []answerCase {
	all := []answerCase{}
	for name, answer := range map[string]string{
		"nothing":                         "",
		"HTTP/0.9":                        htmlPage,
		"garbage":                         "\x00\x01\x02" + answerMark,
		"TLS":                             "\x15\x03\x01\x00\x02\x02\x28",
		"another protocol":                "SSH-2.0-" + answerMark + "\r\n",
		"another protocol with a status":  strings.Replace(framed(200, "text/plain", answerMark), "HTTP", "RTSP", 1),
		"lower case":                      strings.Replace(framed(200, "text/plain", answerMark), "HTTP", "http", 1),
		"version without a minor":         strings.Replace(framed(200, "text/plain", answerMark), "HTTP/1.1", "HTTP/1", 1),
		"version of three parts":          strings.Replace(framed(200, "text/plain", answerMark), "HTTP/1.1", "HTTP/1.1.1", 1),
		"status of two digits":            "HTTP/1.1 20 X\r\nContent-Length: 1\r\n\r\na",
		"status of four digits":           "HTTP/1.1 2000 X\r\nContent-Length: 1\r\n\r\na",
		"negative status":                 "HTTP/1.1 -20 X\r\nContent-Length: 1\r\n\r\na",
		"status of letters":               "HTTP/1.1 " + answerMark + "\r\n\r\n",
		"no status":                       "HTTP/1.1\r\nContent-Length: 1\r\n\r\na",
		"length that is none":             head(200, "text/plain", "Content-Length: "+answerMark),
		"negative length":                 head(200, "text/plain", "Content-Length: -1") + answerMark,
		"length with a sign":              head(200, "text/plain", "Content-Length: +1") + "a",
		"length that overflows":           head(200, "text/plain", "Content-Length: 99999999999999999999") + answerMark,
		"two lengths":                     head(200, "text/plain", "Content-Length: 1", "Content-Length: 9") + answerMark,
		"lengths in a line":               head(200, "text/plain", "Content-Length: 1, 9") + answerMark,
		"unknown transfer encoding":       head(200, "text/plain", "Transfer-Encoding: "+answerMark),
		"two transfer encodings":          head(200, "text/plain", "Transfer-Encoding: gzip, chunked"),
		"two lines of transfer encodings": head(200, "text/plain", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
		"header without a colon":          head(200, "text/plain", answerMark),
		"header without a name":           head(200, "text/plain", ": "+answerMark),
		"header that goes on":             "HTTP/1.1 200 X\r\n " + answerMark + "\r\n\r\n",
		"only informational":              strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: <"+answerMark+">\r\n\r\n", 100),
	} {
		all = append(all, answerCase{name, answer, noAnswer})
	}
	return all
}

func gzipped(text string) string {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write([]byte(text))
	_ = w.Close() // a bytes.Buffer takes everything
	return packed.String()
}

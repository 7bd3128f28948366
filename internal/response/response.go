// Package response reads what servers, and proxies in front of them, answer.
package response

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// ErrUnexpected stands for an answer that is not what the operation promises,
// such as an HTML page with status 200.
var ErrUnexpected = errors.New("unexpected response")

// Unexpected returns an error that matches ErrUnexpected. The reason must not hold
// anything of the answer.
func Unexpected(reason string) error { return fmt.Errorf("%w: %s", ErrUnexpected, reason) }

// Response is what came back, its body read.
type Response struct {
	Status int // 0 if nothing came back
	Header http.Header
	Body   []byte
}

// text returns the media type and the body in UTF-8.
func (a Response) text() (mediaType string, body []byte, err error) {
	mediaType, charset, err := contentType(a.Header.Values("Content-Type"))
	if err != nil {
		return "", nil, err
	}
	if slices.ContainsFunc(a.Header.Values("Content-Encoding"), encodes) {
		return "", nil, Unexpected("the content is encoded in a way that was not asked for")
	}
	body = a.Body
	switch charset {
	case "utf-8":
	case "us-ascii":
		if bytes.ContainsFunc(body, func(r rune) bool { return r >= utf8.RuneSelf }) {
			return "", nil, Unexpected("the text is not what its charset says")
		}
	case "iso-8859-1":
		latin1 := make([]rune, len(body))
		for i, b := range body {
			latin1[i] = rune(b)
		}
		body = []byte(string(latin1))
	default:
		return "", nil, Unexpected("the charset is not supported")
	}
	if !utf8.Valid(body) {
		return "", nil, Unexpected("the text is not valid UTF-8")
	}
	return mediaType, body, nil
}

// contentType returns the media type and the charset, utf-8 if there is none, in
// lower case.
func contentType(values []string) (mediaType, charset string, err error) {
	if len(values) == 0 || slices.ContainsFunc(values, func(v string) bool { return v != values[0] }) {
		return "", "", Unexpected("the media type is missing or ambiguous")
	}
	switch values[0] { // what servers send takes no parser
	case "application/json", "application/json;charset=UTF-8":
		return "application/json", "utf-8", nil
	case "text/plain", "text/plain;charset=UTF-8":
		return "text/plain", "utf-8", nil
	}
	mediaType, params, err := mime.ParseMediaType(values[0])
	if err != nil {
		return "", "", Unexpected("the media type is missing or malformed")
	}
	charset, ok := params["charset"]
	if !ok {
		charset = "utf-8"
	}
	return mediaType, strings.ToLower(charset), nil
}

func isJSON(mediaType string) bool {
	return mediaType == "application/json" || strings.HasSuffix(mediaType, "+json")
}

// encodes reports whether a value of Content-Encoding stands for a change of the
// body that net/http has not undone.
func encodes(encoding string) bool { return encoding != "" && !strings.EqualFold(encoding, "identity") }

// RetryAfter returns how long the header Retry-After asks to wait, given in
// seconds or as a date, which counts from the date of the answer; 0 if it is
// absent, malformed or past.
func (a Response) RetryAfter() time.Duration {
	value := a.Header.Get("Retry-After")
	// More than fits is as long as fits, not "at once".
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(seconds) * time.Second
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(a.Header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return max(0, date.Sub(now))
}

// RedirectOrigin returns the scheme and host of the Location, as seen from base;
// "" if it has none or is no address of the web.
func (a Response) RedirectOrigin(base *url.URL) string {
	const longestName = 253
	location := a.Header.Get("Location")
	u, err := base.Parse(location)
	if location == "" || err != nil || u.Host == "" || len(u.Host) > longestName || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	origin := (&url.URL{Scheme: u.Scheme, Host: u.Host}).String()
	if _, err := url.Parse(origin); err != nil { // it is stricter with a scheme than without
		return ""
	}
	return origin
}

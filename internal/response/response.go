// Package response reads the responses of servers, and of proxies in front of them.
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

// ErrUnexpected is the error for a response that the operation does not promise,
// such as an HTML page with status 200.
var ErrUnexpected = errors.New("unexpected response")

// Unexpected returns an error that matches ErrUnexpected. The reason must not quote
// the response.
func Unexpected(reason string) error { return fmt.Errorf("%w: %s", ErrUnexpected, reason) }

// Response is a response whose body was read.
type Response struct {
	Status int // 0 if there is no response
	Header http.Header
	Body   []byte
}

// text returns the media type and the body in UTF-8.
func (r Response) text() (mediaType string, body []byte, err error) {
	mediaType, charset, err := contentType(r.Header.Values("Content-Type"))
	if err != nil {
		return "", nil, err
	}
	if slices.ContainsFunc(r.Header.Values("Content-Encoding"), encodes) {
		return "", nil, Unexpected("the content encoding was not requested")
	}
	body = r.Body
	switch charset {
	case "utf-8":
	case "us-ascii":
		if bytes.ContainsFunc(body, func(c rune) bool { return c >= utf8.RuneSelf }) {
			return "", nil, Unexpected("the text does not match its charset")
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

// contentType returns the media type and the charset in lower case. The default
// charset is utf-8.
func contentType(values []string) (mediaType, charset string, err error) {
	if len(values) == 0 || slices.ContainsFunc(values, func(v string) bool { return v != values[0] }) {
		return "", "", Unexpected("the media type is missing or ambiguous")
	}
	switch values[0] { // fast path for the usual values
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

// encodes reports whether a value of Content-Encoding names an encoding, which
// net/http has not decoded.
func encodes(encoding string) bool { return encoding != "" && !strings.EqualFold(encoding, "identity") }

// RetryAfter returns the delay of the header Retry-After, given in seconds or as a
// date relative to the date of the response; 0 if it is absent, malformed or past.
func (r Response) RetryAfter() time.Duration {
	value := r.Header.Get("Retry-After")
	// A number that is too large is the longest delay, not none.
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(seconds) * time.Second
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(r.Header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return max(0, date.Sub(now))
}

// RedirectOrigin returns the scheme and host of the Location, relative to base; ""
// if there is none or it is not an http or https URL.
func (r Response) RedirectOrigin(base *url.URL) string {
	const longestName = 253
	location := r.Header.Get("Location")
	u, err := base.Parse(location)
	if location == "" || err != nil || u.Host == "" || len(u.Host) > longestName || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	origin := (&url.URL{Scheme: u.Scheme, Host: u.Host}).String()
	if _, err := url.Parse(origin); err != nil { // net/url rejects some hosts only together with a scheme
		return ""
	}
	return origin
}

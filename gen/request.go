package gen

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ErrInvalidArgument is matched by errors about a value that cannot be sent
// safely. No request was sent.
var ErrInvalidArgument = errors.New("invalid argument")

func parseServer(server string) (*url.URL, error) {
	base, err := url.Parse(server)
	if err != nil || base.Scheme == "" || base.Host == "" {
		return nil, fmt.Errorf("%w: the base URL is not absolute", ErrInvalidArgument)
	}
	return base, nil
}

// newRequest returns a request for an operation. It appends the path template to
// the base URL and substitutes values for the template's variables, in order.
func newRequest(ctx context.Context, method string, server *url.URL, path string, body io.Reader, values ...string) (*http.Request, error) {
	if server == nil {
		return nil, fmt.Errorf("%w: no base URL", ErrInvalidArgument)
	}
	// Short paths need only one allocation, for the final string.
	var plainBytes, escapedBytes [128]byte
	plain := append(plainBytes[:0], strings.TrimSuffix(server.Path, "/")...)
	escaped := append(escapedBytes[:0], strings.TrimSuffix(server.EscapedPath(), "/")...)
	for _, value := range values {
		before, rest, _ := strings.Cut(path, "{")
		name, after, _ := strings.Cut(rest, "}")
		if err := checkSegment(name, value); err != nil {
			return nil, err
		}
		plain = append(append(plain, before...), value...)
		escaped = append(append(escaped, before...), url.PathEscape(value)...)
		path = after
	}
	req, err := http.NewRequestWithContext(ctx, method, "", body)
	if err != nil {
		return nil, err
	}
	plain, escaped = append(plain, path...), append(escaped, path...)
	req.Host = strings.TrimSuffix(server.Host, ":") // as http.NewRequest does for an empty port
	*req.URL = url.URL{Scheme: server.Scheme, User: server.User, Host: req.Host, Path: string(plain)}
	// RawPath is always set: the default escaping of net/url can differ from that of
	// the base URL.
	if req.URL.RawPath = req.URL.Path; string(escaped) != string(plain) {
		req.URL.RawPath = string(escaped)
	}
	return req, nil
}

// checkSegment rejects values that can change in transit: clients, proxies and
// servers drop, resolve, split or truncate them, even if they are escaped.
func checkSegment(name, value string) error {
	problem := ""
	switch {
	case value == "":
		problem = "is empty"
	case value == "." || value == "..":
		problem = "is a dot segment"
	case !utf8.ValidString(value):
		problem = "is not valid UTF-8"
	case strings.ContainsAny(value, `/\;`):
		problem = "contains a slash, a backslash or a semicolon"
	case strings.ContainsFunc(value, unicode.IsControl):
		problem = "contains a control character"
	default:
		return nil
	}
	return fmt.Errorf("%w: the %s %s", ErrInvalidArgument, name, problem)
}

// addQuery adds a parameter, which must be escaped. It rejects empty values,
// because servers differ in how they interpret them.
func addQuery(req *http.Request, parameter string) error {
	name, values, _ := strings.Cut(parameter, "=")
	values = strings.ReplaceAll(values, "&"+name+"=", ",") // repeated parameters
	if strings.Contains(","+values+",", ",,") {
		return fmt.Errorf("%w: %s contains an empty value", ErrInvalidArgument, name)
	}
	if req.URL.RawQuery != "" {
		parameter = req.URL.RawQuery + "&" + parameter
	}
	req.URL.RawQuery = parameter
	return nil
}

// send applies the editors to a request and sends it. It returns err unchanged if
// it is not nil.
func (c *Client) send(ctx context.Context, req *http.Request, err error, editors []RequestEditorFn) (*http.Response, error) {
	if err != nil {
		return nil, err
	}
	for _, all := range [][]RequestEditorFn{c.RequestEditors, editors} {
		for _, edit := range all {
			if err := edit(ctx, req); err != nil {
				return nil, err
			}
		}
	}
	return c.Client.Do(req)
}

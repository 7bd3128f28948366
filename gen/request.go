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

// ErrInvalidArgument stands for a value that cannot be sent safely. Nothing was
// sent.
var ErrInvalidArgument = errors.New("invalid argument")

// parseServer returns the base URL of a client.
func parseServer(server string) (*url.URL, error) {
	base, err := url.Parse(server)
	if err != nil || base.Scheme == "" || base.Host == "" {
		return nil, fmt.Errorf("%w: the server is not an absolute URL", ErrInvalidArgument)
	}
	return base, nil
}

// newRequest returns a request for the path of an operation below the base URL,
// with the values in the place of its variables.
func newRequest(ctx context.Context, method string, server *url.URL, path string, body io.Reader, values ...string) (*http.Request, error) {
	if server == nil {
		return nil, fmt.Errorf("%w: there is no base URL", ErrInvalidArgument)
	}
	// Short paths take one allocation: that of the string in the end.
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
	req.Host = strings.TrimSuffix(server.Host, ":") // as http.NewRequest has it: an empty port is none
	*req.URL = url.URL{Scheme: server.Scheme, User: server.User, Host: req.Host, Path: string(plain)}
	// Always, as the default escapes of net/url are others than those of the base URL.
	if req.URL.RawPath = req.URL.Path; string(escaped) != string(plain) {
		req.URL.RawPath = string(escaped)
	}
	return req, nil
}

// checkSegment refuses the values which do not arrive as what they are in one
// path segment: clients, proxies and servers drop, resolve, split or cut them,
// escaped or not.
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
		problem = "holds a slash, a backslash or a semicolon"
	case strings.ContainsFunc(value, unicode.IsControl):
		problem = "holds a control character"
	default:
		return nil
	}
	return fmt.Errorf("%w: the %s %s", ErrInvalidArgument, name, problem)
}

// addQuery adds a parameter that is escaped already, and refuses one with an empty
// value: servers differ in what that means.
func addQuery(req *http.Request, parameter string) error {
	name, values, _ := strings.Cut(parameter, "=")
	if strings.Contains(","+values+",", ",,") {
		return fmt.Errorf("%w: one of the %s is empty", ErrInvalidArgument, name)
	}
	if req.URL.RawQuery != "" {
		parameter = req.URL.RawQuery + "&" + parameter
	}
	req.URL.RawQuery = parameter
	return nil
}

// send has the editors change a request and sends it, unless err is not nil.
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

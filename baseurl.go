package passwords

import (
	"net/netip"
	"net/url"
	"path"
	"strings"
)

// checkBaseURL returns the base URL with one slash at its end. What the client
// would drop or misread is refused. The errors do not show the value, since it
// may hold a password.
func checkBaseURL(base string, insecureHTTP bool) (string, error) {
	scheme, _, absolute := strings.Cut(base, "://")
	if scheme = strings.ToLower(scheme); !absolute || scheme != "http" && scheme != "https" {
		return "", invalidArgument("the base URL does not begin with http:// or https://")
	}
	u, err := url.Parse(base)
	switch {
	case err != nil:
		return "", invalidArgument("the base URL cannot be parsed")
	case u.User != nil:
		return "", invalidArgument("the base URL holds user information: use WithBasicAuth")
	case u.Hostname() == "":
		return "", invalidArgument("the base URL has no host")
	case scheme == "http" && !insecureHTTP && !isLoopback(u.Hostname()):
		return "", invalidArgument("the base URL begins with http:// and its host is not this machine: use https, or WithInsecureHTTP")
	case strings.ContainsAny(u.Path, `;\`), u.Path != "" && strings.TrimSuffix(u.Path, "/") != strings.TrimSuffix(path.Clean(u.Path), "/"):
		return "", invalidArgument("the path of the base URL holds dot segments, empty segments, semicolons or backslashes")
	case strings.TrimSpace(base) != base:
		return "", invalidArgument("the base URL begins or ends with white space")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.Contains(base, "#"):
		return "", invalidArgument("the base URL has a query or a fragment")
	}
	return strings.TrimSuffix(u.String(), "/") + "/", nil
}

// isLoopback reports whether what is sent to the host stays on this machine.
func isLoopback(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().IsLoopback()
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

package validate

import (
	"net/netip"
	"net/url"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// BaseURL parses the base URL and rejects what the client would drop or misread. The
// errors do not show the value, since it may hold a password.
func BaseURL(base string, insecureHTTP bool) (*url.URL, error) {
	scheme, _, absolute := strings.Cut(base, "://")
	if scheme = strings.ToLower(scheme); !absolute || scheme != "http" && scheme != "https" {
		return nil, Invalid("the base URL does not begin with http:// or https://")
	}
	u, err := url.Parse(base)
	switch {
	case err != nil:
		return nil, Invalid("the base URL cannot be parsed")
	case u.User != nil:
		return nil, Invalid("the base URL contains user information: use WithBasicAuth")
	case u.Hostname() == "":
		return nil, Invalid("the base URL has no host")
	case !isHost(u.Hostname()):
		return nil, Invalid("the host of the base URL is neither a name nor an address")
	case scheme == "http" && !insecureHTTP && !isLoopback(u.Hostname()):
		return nil, Invalid("the base URL begins with http:// and its host is not this machine: use https, or WithInsecureHTTP")
	case strings.ContainsAny(u.Path, `;\`), u.Path != "" && strings.TrimSuffix(u.Path, "/") != strings.TrimSuffix(path.Clean(u.Path), "/"):
		return nil, Invalid("the path of the base URL contains dot segments, empty segments, semicolons or backslashes")
	case strings.Contains(strings.ToLower(base), "%2f"): // url.URL may turn it into a slash, as proxies do
		return nil, Invalid("the path of the base URL contains an escaped slash")
	case strings.TrimSpace(base) != base:
		return nil, Invalid("the base URL begins or ends with white space")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.Contains(base, "#"):
		return nil, Invalid("the base URL has a query or a fragment")
	}
	if strings.EqualFold(u.Hostname(), localhost) {
		u.Host = strings.ToLower(u.Host) // net/http sends other spellings to proxies
	}
	return u, nil
}

// isHost reports whether host can be a name or an address: url.Parse accepts
// brackets, semicolons and other characters that no name has.
func isHost(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	return utf8.ValidString(host) && !strings.ContainsFunc(host, func(r rune) bool {
		return r < utf8.RuneSelf && r != '-' && r != '.' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

const localhost = "localhost"

// isLoopback reports whether requests to the host stay on this machine.
func isLoopback(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().IsLoopback()
	}
	return strings.EqualFold(host, localhost) // subdomains may be resolved by a DNS server
}

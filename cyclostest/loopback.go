package cyclostest

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// LoopbackOnly returns a handler that passes requests with a loopback Host header to
// next, and refuses all others with status 421 and a plain text. Without it, a web page
// could use a server on this machine by a host name that resolves to 127.0.0.1 (DNS
// rebinding). Loopback hosts are localhost, names that end in .localhost, addresses in
// 127.0.0.0/8, and [::1], with or without a port.
func LoopbackOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLoopback(r.Host) {
			http.Error(w, "the Host header is not a loopback address or localhost", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isLoopback reports whether the value of a Host header is a loopback host.
func isLoopback(hostport string) bool {
	host := (&url.URL{Host: hostport}).Hostname()
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().IsLoopback()
	}
	name := "." + strings.ToLower(strings.TrimSuffix(host, "."))
	return strings.HasSuffix(name, ".localhost")
}

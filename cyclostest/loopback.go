package cyclostest

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// LoopbackOnly returns a handler that refuses requests to other hosts than this
// machine with status 421 and a text, and passes all others to next. Without it, a web
// page can use a server on this machine: its author points the name of the page's host
// to 127.0.0.1 (DNS rebinding). The Host header must be localhost, a name that ends in
// .localhost, an address in 127.0.0.0/8, or [::1], with or without a port.
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

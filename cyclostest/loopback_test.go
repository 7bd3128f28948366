package cyclostest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/gen"
)

func TestHostsThatAreNotLoopbackAreRefused(t *testing.T) {
	t.Parallel()
	r := start(t)
	for host, loopback := range map[string]bool{
		"localhost": true, "LOCALHOST:80": true, "localhost.": true, "localhost:": true, "cyclos.localhost:8080": true,
		"127.0.0.1": true, "127.0.0.1:80": true, "127.255.0.3": true, "[::1]": true, "[::1]:80": true, "[::ffff:127.0.0.1]": true,

		"evil.example": false, "evil.example:80": false, "127.0.0.1.evil.example": false, "localhost.evil.example": false,
		"evillocalhost": false, "localhost..": false, "127.0.0.1.": false, "0.0.0.0": false, "[::]": false, "128.0.0.1": false,
		"192.0.2.1": false, "2130706433": false, "0x7f000001": false, "0177.0.0.1": false, "127.1": false, "::1": false, "[::1": false,
		"[::2]:80": false, "localhost:80:80": false, "localhost:evil": false, "localhost@evil.example": false,
	} {
		got := r.get("/self/passwords", session(AnaSession), func(r *http.Request) { r.Host = host })
		if refused := got.status == http.StatusMisdirectedRequest; refused == loopback || !refused && got.status != 200 {
			t.Errorf("%s: got %d", host, got.status)
		} else if refused && (!strings.HasPrefix(got.header.Get("Content-Type"), "text/plain") || strings.HasPrefix(got.body, "{")) {
			t.Errorf("%s: the refusal is a body of the API: %s", host, got.body)
		}
	}
	if r.Calls(gen.OperationListUserPasswords) != 11 {
		t.Errorf("got %d calls, want one for each loopback host", r.Calls(gen.OperationListUserPasswords))
	}
	if isLoopback("") {
		t.Error("an HTTP/1.0 request without a host is accepted")
	}
	// Handler serves every host, since its callers decide who can reach it.
	direct := httptest.NewRequest("GET", "http://cyclos.example.org/api/self/passwords", nil)
	direct.Header.Set(headerSession, AnaSession)
	if got := serveDirect(New(), direct); got.Code != 200 {
		t.Errorf("Handler: got %d", got.Code)
	}
}

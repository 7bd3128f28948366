package responses

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/cyclos-go/passwords"
)

// dialer counts the connections that a transport opens.
type dialer struct{ dials atomic.Int64 }

// option returns the option for an HTTP client whose connections are counted.
func (d *dialer) option(t *testing.T) passwords.Option {
	t.Helper()
	transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		d.dials.Add(1)
		return new(net.Dialer).DialContext(ctx, network, address)
	}}
	t.Cleanup(transport.CloseIdleConnections)
	return passwords.WithHTTPClient(&http.Client{Transport: transport})
}

// TestReuseOfOneConnection makes 100 sequential calls with all ordinary results and
// counts the connections.
func TestReuseOfOneConnection(t *testing.T) {
	t.Parallel()
	list, command, secret := listKind(), commandKind(), secretKind()
	huge := "<html>" + strings.Repeat("g", 1<<20-6)
	steps := []struct {
		kind   kind
		status int
		body   string
		fails  bool
	}{
		{list, 200, list.body, false},
		{command, 204, "", false},
		{secret, 200, secret.body, false},
		{objectKind(), 200, goodObject, false},
		{command, 401, `{"code":"login"}`, true},
		{secret, 403, `{"code":"permissionDenied"}`, true},
		{list, 404, `{"entityType":"User"}`, true},
		{command, 404, "", true},
		{command, 409, `{"code":"staleEntity"}`, true},
		{command, 422, `{"code":"validation","propertyErrors":{"newPassword":["too short"]}}`, true},
		{secret, 500, htmlPage, true},
		{command, 502, htmlPage, true},
		{command, 503, `{"code":"smsSending"}`, true},
		{list, 200, htmlPage, true},
		{list, 200, "", true},
		{list, 200, `[{"status":`, true},
		{secret, 200, huge, true},
		{command, 302, htmlPage, true},
		{list, 204, "", true},
		{command, 200, "{}", true},
	}
	const calls = 100
	var arrived, retried atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived.Add(1)
		// The channel identifies the step.
		var n int
		if _, err := fmt.Sscan(r.Header.Get("Channel"), &n); err != nil {
			t.Errorf("the step is missing: %v", err)
		}
		step := steps[n%len(steps)]
		// The first response to the last list is a temporary error.
		if n == calls-len(steps) && retried.Add(1) == 1 {
			http.Error(w, htmlPage, http.StatusServiceUnavailable)
			return
		}
		if step.kind.mediaType != "" || step.body != "" {
			w.Header().Set("Content-Type", step.kind.mediaType)
		}
		w.WriteHeader(step.status)
		_, _ = io.WriteString(w, step.body)
	}))
	t.Cleanup(server.Close)
	var d dialer
	client, err := passwords.New(server.URL, passwords.WithSessionToken(sessionValue), d.option(t))
	if err != nil {
		t.Fatal("New failed")
	}
	for n := range calls {
		step := steps[n%len(steps)]
		derived, err := client.With(passwords.WithChannel(fmt.Sprint(n)))
		if err != nil {
			t.Fatal("With failed")
		}
		if _, err := step.kind.call(t.Context(), derived); (err != nil) != step.fails {
			t.Errorf("step %d: fails: %t, want %t", n, err != nil, step.fails)
		}
	}
	if got := arrived.Load(); got != calls+1 {
		t.Errorf("%d requests arrived, want %d and a retry", got, calls)
	}
	if got := d.dials.Load(); got != 1 {
		t.Errorf("%d dials, want 1", got)
	}
}

// TestReuseInEveryFraming expects that bodies are read to the end with every
// framing.
func TestReuseInEveryFraming(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 403, 502} {
		for framing, response := range framings(status, jsonType, goodObject) {
			if framing == "end" {
				continue // it ends with the connection
			}
			server := newRawServer(t, func(c *rawConn, _ int64) bool { c.send(response); return true })
			var d dialer
			client := newClient(t, server.url, d.option(t))
			for range 5 {
				if _, err := client.GetUserPasswordsData(t.Context(), passwords.Self(), "login"); (err != nil) != (status != 200) {
					t.Errorf("%d, %s: got %v", status, framing, err)
				}
			}
			if got := d.dials.Load(); got != 1 {
				t.Errorf("%d, %s: %d dials, want 1", status, framing, got)
			}
		}
	}
}

// TestReuseEndsWithABrokenResponse expects a new connection after a broken response.
// The server sends another, valid response on the old one, which belongs to no
// request.
func TestReuseEndsWithABrokenResponse(t *testing.T) {
	t.Parallel()
	smuggled := framed(200, "text/plain", "smuggled")
	for name, broken := range map[string]string{
		"too large":           framed(200, "text/plain", strings.Repeat("g", 1<<20+2)),
		"too large chunked":   head(200, "text/plain", "Transfer-Encoding: chunked") + chunks(strings.Repeat("g", 1<<20+2), 1000),
		"far too large":       framed(200, "text/plain", strings.Repeat("g", 3<<20)),
		"far too large error": framed(403, "text/plain", strings.Repeat("g", 3<<20)),
		"broken chunk":        head(200, "text/plain", "Transfer-Encoding: chunked") + "zz\r\n",
		"broken gzip":         framedAs(200, "text/plain", "no gzip"+strings.Repeat("g", 8<<10), 7+(8<<10), "Content-Encoding: gzip"),
		"broken head":         "HTTP/1.1 200\r\nnothing\r\n\r\n",
		"garbage":             "garbage\r\n\r\n",
		"101":                 "HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
		"status 000":          framed(0, "text/plain", "a"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newRawServer(t, func(c *rawConn, n int64) bool {
				if n == 0 {
					c.send(broken, smuggled)
				} else {
					c.send(framed(200, "text/plain", "mine"))
				}
				return true
			})
			var d dialer
			client := newClient(t, server.url, d.option(t))
			value, err := client.GeneratePassword(t.Context(), "pin")
			if e := (*passwords.Error)(nil); !errors.As(err, &e) || !value.IsZero() {
				t.Error("no error, or a value")
			}
			for range 3 {
				value, err = client.GeneratePassword(t.Context(), "pin")
				if err != nil || !value.Equal(passwords.NewSecret("mine")) {
					t.Errorf("the value is another one, or: %v", err)
				}
			}
			if got := d.dials.Load(); got != 2 {
				t.Errorf("%d dials, want 2", got)
			}
		})
	}
}

// TestReuseEndsWithASurplus has the server send more than its response. It does not
// run in parallel, because it also inspects the standard logger, to which net/http
// prints data that it receives on an idle connection.
func TestReuseEndsWithASurplus(t *testing.T) {
	var printed strings.Builder
	log.SetOutput(&printed)
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
	for name, tc := range map[string]struct {
		kind     kind
		response string
		fails    bool
	}{
		"204 with a body":          {commandKind(), head(204, "") + "surplus", false},
		"204 with a length":        {commandKind(), framedAs(204, jsonType, "{}surplus", 2), false},
		"204 with chunks":          {commandKind(), head(204, "", "Transfer-Encoding: chunked") + "5\r\nhello\r\n0\r\n\r\n", false},
		"204 and another response": {commandKind(), head(204, "") + framed(200, "text/plain", "smuggled"), false},
		"304 with a body":          {commandKind(), head(304, "") + "surplus", true},
		"length too small":         {secretKind(), framedAs(200, "text/plain", "framed surplus", 6), false},
		"length too small, JSON":   {listKind(), framedAs(200, jsonType, "[{}]surplus", 3), true},
		"length of zero":           {secretKind(), framedAs(200, "text/plain", "surplus", 0), true},
		"two responses":            {secretKind(), framed(200, "text/plain", "framed") + framed(200, "text/plain", "smuggled"), false},
		"an error and an response": {secretKind(), framed(403, "", "") + framed(200, "text/plain", "smuggled"), true},
		"chunks and a length":      {secretKind(), framedAs(200, "text/plain", chunks("framed", 6), 1, "Transfer-Encoding: chunked"), false},
		"chunks and more of them":  {secretKind(), head(200, "text/plain", "Transfer-Encoding: chunked") + chunks("framed", 6) + "surplus", false},
	} {
		closed := make(chan struct{})
		server := newRawServer(t, func(c *rawConn, n int64) bool {
			if n > 0 {
				c.send(framed(200, "text/plain", "mine"))
				return true
			}
			c.send(tc.response)
			c.hold()
			close(closed)
			return false
		})
		var d dialer
		client := newClient(t, server.url, d.option(t))
		if _, err := tc.kind.call(t.Context(), client); (err != nil) != tc.fails {
			t.Errorf("%s: fails: %t, want %t", name, err != nil, tc.fails)
		}
		if name == "chunks and a length" {
			client.CloseIdleConnections() // the chunks are a complete response
		}
		<-closed
		value, err := client.GeneratePassword(t.Context(), "pin")
		if err != nil || !value.Equal(passwords.NewSecret("mine")) || d.dials.Load() != 2 {
			t.Errorf("%s: the value is another one, %d dials, or: %v", name, d.dials.Load(), err)
		}
		client.CloseIdleConnections()
	}
	log.SetOutput(os.Stderr)
	if text := printed.String(); strings.Contains(text, sessionValue) {
		t.Error("a credential was printed")
	}
}

// TestReuseAfterWhatIsWhole expects that the connection is kept if the framing is
// valid and only the body is not.
func TestReuseAfterWhatIsWhole(t *testing.T) {
	t.Parallel()
	for name, response := range map[string]string{
		"too large by a byte": framed(200, "text/plain", strings.Repeat("g", 1<<20+1)),
		"broken gzip":         framedAs(200, "text/plain", "no gzip", 7, "Content-Encoding: gzip"),
		"HTML":                framed(200, "text/html", htmlPage),
		"null":                framed(200, jsonType, "null"),
		"unknown charset":     framed(200, "text/plain; charset=koi8-r", "a"),
	} {
		server := newRawServer(t, func(c *rawConn, n int64) bool {
			if n == 0 {
				c.send(response)
			} else {
				c.send(framed(200, "text/plain", "mine"))
			}
			return true
		})
		var d dialer
		client := newClient(t, server.url, d.option(t))
		if _, err := client.GeneratePassword(t.Context(), "pin"); !errors.Is(err, passwords.ErrUnexpectedResponse) {
			t.Errorf("%s: got %v", name, err)
		}
		value, err := client.GeneratePassword(t.Context(), "pin")
		if err != nil || !value.Equal(passwords.NewSecret("mine")) || d.dials.Load() != 1 {
			t.Errorf("%s: the value is another one, %d dials, or: %v", name, d.dials.Load(), err)
		}
	}
}

// TestReuseEndsWithATimeout expects that a late response never answers the next
// request.
func TestReuseEndsWithATimeout(t *testing.T) {
	t.Parallel()
	canceled := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	server := newRawServer(t, func(c *rawConn, n int64) bool {
		if n == 0 {
			cancel()
			<-canceled
			c.send(framed(200, "text/plain", "late"))
			return true
		}
		c.send(framed(200, "text/plain", "mine"))
		return true
	})
	var d dialer
	client := newClient(t, server.url, d.option(t))
	value, err := client.GeneratePassword(ctx, "pin")
	if !errors.Is(err, context.Canceled) || !errors.Is(err, passwords.ErrOutcomeUnknown) || !value.IsZero() {
		t.Errorf("got %v", err)
	}
	close(canceled)
	value, err = client.GeneratePassword(t.Context(), "pin")
	if err != nil || !value.Equal(passwords.NewSecret("mine")) || d.dials.Load() != 2 {
		t.Errorf("the value is another one, %d dials, or: %v", d.dials.Load(), err)
	}
}

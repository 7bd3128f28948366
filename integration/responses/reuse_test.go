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
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestReuseOfOneConnection makes 100 sequential calls with all ordinary results and
// counts the connections.
func TestReuseOfOneConnection(t *testing.T) {
	t.Parallel()
	huge := "<html>" + strings.Repeat("g", 1<<20-6)
	steps := []struct {
		kind   kind
		status int
		body   string
		fails  bool
	}{
		{listKind, 200, listKind.body, false},
		{commandKind, 204, "", false},
		{secretKind, 200, secretKind.body, false},
		{objectKind, 200, goodObject, false},
		{commandKind, 401, `{"code":"login"}`, true},
		{secretKind, 403, `{"code":"permissionDenied"}`, true},
		{listKind, 404, `{"entityType":"User"}`, true},
		{commandKind, 404, "", true},
		{commandKind, 409, `{"code":"staleEntity"}`, true},
		{commandKind, 422, `{"code":"validation","propertyErrors":{"newPassword":["too short"]}}`, true},
		{secretKind, 500, htmlPage, true},
		{commandKind, 502, htmlPage, true},
		{commandKind, 503, `{"code":"smsSending"}`, true},
		{listKind, 200, htmlPage, true},
		{listKind, 200, "", true},
		{listKind, 200, `[{"status":`, true},
		{secretKind, 200, huge, true},
		{commandKind, 302, htmlPage, true},
		{listKind, 204, "", true},
		{commandKind, 200, "{}", true},
	}
	const calls = 100
	var connections, arrived, retried atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
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
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	client := newClient(t, server.URL, passwords.WithRetries(2))
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
	if got := connections.Load(); got != 1 {
		t.Errorf("%d connections, want 1", got)
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
			server := serveKept(t, response)
			client := newClient(t, server.url)
			for range 5 {
				if _, err := client.GetUserPasswordsData(t.Context(), passwords.Self(), "login"); (err != nil) != (status != 200) {
					t.Errorf("%d, %s: got %v", status, framing, err)
				}
			}
			if got := server.connections.Load(); got != 1 {
				t.Errorf("%d, %s: %d connections, want 1", status, framing, got)
			}
		}
	}
}

// TestReuseEndsWithABrokenResponse expects a new connection after a broken response.
// The server sends another, valid response on the old one, which belongs to no
// request. The connection is kept if the framing is valid and only the body is not.
func TestReuseEndsWithABrokenResponse(t *testing.T) {
	t.Parallel()
	smuggled, huge := framed(200, "text/plain", "smuggled"), strings.Repeat("g", 3<<20)
	for name, tc := range map[string]struct {
		response    string
		connections int64
	}{
		"too large":           {framed(200, "text/plain", huge[:1<<20+2]) + smuggled, 2},
		"too large chunked":   {head(200, "text/plain", "Transfer-Encoding: chunked") + chunks(huge[:1<<20+2], 1000) + smuggled, 2},
		"far too large":       {framed(200, "text/plain", huge) + smuggled, 2},
		"far too large error": {framed(403, "text/plain", huge) + smuggled, 2},
		"broken chunk":        {head(200, "text/plain", "Transfer-Encoding: chunked") + "zz\r\n" + smuggled, 2},
		"broken gzip":         {framedAs(200, "text/plain", "no gzip"+huge[:8<<10], 7+(8<<10), "Content-Encoding: gzip") + smuggled, 2},
		"broken head":         {"HTTP/1.1 200\r\nnothing\r\n\r\n" + smuggled, 2},
		"garbage":             {"garbage\r\n\r\n" + smuggled, 2},
		"101":                 {"HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n" + smuggled, 2},
		"status 000":          {framed(0, "text/plain", "a") + smuggled, 2},
		"too large by a byte": {framed(200, "text/plain", huge[:1<<20+1]), 1},
		"small broken gzip":   {framedAs(200, "text/plain", "no gzip", 7, "Content-Encoding: gzip"), 1},
		"HTML":                {framed(200, "text/html", htmlPage), 1},
		"null":                {framed(200, jsonType, "null"), 1},
		"unknown charset":     {framed(200, "text/plain; charset=koi8-r", "a"), 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serveKept(t, tc.response, framed(200, "text/plain", "mine"))
			client := newClient(t, server.url)
			value, err := client.GeneratePassword(t.Context(), "pin")
			if e := (*passwords.Error)(nil); !errors.As(err, &e) || !value.IsZero() {
				t.Error("no error, or a value")
			}
			if tc.connections == 1 && !errors.Is(err, passwords.ErrUnexpectedResponse) {
				t.Errorf("got %v", err)
			}
			for range 3 {
				value, err = client.GeneratePassword(t.Context(), "pin")
				if err != nil || !value.Equal(passwords.NewSecret("mine")) {
					t.Errorf("the value is another one, or: %v", err)
				}
			}
			if got := server.connections.Load(); got != tc.connections {
				t.Errorf("%d connections, want %d", got, tc.connections)
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
		"204 with a body":          {commandKind, head(204, "") + "surplus", false},
		"204 with a length":        {commandKind, framedAs(204, jsonType, "{}surplus", 2), false},
		"204 with chunks":          {commandKind, head(204, "", "Transfer-Encoding: chunked") + "5\r\nhello\r\n0\r\n\r\n", false},
		"204 and another response": {commandKind, head(204, "") + framed(200, "text/plain", "smuggled"), false},
		"304 with a body":          {commandKind, head(304, "") + "surplus", true},
		"length too small":         {secretKind, framedAs(200, "text/plain", "framed surplus", 6), false},
		"length too small, JSON":   {listKind, framedAs(200, jsonType, "[{}]surplus", 3), true},
		"length of zero":           {secretKind, framedAs(200, "text/plain", "surplus", 0), true},
		"two responses":            {secretKind, framed(200, "text/plain", "framed") + framed(200, "text/plain", "smuggled"), false},
		"an error and a response":  {secretKind, framed(403, "", "") + framed(200, "text/plain", "smuggled"), true},
		"chunks and a length":      {secretKind, framedAs(200, "text/plain", chunks("framed", 6), 1, "Transfer-Encoding: chunked"), false},
		"chunks and more of them":  {secretKind, head(200, "text/plain", "Transfer-Encoding: chunked") + chunks("framed", 6) + "surplus", false},
	} {
		closed := make(chan struct{})
		server := newRawServer(t, func(c net.Conn, n int64) bool {
			if n > 0 {
				send(c, framed(200, "text/plain", "mine"))
				return true
			}
			send(c, tc.response)
			hold(c)
			close(closed)
			return false
		})
		client := newClient(t, server.url)
		if _, err := tc.kind.call(t.Context(), client); (err != nil) != tc.fails {
			t.Errorf("%s: fails: %t, want %t", name, err != nil, tc.fails)
		}
		if name == "chunks and a length" {
			client.CloseIdleConnections() // the chunks are a complete response
		}
		<-closed
		value, err := client.GeneratePassword(t.Context(), "pin")
		if err != nil || !value.Equal(passwords.NewSecret("mine")) || server.connections.Load() != 2 {
			t.Errorf("%s: the value is another one, %d connections, or: %v", name, server.connections.Load(), err)
		}
		client.CloseIdleConnections()
	}
	log.SetOutput(os.Stderr)
	if text := printed.String(); strings.Contains(text, testkit.Token) {
		t.Error("a credential was printed")
	}
}

// TestReuseEndsWithATimeout expects that a late response never answers the next
// request.
func TestReuseEndsWithATimeout(t *testing.T) {
	t.Parallel()
	canceled := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	server := newRawServer(t, func(c net.Conn, n int64) bool {
		response := "mine"
		if n == 0 {
			cancel()
			<-canceled
			response = "late"
		}
		send(c, framed(200, "text/plain", response))
		return true
	})
	client := newClient(t, server.url)
	value, err := client.GeneratePassword(ctx, "pin")
	if !errors.Is(err, context.Canceled) || !errors.Is(err, passwords.ErrOutcomeUnknown) || !value.IsZero() {
		t.Errorf("got %v", err)
	}
	close(canceled)
	value, err = client.GeneratePassword(t.Context(), "pin")
	if err != nil || !value.Equal(passwords.NewSecret("mine")) || server.connections.Load() != 2 {
		t.Errorf("the value is another one, %d connections, or: %v", server.connections.Load(), err)
	}
}

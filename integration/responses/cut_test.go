package responses

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/cyclos-go/passwords"
)

// serveInOrder sends the n-th response to the n-th request and then closes the
// connection.
func serveInOrder(t *testing.T, responses []string) *rawServer {
	t.Helper()
	return newRawServer(t, func(c *rawConn, n int64) bool {
		c.send(responses[n])
		return false
	})
}

// cutKinds returns the kinds whose response has a body, and a secret in JSON.
func cutKinds() []kind {
	inJSON := secretKind()
	inJSON.mediaType, inJSON.body = jsonType, `"`+inJSON.body+`"`
	return []kind{listKind(), objectKind(), dataKind(), secretKind(), inJSON}
}

// TestResponsesCutInTheBody truncates a valid body at every tenth byte.
func TestResponsesCutInTheBody(t *testing.T) {
	t.Parallel()
	for _, k := range cutKinds() {
		t.Run(string(k.ID)+" in "+k.mediaType, func(t *testing.T) {
			t.Parallel()
			var responses, names []string
			for at := 0; at < len(k.body); at += 10 {
				part := k.body[:at]
				add := func(framing, response string) {
					responses, names = append(responses, response), append(names, fmt.Sprintf("byte %d, %s", at, framing))
				}
				add("old length", framedAs(200, k.mediaType, part, len(k.body)))
				unended := chunks(part, 7)
				add("chunks without an end", head(200, k.mediaType, "Transfer-Encoding: chunked")+unended[:len(unended)-len("0\r\n\r\n")])
				add("gzip with its own length", framedCut(k, at))
				if k.mediaType == jsonType {
					// Truncated text is still text: see TestResponsesWhoseTextIsShort.
					add("its own length", framed(200, k.mediaType, part))
					add("no length", head(200, k.mediaType, "Connection: close")+part)
				}
			}
			client := newClient(t, serveInOrder(t, responses).url)
			for _, name := range names {
				if problem := k.check(t.Context(), client, unexpected(200)); problem != "" {
					t.Errorf("%s: %s", name, problem)
				}
			}
		})
	}
}

// framedCut returns a response with the part of the gzip body that corresponds to
// the position at in the plain body.
func framedCut(k kind, at int) string {
	packed := gzipped(k.body)
	part := packed[:len(packed)*at/len(k.body)]
	return framedAs(200, k.mediaType, part, len(part), "Content-Encoding: gzip")
}

// TestResponsesCutInTheHead truncates the head at each byte.
func TestResponsesCutInTheHead(t *testing.T) {
	t.Parallel()
	for _, k := range kinds() {
		t.Run(string(k.ID), func(t *testing.T) {
			t.Parallel()
			whole := head(k.Status, k.mediaType, "Content-Length: 0")
			var responses []string
			for at := range len(whole) {
				responses = append(responses, whole[:at])
			}
			client := newClient(t, serveInOrder(t, responses).url)
			for at := range responses {
				if problem := k.check(t.Context(), client, noResponse); problem != "" {
					t.Errorf("byte %d: %s", at, problem)
				}
			}
		})
	}
}

// TestResponsesCutInAChunk truncates a chunked response at each byte after its head,
// including the last line and the trailer.
func TestResponsesCutInAChunk(t *testing.T) {
	t.Parallel()
	for _, k := range cutKinds() {
		t.Run(string(k.ID)+" in "+k.mediaType, func(t *testing.T) {
			t.Parallel()
			begin, whole := head(200, k.mediaType, "Transfer-Encoding: chunked"), chunks(k.body, len(k.body)/3)
			whole = whole[:len(whole)-2] + "X-Trailer: a\r\n\r\n"
			var responses []string
			for at := range len(whole) {
				responses = append(responses, begin+whole[:at])
			}
			client := newClient(t, serveInOrder(t, append(responses, begin+whole)).url)
			for at := range responses {
				if problem := k.check(t.Context(), client, unexpected(200)); problem != "" {
					t.Errorf("byte %d: %s", at, problem)
				}
			}
			if value, err := k.call(t.Context(), client); !value || err != nil {
				t.Errorf("the complete response: %v", err)
			}
		})
	}
}

// TestResponsesCutInAnError expects the status of an error even if its body is
// truncated.
func TestResponsesCutInAnError(t *testing.T) {
	t.Parallel()
	const body = `{"code":"` + responseMark + `","passwordType":{"id":"7","internalName":"` + responseMark + `"}}`
	for _, k := range kinds() {
		t.Run(string(k.ID), func(t *testing.T) {
			t.Parallel()
			var responses []string
			for at := range len(body) {
				responses = append(responses, framedAs(403, jsonType, body[:at], len(body)), framed(403, jsonType, body[:at]))
			}
			client := newClient(t, serveInOrder(t, responses).url)
			for n := range responses {
				w := want{status: 403, is: []error{passwords.ErrForbidden}, not: []error{passwords.ErrUnexpectedResponse}, known: true}
				if problem := k.check(t.Context(), client, w); problem != "" {
					t.Errorf("byte %d: %s", n/2, problem)
				}
			}
		})
	}
}

// TestResponsesWhoseTextIsShort documents a limit: a client cannot detect truncated
// text if the framing is valid.
func TestResponsesWhoseTextIsShort(t *testing.T) {
	t.Parallel()
	k := secretKind()
	for name, response := range map[string]string{
		"length":    framed(200, k.mediaType, k.body[:12]),
		"no length": head(200, k.mediaType, "Connection: close") + k.body[:12],
	} {
		got, err := newClient(t, serve(t, response).url).GeneratePassword(t.Context(), "pin")
		if err != nil || !got.Equal(passwords.NewSecret(k.body[:12])) {
			t.Errorf("%s: the value is not what the server framed, or: %v", name, err)
		}
	}
}

// TestResponsesThatBreakOffSayWhy expects the cause in the error chain.
func TestResponsesThatBreakOffSayWhy(t *testing.T) {
	t.Parallel()
	_, err := newClient(t, serve(t, framedAs(200, "text/plain", "a", 2)).url).GeneratePassword(t.Context(), "pin")
	if !errors.Is(err, io.ErrUnexpectedEOF) || !errors.Is(err, passwords.ErrUnexpectedResponse) {
		t.Errorf("got %v", err)
	}
}

package hardening

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/cyclos-go/passwords"
)

// cutServer answers the n-th request with the n-th of the answers, and closes
// the connection behind it.
func cutServer(t *testing.T, answers []string) *rawServer {
	t.Helper()
	return newRawServer(t, func(c *rawConn, n int64) bool {
		c.send(answers[n])
		return false
	})
}

// cutKinds are the kinds whose answer has a body, and a secret in JSON.
func cutKinds() []kind {
	inJSON := secretKind()
	inJSON.mediaType, inJSON.body = jsonType, `"`+inJSON.body+`"`
	return []kind{listKind(), objectKind(), dataKind(), secretKind(), inJSON}
}

// TestAnswersCutInTheBody cuts a good body at every tenth byte.
func TestAnswersCutInTheBody(t *testing.T) {
	t.Parallel()
	for _, k := range cutKinds() {
		t.Run(k.operation+" in "+k.mediaType, func(t *testing.T) {
			t.Parallel()
			var answers, names []string
			for at := 0; at < len(k.body); at += 10 {
				part := k.body[:at]
				add := func(framing, answer string) {
					answers, names = append(answers, answer), append(names, fmt.Sprintf("byte %d, %s", at, framing))
				}
				add("old length", framedAs(200, k.mediaType, part, len(k.body)))
				unended := chunks(part, 7)
				add("chunks without an end", head(200, k.mediaType, "Transfer-Encoding: chunked")+unended[:len(unended)-len("0\r\n\r\n")])
				add("gzip with its own length", framedCut(k, at))
				if k.mediaType == jsonType {
					// Text has no end of its own: see TestAnswersWhoseTextIsShort.
					add("its own length", framed(200, k.mediaType, part))
					add("no length", head(200, k.mediaType, "Connection: close")+part)
				}
			}
			client := answerClient(t, cutServer(t, answers).url)
			for _, name := range names {
				if problem := k.check(t.Context(), client, unexpected(200)); problem != "" {
					t.Errorf("%s: %s", name, problem)
				}
			}
		})
	}
}

// framedCut returns the part of a gzip body which is at of the plain one.
func framedCut(k kind, at int) string {
	packed := gzipped(k.body)
	part := packed[:len(packed)*at/len(k.body)]
	return framedAs(200, k.mediaType, part, len(part), "Content-Encoding: gzip")
}

// TestAnswersCutInTheHead cuts the head at each byte.
func TestAnswersCutInTheHead(t *testing.T) {
	t.Parallel()
	for _, k := range kinds() {
		t.Run(k.operation, func(t *testing.T) {
			t.Parallel()
			whole := head(k.status, k.mediaType, "Content-Length: 0")
			var answers []string
			for at := range len(whole) {
				answers = append(answers, whole[:at])
			}
			client := answerClient(t, cutServer(t, answers).url)
			for at := range answers {
				if problem := k.check(t.Context(), client, noAnswer); problem != "" {
					t.Errorf("byte %d: %s", at, problem)
				}
			}
		})
	}
}

// TestAnswersCutInAChunk cuts a chunked answer at each byte behind its head, its
// last line and its trailer included.
func TestAnswersCutInAChunk(t *testing.T) {
	t.Parallel()
	for _, k := range cutKinds() {
		t.Run(k.operation+" in "+k.mediaType, func(t *testing.T) {
			t.Parallel()
			begin, whole := head(200, k.mediaType, "Transfer-Encoding: chunked"), chunks(k.body, len(k.body)/3)
			whole = whole[:len(whole)-2] + "X-Trailer: a\r\n\r\n"
			var answers []string
			for at := range len(whole) {
				answers = append(answers, begin+whole[:at])
			}
			client := answerClient(t, cutServer(t, append(answers, begin+whole)).url)
			for at := range answers {
				if problem := k.check(t.Context(), client, unexpected(200)); problem != "" {
					t.Errorf("byte %d: %s", at, problem)
				}
			}
			if value, err := k.call(t.Context(), client); !value || err != nil {
				t.Errorf("the whole answer: %v", err)
			}
		})
	}
}

// TestAnswersCutInAnError keeps the status of an error whose body is cut, and
// finds that a command needs no body.
func TestAnswersCutInAnError(t *testing.T) {
	t.Parallel()
	const body = `{"code":"` + answerMark + `","passwordType":{"id":"7","internalName":"` + answerMark + `"}}`
	for _, k := range kinds() {
		t.Run(k.operation, func(t *testing.T) {
			t.Parallel()
			var answers []string
			for at := range len(body) {
				answers = append(answers, framedAs(403, jsonType, body[:at], len(body)), framed(403, jsonType, body[:at]))
			}
			client := answerClient(t, cutServer(t, answers).url)
			for n := range answers {
				w := want{status: 403, is: []error{passwords.ErrForbidden}, not: []error{passwords.ErrUnexpectedResponse}, known: true}
				if problem := k.check(t.Context(), client, w); problem != "" {
					t.Errorf("byte %d: %s", n/2, problem)
				}
			}
		})
	}
}

// TestAnswersWhoseTextIsShort shows the limit of what a client can see: the
// length which the server gives is all that tells the end of a text.
func TestAnswersWhoseTextIsShort(t *testing.T) {
	t.Parallel()
	k := secretKind()
	for name, answer := range map[string]string{
		"length":    framed(200, k.mediaType, k.body[:12]),
		"no length": head(200, k.mediaType, "Connection: close") + k.body[:12],
	} {
		got, err := answerClient(t, answerWith(t, answer).url).GeneratePassword(t.Context(), "pin")
		if err != nil || !got.Equal(passwords.NewSecret(k.body[:12])) {
			t.Errorf("%s: the value is not what the server framed, or: %v", name, err)
		}
	}
}

// TestAnswersThatBreakOffSayWhy lets callers find the reason.
func TestAnswersThatBreakOffSayWhy(t *testing.T) {
	t.Parallel()
	_, err := answerClient(t, answerWith(t, framedAs(200, "text/plain", "a", 2)).url).GeneratePassword(t.Context(), "pin")
	if !errors.Is(err, io.ErrUnexpectedEOF) || !errors.Is(err, passwords.ErrUnexpectedResponse) {
		t.Errorf("got %v", err)
	}
}

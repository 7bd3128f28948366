package responses

import (
	"testing"

	"github.com/cyclos-go/passwords"
)

// cutKinds returns the kinds whose response has a body, and a secret in JSON.
func cutKinds() []kind {
	inJSON := secretKind
	inJSON.mediaType, inJSON.body = jsonType, `"`+inJSON.body+`"`
	return []kind{listKind, objectKind, dataKind, secretKind, inJSON}
}

// TestResponsesCutInTheBody truncates a valid body at every tenth byte.
func TestResponsesCutInTheBody(t *testing.T) {
	t.Parallel()
	for _, k := range cutKinds() {
		packed := gzipped(k.body)
		framings := map[string]func(at int) string{
			"old length": func(at int) string { return framedAs(200, k.mediaType, k.body[:at], len(k.body)) },
			"chunks without an end": func(at int) string {
				unended := chunks(k.body[:at], 7)
				return head(200, k.mediaType, "Transfer-Encoding: chunked") + unended[:len(unended)-len("0\r\n\r\n")]
			},
			"gzip with its own length": func(at int) string {
				part := packed[:len(packed)*at/len(k.body)]
				return framedAs(200, k.mediaType, part, len(part), "Content-Encoding: gzip")
			},
		}
		if k.mediaType == jsonType {
			// Truncated text is still text: see TestResponsesWhoseTextIsShort.
			framings["its own length"] = func(at int) string { return framed(200, k.mediaType, k.body[:at]) }
			framings["no length"] = func(at int) string { return head(200, k.mediaType, "Connection: close") + k.body[:at] }
		}
		for framing, cut := range framings {
			t.Run(k.ID+" in "+k.mediaType+", "+framing, func(t *testing.T) {
				t.Parallel()
				var responses []string
				for at := 0; at < len(k.body); at += 10 {
					responses = append(responses, cut(at))
				}
				k.mustInOrder(t, responses, unexpected(200))
			})
		}
	}
}

// TestResponsesCutInTheHead truncates the head at each byte.
func TestResponsesCutInTheHead(t *testing.T) {
	t.Parallel()
	for _, k := range kinds {
		whole := head(k.OK.Status, k.mediaType, "Content-Length: 0")
		var responses []string
		for at := range len(whole) {
			responses = append(responses, whole[:at])
		}
		k.mustInOrder(t, responses, noResponse)
	}
}

// TestResponsesCutInAChunk truncates a chunked response at each byte after its head,
// including the last line and the trailer.
func TestResponsesCutInAChunk(t *testing.T) {
	t.Parallel()
	for _, k := range cutKinds() {
		t.Run(k.ID+" in "+k.mediaType, func(t *testing.T) {
			t.Parallel()
			begin, whole := head(200, k.mediaType, "Transfer-Encoding: chunked"), chunks(k.body, len(k.body)/3)
			whole = whole[:len(whole)-2] + "X-Trailer: a\r\n\r\n"
			var responses []string
			for at := range len(whole) {
				responses = append(responses, begin+whole[:at])
			}
			k.mustInOrder(t, responses, unexpected(200))
			if value, err := k.call(t.Context(), newClient(t, serve(t, begin+whole).url)); !value || err != nil {
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
	var responses []string
	for at := range len(body) {
		responses = append(responses, framedAs(403, jsonType, body[:at], len(body)), framed(403, jsonType, body[:at]))
	}
	for _, k := range kinds {
		k.mustInOrder(t, responses, want{status: 403, is: []error{passwords.ErrForbidden}, not: []error{passwords.ErrUnexpectedResponse}})
	}
}

// TestResponsesWhoseTextIsShort documents a limit: a client cannot detect truncated
// text if the framing is valid.
func TestResponsesWhoseTextIsShort(t *testing.T) {
	t.Parallel()
	k := secretKind
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

package responses

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"reflect"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cyclos-go/passwords"
)

const mib = 1 << 20

// The bounds of the memory that a call allocates with the default limit of 1 MiB are
// multiples of what the same work takes in the same run, so that they depend neither
// on the Go release nor on the size of the models.
const (
	// streamRatio bounds calls that only read, relative to a call that reads a valid
	// response of the maximum size.
	streamRatio = 3
	// valueRatio bounds calls that decode a body, relative to encoding/json for the
	// same body and type. What a call may allocate for reading is added.
	valueRatio = 1.25
	// heldRatio bounds what a failed call leaves behind, relative to the same call as
	// streamRatio.
	heldRatio = 2
)

// flood is a response that continues until the client closes the connection or 1 GiB
// is sent.
type flood struct {
	name string
	kind kind
	head string
	// block is sent repeatedly.
	block string
	want  want
	// timeout is 0 for one that is enough on a busy machine, but too short for the
	// whole flood.
	timeout time.Duration
}

func floods() []flood {
	tooLarge := want{status: 200, is: []error{passwords.ErrUnexpectedResponse, passwords.ErrResponseTooLarge}}
	forbidden := want{status: 403, is: []error{passwords.ErrForbidden}}
	text, block := "text/plain", strings.Repeat("g", 64<<10)
	bombHead, bombBlock := endlessGzip()
	member := gzipped(strings.Repeat("\x00", mib))
	return []flood{
		{"stream with a length of 1 GiB", secretKind, head(200, text, "Content-Length: 1073741824"), block, tooLarge, 0},
		{"stream without a length", secretKind, head(200, text), block, tooLarge, 0},
		{"stream in chunks", secretKind, head(200, text, "Transfer-Encoding: chunked"), "10000\r\n" + block + "\r\n", tooLarge, 0},
		{"stream in one chunk", secretKind, head(200, text, "Transfer-Encoding: chunked") + "40000000\r\n", block, tooLarge, 0},
		{"stream of JSON", listKind, head(200, jsonType) + "[", strings.Repeat("{},", 20_000), tooLarge, 0},
		{"stream of an object", objectKind, head(200, jsonType) + `{"x":"`, block, tooLarge, 0},
		{"stream of an error", commandKind, head(403, jsonType) + `{"code":"`, block, forbidden, 0},
		{"stream of blanks", listKind, head(200, jsonType) + " ", strings.Repeat(" ", 64<<10), tooLarge, 0},
		{"gzip bomb in one member", secretKind, head(200, text, "Content-Encoding: gzip") + bombHead, bombBlock, tooLarge, 0},
		{"gzip bomb in many members", listKind, head(200, jsonType, "Content-Encoding: gzip"), member, tooLarge, 0},
		// The limit counts uncompressed bytes, so that only the timeout ends the call.
		{"gzip of nothing in many members", secretKind, head(200, text, "Content-Encoding: gzip"), strings.Repeat(gzipped(""), 1000),
			want{status: 200, is: []error{passwords.ErrUnexpectedResponse, context.DeadlineExceeded}}, 2 * time.Second},
		{"gzip bomb in an error", commandKind, head(403, jsonType, "Content-Encoding: gzip"), member, forbidden, 0},
		{"header flood", commandKind, "HTTP/1.1 200 X\r\n", strings.Repeat("X-G: ggggggg\r\n", 4<<10), noResponse, 0},
		{"header line without an end", secretKind, "HTTP/1.1 200 X\r\nX-G: ", block, noResponse, 0},
		{"header name without an end", listKind, "HTTP/1.1 200 X\r\n", block, noResponse, 0},
		{"many short headers", secretKind, "HTTP/1.1 200 X\r\n", strings.Repeat("X: g\r\n", 100_000), noResponse, 0},
		{"status line without an end", listKind, "HTTP/1.1 200 ", block, noResponse, 0},
		{"header that goes on", listKind, "HTTP/1.1 200 X\r\nX-G: g\r\n", strings.Repeat(" g\r\n", 16<<10), noResponse, 0},
		{"informational responses", commandKind, "", strings.Repeat("HTTP/1.1 103 X\r\nLink: <g>\r\n\r\n", 2000), noResponse, 0},
		{"informational responses without headers", listKind, "", strings.Repeat("HTTP/1.1 100 X\r\n\r\n", 2000), noResponse, 0},
	}
}

// TestMemoryOfFloods does not run in parallel, because it measures the process.
func TestMemoryOfFloods(t *testing.T) {
	floor := largestRead(t)
	for _, f := range floods() {
		t.Run(f.name, func(t *testing.T) {
			var sent atomic.Int64
			response, block := []byte(f.head), []byte(f.block)
			server := newRawServer(t, func(c net.Conn, _ int64) bool {
				n, err := c.Write(response)
				for sent.Add(int64(n)); err == nil && sent.Load() < 1<<30; sent.Add(int64(n)) {
					n, err = c.Write(block)
				}
				return false
			})
			client := newClient(t, server.url, passwords.WithTimeout(cmp.Or(f.timeout, 20*time.Second)))
			measure(func() { f.kind.must(t, f.name, client, f.want) }).atMost(t, streamRatio*floor, heldRatio*floor)
			if sent.Load() >= 1<<30 {
				t.Error("the client received all of it")
			}
		})
	}
}

// TestMemoryOfValues decodes bodies that take much memory for their size.
func TestMemoryOfValues(t *testing.T) {
	floor := largestRead(t)
	for _, tc := range []struct {
		name      string
		kind      kind
		status    int
		mediaType string
		body      string
		model     any // what the body is decoded into
	}{
		// The charset takes a little more memory.
		{"passwords", dataKind, 200, jsonType + "; charset=iso-8859-1", filled(`{"passwords":[`, "{}", "]}"), new(passwords.DataForUserPasswords)},
		{"passwords with a type", dataKind, 200, jsonType + "; charset=iso-8859-1", filled(`{"passwords":[`, `{"type":{}}`, "]}"), new(passwords.DataForUserPasswords)},
		{"list", listKind, 200, jsonType, filled(`[`, "{}", "]"), new([]passwords.PasswordStatusAndType)},
		{"unknown properties", objectKind, 200, jsonType, filled(`{"x":[`, "0", "]}"), new(passwords.PasswordStatusAndActions)},
		{"errors of a property", commandKind, 422, jsonType, filled(`{"propertyErrors":{"a":[`, `""`, "]}}"), new(passwords.InputError)},
		{"indexed errors", commandKind, 422, jsonType, filled(`{"indexedErrors":{"a":[`, "{}", "]}}"), new(passwords.InputError)},
		{"nulls", listKind, 200, jsonType, filled(`[`, "null", "]"), new([]passwords.PasswordStatusAndType)},
		{"errors by name", commandKind, 422, jsonType, errorsByName(), new(passwords.InputError)},
		{"errors in errors", commandKind, 422, jsonType, strings.Repeat(`{"errors":{"a":`, 4990) + "{}" + strings.Repeat("}}", 4990), new(passwords.InputError)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			server := serve(t, framed(tc.status, tc.mediaType, tc.body))
			client := newClient(t, server.url)
			decoding := measure(func() {
				if err := json.Unmarshal([]byte(tc.body), tc.model); err != nil {
					t.Fatal(err)
				}
			})
			reflect.ValueOf(tc.model).Elem().SetZero() // not to be held while the call is measured
			calling := measure(func() {
				if tc.status == 422 {
					tc.kind.must(t, tc.name, client, want{status: 422, is: []error{passwords.ErrInvalidInput}})
					return
				}
				// Most are valid: only the memory matters.
				_, _ = tc.kind.call(t.Context(), client)
			})
			calling.atMost(t, uint64(valueRatio*float64(decoding.total))+streamRatio*floor, heldRatio*floor)
			if server.requests.Load() != 1 {
				t.Error("the call made no request, or more than one")
			}
		})
	}
}

// filled returns a body of 1 MiB with as many elements as possible.
func filled(before, element, end string) string {
	n := (mib - len(before) - len(end)) / (len(element) + 1)
	return before + strings.TrimSuffix(strings.Repeat(element+",", n), ",") + end
}

// errorsByName returns a body of 1 MiB with many short names.
func errorsByName() string {
	var body strings.Builder
	body.WriteString(`{"errors":{`)
	for n := 0; body.Len() < mib-20; n++ {
		fmt.Fprintf(&body, `"%06x":{},`, n)
	}
	body.WriteString(`"x":{}}}`)
	return body.String()
}

// TestMemoryNoticesAFlood proves that the bounds of streams are low enough: a call
// without the default limit exceeds them.
func TestMemoryNoticesAFlood(t *testing.T) {
	floor := largestRead(t)
	client := newClient(t, serve(t, framed(200, "text/plain", strings.Repeat("g", 32*mib))).url, passwords.WithMaxResponseBytes(64*mib))
	got := measure(func() { _, _ = client.GeneratePassword(t.Context(), "pin") })
	if got.total <= streamRatio*floor {
		t.Errorf("32 MiB were read with only %.1f MiB of memory, below the bound of %.1f", float64(got.total)/mib, float64(streamRatio*floor)/mib)
	}
}

// memory is what a function took, in bytes.
type memory struct{ total, held uint64 }

// measure returns the memory that f allocates in total and the memory that is still
// in use after it.
func measure(f func()) memory {
	var before, after, left runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	runtime.GC()
	runtime.ReadMemStats(&left)
	return memory{after.TotalAlloc - before.TotalAlloc, max(left.HeapAlloc, before.HeapAlloc) - before.HeapAlloc}
}

// atMost fails the test if the memory exceeds the bounds.
func (m memory) atMost(t *testing.T, total, held uint64) {
	t.Helper()
	if m.total > total {
		t.Errorf("%.1f MiB allocated in total, want at most %.1f", float64(m.total)/mib, float64(total)/mib)
	}
	if m.held > held {
		t.Errorf("%.1f MiB left, want at most %.1f", float64(m.held)/mib, float64(held)/mib)
	}
}

// largestRead returns the memory that a call allocates for a valid response of the
// maximum size.
func largestRead(t *testing.T) uint64 {
	t.Helper()
	client := newClient(t, serve(t, framed(200, "text/plain", strings.Repeat("g", mib))).url)
	return measure(func() {
		if value, err := client.GeneratePassword(t.Context(), "pin"); err != nil || len(value.Reveal()) != mib {
			t.Fatalf("a valid response fails: %v", err)
		}
	}).total
}

// endlessGzip returns a gzip member of zeros as a beginning and a block that can be
// repeated without end.
func endlessGzip() (begin, block string) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	zeros := make([]byte, mib)
	// A flush ends a block at a byte boundary. The window before each block but the
	// first contains only zeros.
	next := func() string {
		packed.Reset()
		_, _ = w.Write(zeros) // a bytes.Buffer accepts every write
		_ = w.Flush()
		return packed.String()
	}
	return next(), next()
}

package hardening

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cyclos-go/passwords"
)

const mib = 1 << 20

// The bounds of what one attempt allocates with the default limit of 1 MiB, all
// together, not at once. A read with the default of 2 retries may take three
// times as much. The worst that is known is a list of empty objects, which take
// 3 bytes each on the wire and 88 as Go values, in a slice that grows.
const (
	streamBound = 16 * mib  // bodies and heads, whatever their length
	valueBound  = 192 * mib // JSON made to be as large as it can be when decoded
	heldBound   = 8 * mib   // what is left behind a call that failed
)

// flood is an answer that goes on until the client is gone, or a GiB is sent.
type flood struct {
	name string
	kind kind
	head string
	// block is sent over and over.
	block string
	want  want
}

func floods() []flood {
	tooLarge := want{status: 200, is: []error{passwords.ErrUnexpectedResponse, passwords.ErrResponseTooLarge}}
	forbidden := want{status: 403, is: []error{passwords.ErrForbidden}, known: true}
	text, block := "text/plain", strings.Repeat("g", 64<<10)
	bomb := endlessGzip()
	member := gzipped(strings.Repeat("\x00", mib))
	var lines strings.Builder
	for range 4 << 10 {
		lines.WriteString("X-G: ggggggg\r\n")
	}
	return []flood{
		{"stream with a length of 1 GiB", secretKind(), head(200, text, "Content-Length: 1073741824"), block, tooLarge},
		{"stream without a length", secretKind(), head(200, text), block, tooLarge},
		{"stream in chunks", secretKind(), head(200, text, "Transfer-Encoding: chunked"), "10000\r\n" + block + "\r\n", tooLarge},
		{"stream in one chunk", secretKind(), head(200, text, "Transfer-Encoding: chunked") + "40000000\r\n", block, tooLarge},
		{"stream of JSON", listKind(), head(200, jsonType) + "[", strings.Repeat("{},", 20_000), tooLarge},
		{"stream of an object", objectKind(), head(200, jsonType) + `{"x":"`, block, tooLarge},
		{"stream of an error", commandKind(), head(403, jsonType) + `{"code":"`, block, forbidden},
		{"stream of blanks", listKind(), head(200, jsonType) + " ", strings.Repeat(" ", 64<<10), tooLarge},
		{"gzip bomb in one member", secretKind(), head(200, text, "Content-Encoding: gzip") + bomb.head, bomb.block, tooLarge},
		{"gzip bomb in many members", listKind(), head(200, jsonType, "Content-Encoding: gzip"), member, tooLarge},
		{"gzip bomb in an error", commandKind(), head(403, jsonType, "Content-Encoding: gzip"), member, forbidden},
		{"header flood", commandKind(), "HTTP/1.1 200 X\r\n", lines.String(), noAnswer},
		{"header line without an end", secretKind(), "HTTP/1.1 200 X\r\nX-G: ", block, noAnswer},
		{"header name without an end", listKind(), "HTTP/1.1 200 X\r\n", block, noAnswer},
		{"status line without an end", listKind(), "HTTP/1.1 200 ", block, noAnswer},
		{"header that goes on", listKind(), "HTTP/1.1 200 X\r\nX-G: g\r\n", strings.Repeat(" g\r\n", 16<<10), noAnswer},
		{"informational answers", commandKind(), "", strings.Repeat("HTTP/1.1 103 X\r\nLink: <g>\r\n\r\n", 2000), noAnswer},
		{"informational answers without headers", listKind(), "", strings.Repeat("HTTP/1.1 100 X\r\n\r\n", 2000), noAnswer},
	}
}

// TestMemoryOfFloods runs alone, as it measures the whole process.
func TestMemoryOfFloods(t *testing.T) {
	for _, f := range floods() {
		t.Run(f.name, func(t *testing.T) {
			var sent atomic.Int64
			answer, block := []byte(f.head), []byte(f.block)
			server := newRawServer(t, func(c *rawConn, _ int64) bool {
				n, err := c.Write(answer)
				for sent.Add(int64(n)); err == nil && sent.Load() < 1<<30; sent.Add(int64(n)) {
					n, err = c.Write(block)
				}
				return false
			})
			// Long for a machine under load, short of the end of the flood.
			client := answerClient(t, server.url, passwords.WithTimeout(20*time.Second))
			measure(t, streamBound, func() { f.kind.must(t, client, f.want) })
			if sent.Load() >= 1<<30 {
				t.Error("the client took all of it")
			}
			t.Logf("%.1f MiB were sent", float64(sent.Load())/mib)
		})
	}
}

// TestMemoryOfEmptyGzip has a server send gzip members that hold nothing. They
// never reach the limit, which counts what comes out: the timeout ends them.
func TestMemoryOfEmptyGzip(t *testing.T) {
	begin, block := []byte(head(200, "text/plain", "Content-Encoding: gzip")), []byte(strings.Repeat(gzipped(""), 1000))
	server := newRawServer(t, func(c *rawConn, _ int64) bool {
		_, err := c.Write(begin)
		for err == nil {
			_, err = c.Write(block)
		}
		return false
	})
	client := answerClient(t, server.url, passwords.WithTimeout(2*time.Second))
	w := want{status: 200, is: []error{passwords.ErrUnexpectedResponse, context.DeadlineExceeded}}
	measure(t, streamBound, func() { secretKind().must(t, client, w) })
}

// TestMemoryOfHeaders sends many headers at once.
func TestMemoryOfHeaders(t *testing.T) {
	lines := strings.Repeat("X: g\r\n", 100_000)
	server := answerWith(t, "HTTP/1.1 200 X\r\n"+lines+"\r\n")
	client := answerClient(t, server.url)
	measure(t, streamBound, func() { secretKind().must(t, client, noAnswer) })
}

// TestMemoryOfValues decodes what takes the most memory for its bytes.
func TestMemoryOfValues(t *testing.T) {
	object, data, list := objectKind(), dataKind(), listKind()
	for _, tc := range []struct {
		name                 string
		kind                 kind
		status               int
		before, element, end string
	}{
		{"passwords", data, 200, `{"passwords":[`, "{}", "]}"},
		{"passwords with a type", data, 200, `{"passwords":[`, `{"type":{}}`, "]}"},
		{"list", list, 200, `[`, "{}", "]"},
		{"unknown properties", object, 200, `{"x":[`, "0", "]}"},
		{"errors of a property", commandKind(), 422, `{"propertyErrors":{"a":[`, `""`, "]}}"},
		{"indexed errors", commandKind(), 422, `{"indexedErrors":{"a":[`, "{}", "]}}"},
		{"nulls", list, 200, `[`, "null", "]"},
	} {
		mediaType := jsonType
		if tc.kind.operation == data.operation {
			mediaType += "; charset=iso-8859-1" // takes a little more
		}
		t.Run(tc.name, func(t *testing.T) {
			n := (mib - len(tc.before) - len(tc.end)) / (len(tc.element) + 1)
			body := tc.before + strings.TrimSuffix(strings.Repeat(tc.element+",", n), ",") + tc.end
			server := answerWith(t, framed(tc.status, mediaType, body))
			client := answerClient(t, server.url)
			measure(t, valueBound, func() {
				// Most are what the operation promises: the memory is all that matters.
				_, _ = tc.kind.call(t.Context(), client)
			})
			if server.requests.Load() != 1 {
				t.Error("the call made no request, or more than one")
			}
		})
	}
	t.Run("errors by name", func(t *testing.T) {
		var body bytes.Buffer
		body.WriteString(`{"errors":{`)
		for n := uint32(0); body.Len() < mib-20; n++ {
			body.WriteByte('"')
			for _, b := range binary.BigEndian.AppendUint32(nil, n)[1:] {
				body.WriteString(string([]byte{'a' + b>>4, 'a' + b&15}))
			}
			body.WriteString(`":{},`)
		}
		body.WriteString(`"x":{}}}`)
		client := answerClient(t, answerWith(t, framed(422, jsonType, body.String())).url)
		w := want{status: 422, is: []error{passwords.ErrInvalidInput}, known: true}
		measure(t, valueBound, func() { commandKind().must(t, client, w) })
	})
	t.Run("errors in errors", func(t *testing.T) {
		body := strings.Repeat(`{"errors":{"a":`, 4990) + "{}" + strings.Repeat("}}", 4990)
		client := answerClient(t, answerWith(t, framed(422, jsonType, body)).url)
		w := want{status: 422, is: []error{passwords.ErrInvalidInput}, known: true}
		measure(t, valueBound, func() { commandKind().must(t, client, w) })
	})
}

// measure fails if f allocates more than bound in total, or leaves more than
// heldBound behind.
func measure(t *testing.T, bound uint64, f func()) {
	t.Helper()
	var before, after, left runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	runtime.GC()
	runtime.ReadMemStats(&left)
	total := after.TotalAlloc - before.TotalAlloc
	held := int64(left.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("%.1f MiB allocated in total, %.1f MiB left", float64(total)/mib, float64(held)/mib)
	if total > bound {
		t.Errorf("%d MiB allocated in total, want at most %d", total/mib, bound/mib)
	}
	if held > heldBound {
		t.Errorf("%d MiB left, want at most %d", held/mib, heldBound/mib)
	}
}

// gzipStream is a gzip member of zeros: its block can follow itself for ever.
type gzipStream struct{ head, block string }

func endlessGzip() gzipStream {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	zeros := make([]byte, mib)
	// A flush ends a block at a byte; the window before each but the first holds
	// nothing but zeros.
	next := func() string {
		packed.Reset()
		_, _ = w.Write(zeros) // a bytes.Buffer takes everything
		_ = w.Flush()
		return packed.String()
	}
	return gzipStream{next(), next()}
}

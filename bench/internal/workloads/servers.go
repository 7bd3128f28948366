package workloads

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"strconv"

	"github.com/cyclos-go/passwords/bench/internal/work"
)

// MemoryURL is the base URL to use with Memory.
const MemoryURL = "https://cyclos.example.org/api"

// Memory is a transport without a network. It costs as little as a transport can,
// so that the client is what is measured.
type Memory map[string]*reply

type reply struct {
	status int
	header http.Header
	body   []byte
}

// NewMemory returns a transport that serves all workloads.
func NewMemory() Memory {
	m := Memory{}
	for _, w := range All {
		m["/api"+w.Path] = &reply{status: w.Status, header: w.header(), body: w.Body}
	}
	return m
}

func (w Workload) header() http.Header {
	h := http.Header{}
	if w.Media != "" {
		h.Set("Content-Type", w.Media)
		h.Set("Content-Length", strconv.Itoa(len(w.Body)))
	}
	return h
}

type memoryBody struct{ bytes.Reader }

func (*memoryBody) Close() error { return nil }

// RoundTrip implements [http.RoundTripper].
func (m Memory) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		_, err := io.Copy(io.Discard, req.Body)
		if closed := req.Body.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return nil, err
		}
	}
	r := m[req.URL.Path]
	if r == nil {
		return nil, fmt.Errorf("no such path: %s", req.URL.Path)
	}
	body := &memoryBody{}
	body.Reset(r.body)
	return &http.Response{
		StatusCode: r.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: r.header, Body: body, ContentLength: int64(len(r.body)), Request: req,
	}, nil
}

// Handler serves all workloads.
func Handler() http.Handler {
	mux := http.NewServeMux()
	for _, w := range All {
		header := w.header()
		mux.HandleFunc(w.Method+" /api"+w.Path, func(rw http.ResponseWriter, req *http.Request) {
			if req.Header.Get("Session-Token") != work.Token {
				rw.WriteHeader(http.StatusUnauthorized)
				return
			}
			if _, err := io.Copy(io.Discard, req.Body); err != nil {
				rw.WriteHeader(http.StatusBadRequest)
				return
			}
			maps.Copy(rw.Header(), header)
			rw.WriteHeader(w.Status)
			if _, err := rw.Write(w.Body); err != nil && len(w.Body) > 0 {
				_, _ = os.Stderr.WriteString("a response could not be written\n")
			}
		})
	}
	return mux
}

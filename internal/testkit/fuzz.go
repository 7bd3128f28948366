package testkit

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
)

// Marker is a text that must not appear in errors. Unlike a code of the API, no
// error shows it.
const Marker = "mark-4821-body"

// Plant returns text with [Marker] inserted at a position derived from at.
func Plant[T ~string | ~[]byte](text T, at uint16) string {
	cut := int(at) % (len(text) + 1)
	return string(text[:cut]) + Marker + string(text[cut:])
}

// InMemory is a transport that writes each request as HTTP/1.1, parses it again
// and passes it to the handler. Fuzz targets thus test the bytes on the wire.
type InMemory struct {
	Handler http.Handler
	// Sent and Arrived are the requests before and after they were written.
	Sent, Arrived []*http.Request
}

// RoundTrip sends a request to the handler.
func (m *InMemory) RoundTrip(req *http.Request) (*http.Response, error) {
	m.Sent = append(m.Sent, req)
	var wire bytes.Buffer
	if err := req.Write(&wire); err != nil {
		return nil, err
	}
	reader := bufio.NewReader(&wire)
	got, err := http.ReadRequest(reader)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(got.Body)
	if err != nil {
		return nil, err
	}
	if reader.Buffered()+wire.Len() > 0 {
		return nil, errors.New("more than one request was written")
	}
	got.Body = io.NopCloser(bytes.NewReader(body))
	m.Arrived = append(m.Arrived, got)
	recorder := httptest.NewRecorder()
	m.Handler.ServeHTTP(recorder, got)
	return recorder.Result(), nil
}

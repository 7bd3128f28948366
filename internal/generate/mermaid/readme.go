package main

import (
	"bytes"
	"errors"
)

const (
	begin = "<!-- lifecycle:begin -->\n"
	end   = "<!-- lifecycle:end -->\n"
)

// between returns page with text in place of what stands between the markers.
// Each marker has to be there once, in this order.
func between(page []byte, text string) ([]byte, error) {
	if bytes.Count(page, []byte(begin)) != 1 || bytes.Count(page, []byte(end)) != 1 {
		return nil, errors.New("the markers lifecycle:begin and lifecycle:end are not there once each")
	}
	before, rest, _ := bytes.Cut(page, []byte(begin))
	_, after, ordered := bytes.Cut(rest, []byte(end))
	if !ordered {
		return nil, errors.New("the marker lifecycle:end comes first")
	}
	return bytes.Join([][]byte{before, []byte(begin), []byte("\n" + text + "\n"), []byte(end), after}, nil), nil
}

//go:build servers

package proxytest

import (
	"context"
	"io"
	"net/http"
)

// pollClient leaves no connection behind.
var pollClient = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// get returns the headers and body of an answer, nothing if there was none.
func get(ctx context.Context, url string) (http.Header, string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, ""
	}
	resp, err := pollClient.Do(req)
	if err != nil {
		return nil, ""
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, ""
	}
	return resp.Header, string(body)
}

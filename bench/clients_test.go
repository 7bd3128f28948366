package bench

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/cyclos-go/passwords/bench/internal/peers"
	"github.com/cyclos-go/passwords/bench/internal/work"
	"github.com/cyclos-go/passwords/bench/internal/workloads"
)

// recorder keeps the last request on its way to the transport below.
type recorder struct {
	http.RoundTripper
	requests []*http.Request
	body     []byte
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	r.requests = append(r.requests, req.Clone(req.Context()))
	r.body = nil
	if req.Body != nil {
		var err error
		if r.body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		req.Body = io.NopCloser(bytes.NewReader(r.body))
	}
	return r.RoundTripper.RoundTrip(req)
}

// each runs a test for every client and workload over both transports.
func each(t *testing.T, test func(t *testing.T, p peers.Peer, w workloads.Workload, r *recorder, c work.Client)) {
	server := httptest.NewServer(workloads.Handler())
	t.Cleanup(server.Close)
	for _, transport := range []struct {
		name, base string
		http.RoundTripper
	}{
		{"memory", workloads.MemoryURL, workloads.NewMemory()},
		{"loopback", server.URL + "/api", server.Client().Transport},
	} {
		for _, p := range peers.All {
			for _, w := range workloads.All {
				t.Run(transport.name+"/"+w.Name+"/"+p.Name, func(t *testing.T) {
					t.Parallel()
					r := &recorder{RoundTripper: transport.RoundTripper}
					c, err := p.New(transport.base, r)
					if err != nil {
						t.Fatal(err)
					}
					test(t, p, w, r, c)
				})
			}
		}
	}
}

func TestClientsDecodeFully(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, p peers.Peer, w workloads.Workload, _ *recorder, c work.Client) {
		var results []any
		if err := w.Call(t.Context(), c, func(v any) { results = append(results, v) }); err != nil {
			t.Fatal(err)
		}
		if p.Name == peers.Floor || w.Name == "change" {
			if len(results) != 0 {
				t.Fatalf("%d results where there is nothing to decode", len(results))
			}
			return
		}
		if len(results) != 1 {
			t.Fatalf("%d results, want 1", len(results))
		}
		if w.Media != "application/json" {
			if value, ok := results[0].(string); !ok || value != string(w.Body) {
				t.Errorf("the value is not what the server sent")
			}
			return
		}
		again, err := json.Marshal(results[0])
		if err != nil {
			t.Fatal(err)
		}
		if d := difference(again, w.Body); d != "" {
			t.Error(d)
		}
		checkDates(t, results[0], w.Body)
	})
}

func TestClientsSendTheRightRequest(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ peers.Peer, w workloads.Workload, r *recorder, c work.Client) {
		if err := w.Call(t.Context(), c, nil); err != nil {
			t.Fatal(err)
		}
		if len(r.requests) != 1 {
			t.Fatalf("%d requests, want 1", len(r.requests))
		}
		req := r.requests[0]
		if req.Method != w.Method || req.URL.Path != "/api"+w.Path || req.URL.RawQuery != "" {
			t.Errorf("%s %s?%s, want %s %s", req.Method, req.URL.Path, req.URL.RawQuery, w.Method, "/api"+w.Path)
		}
		if got := req.Header.Values("Session-Token"); len(got) != 1 || got[0] != work.Token {
			t.Error("the session token is not sent once")
		}
		if got := req.Header.Values("Authorization"); len(got) != 0 {
			t.Error("another authentication is sent")
		}
		if w.Sent == "" {
			if len(r.body) != 0 {
				t.Errorf("a body of %d bytes is sent", len(r.body))
			}
			return
		}
		if got := req.Header.Get("Content-Type"); got != "application/json" {
			t.Errorf("content type %q", got)
		}
		if d := difference(r.body, []byte(w.Sent)); d != "" {
			t.Error(d)
		}
	})
}

package bench

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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

func TestDifference(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, got, want string
		same            bool
	}{
		{"order of members", `{"a":1,"b":"x"}`, `{"b":"x","a":1}`, true},
		{"the same instant", `"2018-06-25T08:17:37.085Z"`, `"2018-06-25T10:17:37.085+02:00"`, true},
		{"another instant", `"2018-06-25T08:17:38.085Z"`, `"2018-06-25T10:17:37.085+02:00"`, false},
		{"false for absent", `{}`, `{"a":false,"b":null,"c":"","d":0,"e":[],"f":{}}`, true},
		{"a member lost", `{"a":1}`, `{"a":1,"b":{"c":true}}`, false},
		{"a member too much", `{"a":1,"b":2}`, `{"a":1}`, false},
		{"an element lost", `{"a":[1]}`, `{"a":[1,2]}`, false},
		{"order of elements", `[2,1]`, `[1,2]`, false},
		{"another type", `{"a":"1"}`, `{"a":1}`, false},
		{"no JSON", `<html>`, `{}`, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if d := difference([]byte(test.got), []byte(test.want)); (d == "") != test.same {
				t.Errorf("got difference %q", d)
			}
		})
	}
}

// difference compares the meaning of two JSON texts: dates as instants, to the
// second, and a member that is false, zero, empty or null as an absent one, as in
// the API. It returns "" if they mean the same.
func difference(got, want []byte) string {
	var g, w any
	if err := json.Unmarshal(got, &g); err != nil {
		return err.Error()
	}
	if err := json.Unmarshal(want, &w); err != nil {
		return err.Error()
	}
	return cmp.Diff(normal(w), normal(g))
}

// normal returns nil for what means the same as absent.
func normal(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if member = normal(member); member == nil {
				delete(v, name)
			} else {
				v[name] = member
			}
		}
		if len(v) == 0 {
			return nil
		}
	case []any:
		for i := range v {
			v[i] = normal(v[i])
		}
		if len(v) == 0 {
			return nil
		}
	case string:
		if at, err := time.Parse(time.RFC3339Nano, v); err == nil {
			if at.IsZero() {
				return nil
			}
			return at.UTC().Truncate(time.Second).Format(time.RFC3339)
		}
	}
	if v == "" || v == false || v == 0.0 {
		return nil
	}
	return v
}

var timeType = reflect.TypeFor[time.Time]()

// dates returns the instants within a value, sorted. They are compared beside
// the texts, as ogen encodes dates without the milliseconds it decoded.
func dates(v any) []time.Time {
	var found []time.Time
	var walk func(reflect.Value)
	walk = func(v reflect.Value) {
		switch {
		case !v.IsValid():
		case v.Kind() == reflect.Struct && v.Type().ConvertibleTo(timeType):
			if at := v.Convert(timeType).Interface().(time.Time); !at.IsZero() {
				found = append(found, at.UTC())
			}
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					walk(v.Field(i))
				}
			}
		case v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface:
			walk(v.Elem())
		case v.Kind() == reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case v.Kind() == reflect.Map:
			for _, key := range v.MapKeys() {
				walk(v.MapIndex(key))
			}
		case v.Kind() == reflect.String:
			if at, err := time.Parse(time.RFC3339Nano, v.String()); err == nil {
				found = append(found, at.UTC())
			}
		}
	}
	walk(reflect.ValueOf(v))
	slices.SortFunc(found, time.Time.Compare)
	return found
}

// checkDates tells whether the instants of a result are those of the body, to
// the last digit.
func checkDates(t *testing.T, result any, body []byte) {
	t.Helper()
	var plain any
	if err := json.Unmarshal(body, &plain); err != nil {
		t.Fatal(err)
	}
	want := dates(plain)
	if len(want) == 0 {
		t.Fatal("the body has no dates to compare")
	}
	if got := dates(result); !slices.EqualFunc(got, want, time.Time.Equal) {
		t.Errorf("the dates are %v, want %v", got, want)
	}
}

package cyclostest

import (
	"cmp"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/cyclos-go/passwords/gen"
)

const disable = "/self/passwords/login/disable"

func TestFaultReplacesOperation(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault           Fault
		status          int
		body, mediaType string
	}{
		"status":          {Fault{Status: 503}, 503, "", ""},
		"JSON":            {Fault{Status: 503, Body: `{"code":"smsSending"}`}, 503, `{"code":"smsSending"}`, "application/json"},
		"HTML":            {Fault{Status: 502, Body: `<html></html>`}, 502, `<html></html>`, "text/html; charset=utf-8"},
		"body alone":      {Fault{Body: `{}`}, 500, `{}`, "application/json"},
		"named operation": {Fault{Operation: gen.OperationDisablePassword, Status: 409, Body: `{}`}, 409, `{}`, "application/json"},
		"with headers": {Fault{Status: 429, Header: http.Header{"Retry-After": {"7"}, "Content-Type": {"text/x"}}, Body: `{}`},
			429, `{}`, "text/x"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t)
			r.Inject(test.fault)
			got := r.post(disable) // no credentials: the fault precedes authentication
			got.want(t, test.status, test.body)
			if got.header.Get("Content-Type") != test.mediaType {
				t.Errorf("got media type %q", got.header.Get("Content-Type"))
			}
			if test.fault.Header != nil && got.header.Get("Retry-After") != "7" {
				t.Error("the response has no Retry-After")
			}
			if r.Calls(gen.OperationDisablePassword) != 0 {
				t.Error("the operation was executed")
			}
			r.ok(disable, session(AnaSession))
			if r.Calls(gen.OperationDisablePassword) != 1 {
				t.Error("the operation was not executed once")
			}
		})
	}
}

func TestFaultsAreFirstInFirstOut(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.Inject(Fault{Operation: gen.OperationEnablePassword, Status: 504})
	r.Inject(Fault{Operation: gen.OperationDisablePassword, Status: 500, Times: 2})
	r.Inject(Fault{Status: 501})
	for _, want := range []int{500, 500, 501, 204} {
		if got := r.post(disable, session(AnaSession)); got.status != want {
			t.Fatalf("got %d, want %d", got.status, want)
		}
	}
	r.get("/x", session(AnaSession)).want(t, 404, "") // not an operation
	r.post("/ana/passwords/login/enable", session(BrokerSession)).want(t, 504, "")
}

// TestFaultsSelectRequests sends requests in order. Each letter names the fault that is
// applied to a request, a dot none.
func TestFaultsSelectRequests(t *testing.T) {
	t.Parallel()
	type faults map[string]Fault
	for name, test := range map[string]struct {
		faults faults
		want   string
	}{
		"user":                         {faults{"a": {User: Ana, Times: 9}}, "aa.aaa.."},
		"user, in other letters":       {faults{"a": {User: "ANA"}}, "a......."},
		"type":                         {faults{"a": {PasswordType: TypePIN, Times: 9}}, ".a...a.."},
		"user, type and operation":     {faults{"a": {User: Ana, PasswordType: TypeLogin, Operation: gen.OperationGetUserPasswordsData, Times: 9}}, "a...a..."},
		"second request":               {faults{"a": {Nth: 2}}, ".a......"},
		"second request of a user":     {faults{"a": {User: Ben, Nth: 2}}, "......a."},
		"from the third on":            {faults{"a": {Nth: 3, Times: 2}}, "..aa...."},
		"different requests":           {faults{"a": {Nth: 3}, "b": {Nth: 5}, "c": {}}, "c.a.b..."},
		"the same request":             {faults{"a": {Nth: 2}, "b": {Nth: 2}}, ".ab....."},
		"while another fault is first": {faults{"a": {Times: 3}, "b": {Nth: 2}}, "aaab...."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t)
			for _, letter := range slices.Sorted(maps.Keys(test.faults)) {
				f := test.faults[letter]
				f.Header = http.Header{"X-Fault": {letter}}
				r.Inject(f)
			}
			got := ""
			for _, request := range []struct {
				path string
				as   edit
			}{
				{"/self/passwords/login", session(AnaSession)},
				{"/ana/passwords/pin", session(AdminSession)},
				{"/ben/passwords", session(AdminSession)},
				{"/self/passwords", basic(Ana, "wrong")},
				{"/'ana/passwords/login", session("unknown")},
				{"/self/passwords/pin", header(headerAccessClient, AnaClientToken)},
				{"/ben/passwords", session(AnaSession)},
				{"/nobody/passwords/nope", session(AdminSession)},
			} {
				got += cmp.Or(r.get(request.path, request.as).header.Get("X-Fault"), ".")
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestClearFaults(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.Inject(Fault{Status: 503, Times: 9})
	r.Inject(Fault{Status: 504, Nth: 4})
	r.get("/self/passwords", session(AnaSession)).want(t, 503, "")
	r.ClearFaults()
	for range 4 {
		r.get("/self/passwords", session(AnaSession)).want(t, 200, "")
	}
	r.Inject(Fault{Status: 502})
	r.get("/self/passwords", session(AnaSession)).want(t, 502, "")
}

func TestFaultAfterExecution(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.Inject(Fault{Status: 502, AfterExecution: true})
	r.post(disable, session(AnaSession)).want(t, 502, "")
	r.wantStatus(Ana, TypeLogin, disabled)
	if r.Calls(gen.OperationDisablePassword) != 1 {
		t.Error("the operation was not executed")
	}

	r.Inject(Fault{AfterExecution: true, Header: http.Header{"X-Slow": {"yes"}}})
	got := r.get("/self/passwords/login?fields=status", session(AnaSession))
	got.want(t, 200, `{"status":"disabled"}`)
	if got.header.Get("X-Slow") != "yes" || got.header.Get("Content-Type") != "application/json" {
		t.Errorf("got headers %v", got.header)
	}
	r.Inject(Fault{AfterExecution: true})
	r.post(disable, session(BenSession)).want(t, 204, "")
	r.Inject(Fault{Delay: time.Nanosecond, Header: http.Header{"X-Slow": {"yes"}}})
	if got := r.get("/self/passwords", session(AnaSession)); got.status != 200 || got.header.Get("X-Slow") != "yes" {
		t.Errorf("got %d %v", got.status, got.header)
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, executed := range []bool{false, true} {
		r.Inject(Fault{Cut: true, AfterExecution: executed})
		if _, err := r.client.Do(r.request("POST", disable, session(AnaSession))); err == nil {
			t.Error("got a response")
		}
		r.wantStatus(Ana, TypeLogin, map[bool]gen.PasswordStatusEnum{false: active, true: disabled}[executed])
	}
	for _, body := range []string{"", `{"code":"loggedOut"}`} {
		r.Inject(Fault{Cut: true, Status: 401, Body: body})
		resp, err := r.client.Do(r.request("GET", "/self/passwords", session(AnaSession)))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		data, err := io.ReadAll(resp.Body)
		if resp.StatusCode != 401 || !errors.Is(err, io.ErrUnexpectedEOF) || string(data) != body[:len(body)/2] {
			t.Errorf("got %d %q %v", resp.StatusCode, data, err)
		}
	}
}

func TestCanceledRequestEndsDelay(t *testing.T) {
	t.Parallel()
	s := New()
	s.Inject(Fault{Delay: time.Hour, Times: 2})
	s.Inject(Fault{Delay: time.Hour, Status: 503, AfterExecution: true})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 3 {
		r := httptest.NewRequestWithContext(ctx, "POST", "/api"+disable, nil)
		r.Header.Set(headerSession, AnaSession)
		mustPanic(t, func() { serveDirect(s, r) })
	}
	if s.Calls(gen.OperationDisablePassword) != 1 {
		t.Errorf("got %d calls, want 1", s.Calls(gen.OperationDisablePassword))
	}
}

func TestCloseEndsDelays(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.Inject(Fault{Delay: time.Hour, AfterExecution: true})
	failed := make(chan error)
	go func() {
		_, err := r.client.Do(r.request("POST", disable, session(AnaSession)))
		failed <- err
	}()
	for r.Calls(gen.OperationDisablePassword) == 0 { // the delay follows the call
		runtime.Gosched()
	}
	r.Close()
	if err := <-failed; err == nil {
		t.Error("got a response")
	}

	s := New()
	s.Close()
	s.Inject(Fault{Delay: time.Hour})
	mustPanic(t, func() { serveDirect(s, httptest.NewRequest("POST", "/api"+disable, nil)) })
}

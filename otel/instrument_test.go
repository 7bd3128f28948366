package otelpasswords_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/gen"
	otelpasswords "github.com/cyclos-go/passwords/otel"
)

// secret is part of every argument of a call and of every response. No span and no
// metric may show it.
const secret = "leak-me"

// call calls an operation. Reflection covers operations that will be added.
func call(ctx context.Context, c *passwords.Client, o gen.Operation) error {
	method := reflect.ValueOf(c).MethodByName(strings.ToUpper(string(o.ID[:1])) + string(o.ID[1:]))
	if !method.IsValid() {
		return fmt.Errorf("the client has no method for %s", o.ID)
	}
	arguments := []reflect.Value{reflect.ValueOf(ctx)}
	for i := 1; i < method.Type().NumIn(); i++ {
		arguments = append(arguments, argument(method.Type().In(i)))
	}
	send := method.Call
	if method.Type().IsVariadic() {
		send = method.CallSlice
	}
	results := send(arguments)
	err, _ := results[len(results)-1].Interface().(error)
	return err
}

// argument returns a value that contains secret.
func argument(of reflect.Type) reflect.Value {
	for _, value := range []any{passwords.Principal(secret), passwords.NewSecret(secret)} {
		if reflect.TypeOf(value).AssignableTo(of) {
			return reflect.ValueOf(value)
		}
	}
	made := reflect.New(of).Elem()
	switch of.Kind() {
	case reflect.String:
		made.SetString(secret)
	case reflect.Slice:
		return reflect.Append(made, argument(of.Elem()))
	case reflect.Struct:
		for i := range of.NumField() {
			made.Field(i).Set(argument(of.Field(i).Type))
		}
	}
	return made
}

// recorded is what a client records.
type recorded struct {
	spans  *tracetest.InMemoryExporter
	reader *sdkmetric.ManualReader
}

// client returns a client for the server at base and what it records.
func client(t *testing.T, base string, opts ...passwords.Option) (*passwords.Client, recorded) {
	t.Helper()
	r := recorded{tracetest.NewInMemoryExporter(), sdkmetric.NewManualReader()}
	if opts == nil {
		opts = []passwords.Option{passwords.WithSessionToken(passwords.NewSecret(secret)), passwords.WithRetries(0)}
	}
	client, err := passwords.New(base, append(opts, otelpasswords.Instrument(
		otelpasswords.WithTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSyncer(r.spans))),
		otelpasswords.WithMeterProvider(sdkmetric.NewMeterProvider(sdkmetric.WithReader(r.reader))),
		otelpasswords.WithPropagator(propagation.TraceContext{})))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	return client, r
}

// take returns the spans since it was last called, those of attempts first, and fails
// if one shows the secret.
func (r recorded) take(t *testing.T) tracetest.SpanStubs {
	t.Helper()
	spans := r.spans.GetSpans()
	r.spans.Reset()
	if strings.Contains(fmt.Sprintf("%+v", spans), secret) {
		t.Error("a span shows a user or a secret")
	}
	return spans
}

// durations returns the attributes of a histogram, with how often each set was
// recorded, and fails if one shows the secret.
func (r recorded) durations(t *testing.T, name string) map[string]uint64 {
	t.Helper()
	var all metricdata.ResourceMetrics
	if err := r.reader.Collect(context.Background(), &all); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(fmt.Sprintf("%+v", all), secret) {
		t.Error("a metric shows a user or a secret")
	}
	counts := map[string]uint64{}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			if m.Unit != "s" || m.Description == "" {
				t.Errorf("%s has the unit %q and the description %q", m.Name, m.Unit, m.Description)
			}
			if m.Name != name {
				continue
			}
			for _, point := range m.Data.(metricdata.Histogram[float64]).DataPoints {
				counts[texts(point.Attributes.ToSlice())] += point.Count
			}
		}
	}
	return counts
}

// texts returns attributes as one text, sorted by key.
func texts(attributes []attribute.KeyValue) string {
	all := make([]string, 0, len(attributes))
	for _, a := range attributes {
		all = append(all, string(a.Key)+"="+a.Value.String())
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// TestSpansNameTheOperationAndNobody calls all operations, and compares spans and
// metrics with the request that arrived.
func TestSpansNameTheOperationAndNobody(t *testing.T) {
	t.Parallel()
	requests := make(chan *http.Request, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests <- r
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set(secret, secret)
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, `{"code":"permissionDenied","other":%q}`, secret)
	}))
	t.Cleanup(server.Close)
	client, recorded := client(t, server.URL+"/api/")
	ctx, outer := sdktrace.NewTracerProvider().Tracer("test").Start(t.Context(), "outer")
	wantCalls, wantAttempts := map[string]uint64{}, map[string]uint64{}
	for _, o := range gen.Operations {
		if !strings.Contains(o.Path, "/passwords") { // takes no argument
			continue
		}
		var failure *passwords.Error
		if err := call(ctx, client, o); !errors.As(err, &failure) || failure.StatusCode != http.StatusForbidden {
			t.Fatalf("%s: got %v", o.ID, err)
		}
		arrived := <-requests
		spans := recorded.take(t)
		if len(spans) != 2 {
			t.Fatalf("%s: got %d spans, want those of the call and of its attempt", o.ID, len(spans))
		}
		attempt, whole := spans[0], spans[1]
		if whole.Name != "passwords."+failure.Operation || whole.SpanKind != trace.SpanKindInternal || whole.Parent.SpanID() != outer.SpanContext().SpanID() {
			t.Errorf("%s: got the span %s (%s)", o.ID, whole.Name, whole.SpanKind)
		}
		if attempt.Name != arrived.Method+" /api"+o.Path || attempt.SpanKind != trace.SpanKindClient || attempt.Parent.SpanID() != whole.SpanContext.SpanID() {
			t.Errorf("%s: got the span %s (%s) in another one", o.ID, attempt.Name, attempt.SpanKind)
		}
		for _, span := range spans {
			if span.Status != (sdktrace.Status{Code: codes.Error}) || len(span.Events)+len(span.Links) > 0 {
				t.Errorf("%s: got the status %v", span.Name, span.Status)
			}
		}
		wantWhole := "error.type=403 http.response.status_code=403 passwords.operation=" + failure.Operation
		wantAttempt := "error.type=403 http.request.method=" + arrived.Method + " http.response.status_code=403 passwords.operation=" + failure.Operation +
			" server.address=127.0.0.1 server.port=" + server.URL[strings.LastIndex(server.URL, ":")+1:] + " url.scheme=http url.template=/api" + o.Path
		if got := texts(whole.Attributes); got != wantWhole {
			t.Errorf("got %s, want %s", got, wantWhole)
		}
		if got := texts(attempt.Attributes); got != wantAttempt {
			t.Errorf("got %s, want %s", got, wantAttempt)
		}
		wantCalls[wantWhole], wantAttempts[wantAttempt] = 1, 1
		if got, want := arrived.Header.Get("Traceparent"), fmt.Sprintf("00-%s-%s-01", attempt.SpanContext.TraceID(), attempt.SpanContext.SpanID()); got != want {
			t.Errorf("%s: the server got the parent %q, want %q", o.ID, got, want)
		}
		if !strings.Contains(arrived.RequestURI, secret) || arrived.Header.Get("Session-Token") != secret {
			t.Errorf("%s: the request was changed", o.ID)
		}
	}
	if got := recorded.durations(t, "passwords.call.duration"); !reflect.DeepEqual(got, wantCalls) {
		t.Errorf("calls: got %v, want %v", got, wantCalls)
	}
	if got := recorded.durations(t, "http.client.request.duration"); !reflect.DeepEqual(got, wantAttempts) {
		t.Errorf("attempts: got %v, want %v", got, wantAttempts)
	}
}

// TestEachAttemptIsASpan has a proxy fail between two attempts.
func TestEachAttemptIsASpan(t *testing.T) {
	t.Parallel()
	synctest.Test(t, eachAttemptIsASpan)
}

func eachAttemptIsASpan(t *testing.T) {
	statuses := []int{http.StatusBadGateway, http.StatusOK}
	sending := &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		response := &http.Response{StatusCode: statuses[0], Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(`[{"status":"active"}]`))}
		statuses = statuses[1:]
		return response, nil
	})}
	client, recorded := client(t, "https://cyclos.example", passwords.WithSessionToken(passwords.NewSecret(secret)), passwords.WithHTTPClient(sending))
	if _, err := client.ListUserPasswords(t.Context(), passwords.Principal(secret)); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, span := range recorded.take(t) {
		for _, a := range span.Attributes {
			switch a.Key {
			case "http.response.status_code", "http.request.resend_count", "error.type":
				got = append(got, string(a.Key)+"="+a.Value.String())
			}
		}
		got = append(got, span.Name)
	}
	want := []string{
		"error.type=502", "http.response.status_code=502", "GET /{user}/passwords",
		"http.request.resend_count=1", "http.response.status_code=200", "GET /{user}/passwords",
		"http.response.status_code=200", "passwords.listUserPasswords",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// raw returns the URL of a server that sends the same bytes to every client.
func raw(t *testing.T, response string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_, _ = conn.Write([]byte(response))
			_ = conn.Close()
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// TestFailuresShowNothingAndStayTheSame checks that a span contains nothing that the
// server sent, and that the caller gets the same error as without the option.
func TestFailuresShowNothingAndStayTheSame(t *testing.T) {
	t.Parallel()
	plain := raw(t, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	cancel()
	text := func(body string) string {
		return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	}
	failing := passwords.WithRequestEditor(func(context.Context, *http.Request) error { return errors.New(secret) })
	const notFound = `{"entityType":"PasswordType","key":"` + secret + `"}`
	broken := "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
	for name, tc := range map[string]struct {
		base          string
		ctx           context.Context
		opts          []passwords.Option
		attempt, call string // error.type
	}{
		"nobody listens":       {base: closed, attempt: "dial", call: "dial"},
		"no such host":         {base: plain, opts: dialing(&net.DNSError{Err: secret, Name: secret}), attempt: "dns", call: "dns"},
		"slow network":         {base: plain, opts: dialing(&net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}), attempt: "timeout", call: "timeout"},
		"unknown certificate":  {base: plain, opts: dialing(&tls.CertificateVerificationError{Err: errors.New(secret)}), attempt: "certificate", call: "certificate"},
		"no HTTP":              {base: raw(t, secret+" "+secret+"\r\n\r\n"), attempt: "_OTHER", call: "outcome_unknown"},
		"malformed header":     {base: raw(t, "HTTP/1.1 200 OK\r\n"+secret+"\r\n\r\n"), attempt: "_OTHER", call: "outcome_unknown"},
		"malformed chunk":      {base: raw(t, broken+secret+"\r\n"), attempt: "unexpected_response", call: "outcome_unknown"},
		"malformed trailer":    {base: raw(t, broken+"0\r\n"+secret+"\r\n\r\n"), attempt: "unexpected_response", call: "outcome_unknown"},
		"broken off":           {base: raw(t, strings.Replace(text(secret), "7\r", "9\r", 1)), attempt: "unexpected_response", call: "outcome_unknown"},
		"HTML":                 {base: raw(t, text("<html>"+secret)), call: "outcome_unknown"},
		"too large":            {base: raw(t, text(strings.Repeat(secret, 9))), opts: []passwords.Option{passwords.WithMaxResponseBytes(9)}, attempt: "response_too_large", call: "outcome_unknown"},
		"HTTP where HTTPS is":  {base: strings.Replace(plain, "http:", "https:", 1), attempt: "_OTHER", call: "_OTHER"},
		"redirect":             {base: raw(t, "HTTP/1.1 307 X\r\nLocation: https://x/"+secret+"\r\nContent-Length: 0\r\n\r\n"), attempt: "307", call: "outcome_unknown"},
		"malformed location":   {base: raw(t, "HTTP/1.1 307 X\r\nLocation: https://x/%zz"+secret+"\r\nContent-Length: 0\r\n\r\n"), attempt: "307", call: "outcome_unknown"},
		"not found":            {base: raw(t, fmt.Sprintf("HTTP/1.1 404 X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(notFound), notFound)), attempt: "404", call: "404"},
		"canceled":             {base: plain, ctx: canceled, attempt: "canceled", call: "canceled"},
		"timeout":              {base: plain, ctx: late, attempt: "timeout", call: "timeout"},
		"failing editor":       {base: plain, opts: []passwords.Option{failing}, attempt: "_OTHER", call: "_OTHER"},
		"a token with a space": {base: plain, opts: []passwords.Option{passwords.WithRequestEditor(passwords.SessionToken(passwords.NewSecret(secret + " ")))}, attempt: "invalid_argument", call: "invalid_argument"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := tc.ctx
			if ctx == nil {
				ctx = t.Context()
			}
			opts := append([]passwords.Option{passwords.WithRetries(0)}, tc.opts...)
			client, recorded := client(t, tc.base, opts...)
			_, err := client.GeneratePassword(ctx, secret)
			var got []string
			for _, span := range recorded.take(t) {
				kind := ""
				for _, a := range span.Attributes {
					if a.Key == "error.type" {
						kind = a.Value.String()
					}
				}
				if got = append(got, kind); (kind == "") != (span.Status.Code == codes.Unset) || span.Status.Description != "" {
					t.Errorf("%s: got %q and the status %v", span.Name, kind, span.Status)
				}
			}
			if want := []string{tc.attempt, tc.call}; !slices.Equal(got, want) {
				t.Errorf("got %q after %v, want %q", got, err, want)
			}
			if len(recorded.durations(t, "passwords.call.duration")) != 1 {
				t.Error("the call is not measured once")
			}
			bare, configuring := passwords.New(tc.base, opts...)
			if configuring != nil {
				t.Fatal(configuring)
			}
			t.Cleanup(bare.CloseIdleConnections)
			if _, want := bare.GeneratePassword(ctx, secret); want == nil || err.Error() != want.Error() || errors.Is(err, passwords.ErrOutcomeUnknown) != errors.Is(want, passwords.ErrOutcomeUnknown) {
				t.Errorf("got %v, want %v", err, want)
			}
		})
	}
}

// dialing returns the options for a network that fails with err.
func dialing(err error) []passwords.Option {
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return nil, err }}
	return []passwords.Option{passwords.WithRetries(0), passwords.WithHTTPClient(&http.Client{Transport: transport})}
}

func TestServersAreThoseOfTheBaseURL(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		"https://cyclos.example/a%20b":  "server.address=cyclos.example server.port=443 url.scheme=https url.template=/a%20b/{user}/passwords",
		"http://localhost/":             "server.address=localhost server.port=80 url.scheme=http url.template=/{user}/passwords",
		"https://[2001:db8::1]:8443/a/": "server.address=2001:db8::1 server.port=8443 url.scheme=https url.template=/a/{user}/passwords",
	} {
		client, recorded := client(t, base, dialing(&net.OpError{Op: "proxyconnect", Err: errors.New(secret)})...)
		if _, err := client.ListUserPasswords(t.Context(), passwords.Principal(secret)); err == nil {
			t.Error("there was no error")
		}
		spans := recorded.take(t)
		if got := texts(spans[0].Attributes); len(spans) != 2 || got != "error.type=_OTHER http.request.method=GET passwords.operation=listUserPasswords "+want {
			t.Errorf("got %d spans and %s, want %s", len(spans), got, want)
		}
	}
}

// TestPropagatorsDoNotAuthenticate: what the option adds to a request is checked as
// the editors of others are.
func TestPropagatorsDoNotAuthenticate(t *testing.T) {
	t.Parallel()
	removing := passwords.WithRequestEditor(func(_ context.Context, r *http.Request) error { r.Header = nil; return nil })
	for name, opts := range map[string][]passwords.Option{"second": {passwords.WithSessionToken(passwords.NewSecret(secret))}, "no header": {removing}} {
		client, err := passwords.New("http://127.0.0.1:1", append(opts, otelpasswords.Instrument(otelpasswords.WithPropagator(authenticating{})))...)
		if err != nil {
			t.Fatal(err)
		}
		err = client.EnablePassword(t.Context(), passwords.Principal("ana"), "login")
		if errors.Is(err, passwords.ErrInvalidArgument) != (name == "second") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

type authenticating struct{ propagation.TraceContext }

func (authenticating) Inject(_ context.Context, carrier propagation.TextMapCarrier) {
	carrier.Set("Authorization", "Basic")
}

// TestMetersThatFailMeasureNothing has a meter that creates no histogram, and the
// global providers, which do nothing. It is not parallel, because the handler of
// errors is global.
func TestMetersThatFailMeasureNothing(t *testing.T) {
	var handled []error
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { handled = append(handled, err) }))
	for name, opts := range map[string][]otelpasswords.Option{
		"global":  nil,
		"failing": {otelpasswords.WithMeterProvider(failing{}), otelpasswords.WithTracerProvider(nil)},
	} {
		client, err := passwords.New("http://127.0.0.1:1", passwords.WithRetries(0), otelpasswords.Instrument(opts...))
		if err != nil {
			t.Fatal(err)
		}
		if err := client.EnablePassword(t.Context(), passwords.Principal("ana"), "login"); err == nil || errors.Is(err, passwords.ErrOutcomeUnknown) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if len(handled) != 2 || handled[0] != errNoHistogram || handled[1] != errNoHistogram {
		t.Errorf("%v was reported, want one error for each histogram", handled)
	}
}

var errNoHistogram = errors.New("no histogram")

type failing struct{ noop.MeterProvider }

func (failing) Meter(string, ...metric.MeterOption) metric.Meter { return failingMeter{} }

type failingMeter struct{ noop.Meter }

func (failingMeter) Float64Histogram(string, ...metric.Float64HistogramOption) (metric.Float64Histogram, error) {
	return nil, errNoHistogram
}

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/gen"
)

// secret is part of every argument of a call. No span may show it.
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

// traced returns a client for the server at base and the exporter of its spans.
func traced(t *testing.T, base string, next http.RoundTripper, opts ...passwords.Option) (*passwords.Client, *tracetest.InMemoryExporter) {
	t.Helper()
	exporter := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(exporter))
	own, err := tracingClient(base, next, otelhttp.WithTracerProvider(provider), otelhttp.WithPropagators(propagation.TraceContext{}))
	if err != nil {
		t.Fatal(err)
	}
	if opts == nil {
		opts = []passwords.Option{passwords.WithSessionToken(passwords.NewSecret(secret))}
	}
	client, err := passwords.New(base, append(opts, passwords.WithRetries(0), passwords.WithHTTPClient(own))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	return client, exporter
}

func transport(t *testing.T) *http.Transport {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// only returns the only span and fails if it shows the secret.
func only(t *testing.T, exporter *tracetest.InMemoryExporter) (tracetest.SpanStub, map[string]string) {
	t.Helper()
	spans := exporter.GetSpans()
	exporter.Reset()
	if len(spans) != 1 {
		t.Fatalf("got %d spans, want 1", len(spans))
	}
	if strings.Contains(fmt.Sprintf("%+v", spans[0]), secret) {
		t.Fatal("the span shows a user or a secret")
	}
	return spans[0], values(spans[0].Attributes)
}

func values(attributes []attribute.KeyValue) map[string]string {
	all := make(map[string]string)
	for _, a := range attributes {
		all[string(a.Key)] = a.Value.String()
	}
	return all
}

// TestSpansNameTheOperationAndNobody calls all operations and compares the span with
// the error of the client, which names the operation too.
func TestSpansNameTheOperationAndNobody(t *testing.T) {
	t.Parallel()
	requests := make(chan *http.Request, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests <- r
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, `{"code":%q}`, secret)
	}))
	t.Cleanup(server.Close)
	client, exporter := traced(t, server.URL+"/api", transport(t))
	for _, o := range gen.Operations {
		var failure *passwords.Error
		if err := call(t.Context(), client, o); !errors.As(err, &failure) || failure.StatusCode != http.StatusForbidden {
			t.Fatalf("%s: got %v", o.ID, err)
		}
		arrived := <-requests
		span, attributes := only(t, exporter)
		if span.Name != string(o.ID) || span.Name != failure.Operation || span.SpanKind != trace.SpanKindClient || span.Status.Code != codes.Error {
			t.Errorf("%s: got the span %s (%s)", failure.Operation, span.Name, span.SpanKind)
		}
		for key, want := range map[string]string{
			"url.template": "/api" + o.Path, "url.full": server.URL + "/api" + o.Path,
			"http.request.method": arrived.Method, "http.response.status_code": "403", "server.address": "127.0.0.1",
		} {
			if attributes[key] != want {
				t.Errorf("%s: got %s %q, want %q", failure.Operation, key, attributes[key], want)
			}
		}
		parent := fmt.Sprintf("00-%s-%s-01", span.SpanContext.TraceID(), span.SpanContext.SpanID())
		if got := arrived.Header.Get("Traceparent"); got != parent {
			t.Errorf("%s: the server got the parent %q, want %q", failure.Operation, got, parent)
		}
		if !strings.Contains(arrived.RequestURI, secret) || arrived.Header.Get("Session-Token") != secret {
			t.Errorf("%s: the request was changed", failure.Operation)
		}
	}
}

// TestOtelhttpAloneShowsTheUser is the reason why the example wraps otelhttp.
func TestOtelhttpAloneShowsTheUser(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	exporter := tracetest.NewInMemoryExporter()
	alone := otelhttp.NewTransport(transport(t), otelhttp.WithTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSyncer(exporter))))
	client, err := passwords.New(server.URL, passwords.WithHTTPClient(&http.Client{Transport: alone}))
	if err != nil {
		t.Fatal(err)
	}
	_ = client.EnablePassword(t.Context(), passwords.Principal(secret), "login")
	spans := exporter.GetSpans()
	if len(spans) != 1 || !strings.Contains(values(spans[0].Attributes)["url.full"], secret) {
		t.Error("otelhttp does not show the user any more: make the example simpler")
	}
}

// TestEachAttemptIsASpan has a session expire between two attempts.
func TestEachAttemptIsASpan(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Session-Token") == secret+"1" {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"code":"loggedOut"}`))
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(server.Close)
	asked := 0
	client, exporter := traced(t, server.URL, transport(t), passwords.WithSessionTokenSource(func(context.Context) (passwords.Secret, error) {
		asked++
		return passwords.NewSecret(fmt.Sprint(secret, asked)), nil
	}))
	if err := client.EnablePassword(t.Context(), passwords.Principal(secret), secret); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, span := range exporter.GetSpans() {
		got = append(got, span.Name+" "+values(span.Attributes)["http.response.status_code"])
	}
	if want := "[enablePassword 401 enablePassword 204]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestRedirectsAreStillNotFollowed(t *testing.T) {
	t.Parallel()
	strayed := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strayed++ }))
	t.Cleanup(elsewhere.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := httptest.NewServer(http.RedirectHandler(elsewhere.URL+"/"+secret, status))
		t.Cleanup(server.Close)
		client, exporter := traced(t, server.URL, transport(t))
		for _, o := range gen.Operations {
			var redirect *passwords.RedirectError
			if err := call(t.Context(), client, o); !errors.As(err, &redirect) || redirect.Origin != elsewhere.URL {
				t.Errorf("%s: got %v", o.ID, err)
			}
			if _, attributes := only(t, exporter); attributes["http.response.status_code"] != fmt.Sprint(status) {
				t.Errorf("%s: got the status %s, want %d", o.ID, attributes["http.response.status_code"], status)
			}
		}
	}
	if strayed != 0 {
		t.Errorf("%d redirects were followed", strayed)
	}
}

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
// server sent, and that the caller gets the same error as without tracing.
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
	for name, base := range map[string]string{
		"nobody listens":      closed,
		"no HTTP":             raw(t, secret+" "+secret+"\r\n\r\n"),
		"malformed header":    raw(t, "HTTP/1.1 200 OK\r\n"+secret+"\r\n\r\n"),
		"malformed chunk":     raw(t, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"+secret+"\r\n"),
		"malformed trailer":   raw(t, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"+secret+"\r\n\r\n"),
		"broken off":          raw(t, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\n"+secret),
		"HTTP where HTTPS is": strings.Replace(plain, "http:", "https:", 1),
		"location":            raw(t, "HTTP/1.1 307 X\r\nLocation: https://x/%zz"+secret+"\r\nContent-Length: 0\r\n\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, exporter := traced(t, base, transport(t))
			_, err := client.GeneratePassword(t.Context(), secret)
			span, _ := only(t, exporter)
			if err == nil || span.Name != "generatePassword" {
				t.Errorf("got %v and the span %s", err, span.Name)
			}
			// Wrapped, because the client treats a plain *http.Transport specially.
			wrapped := &http.Client{Transport: struct{ http.RoundTripper }{transport(t)}}
			bare, configuring := passwords.New(base, passwords.WithRetries(0), passwords.WithSessionToken(passwords.NewSecret(secret)), passwords.WithHTTPClient(wrapped))
			if configuring != nil {
				t.Fatal(configuring)
			}
			if _, want := bare.GeneratePassword(t.Context(), secret); want == nil || err.Error() != want.Error() || errors.Is(err, passwords.ErrOutcomeUnknown) != errors.Is(want, passwords.ErrOutcomeUnknown) {
				t.Errorf("got %v, want %v", err, want)
			}
		})
	}
}

// closingTransport counts how often its connections are closed.
type closingTransport struct {
	http.RoundTripper
	closed int
}

func (c *closingTransport) CloseIdleConnections() { c.closed++ }

func TestIdleConnectionsAreClosed(t *testing.T) {
	t.Parallel()
	next := &closingTransport{}
	client, _ := traced(t, "https://cyclos.example/api", next)
	if client.CloseIdleConnections(); next.closed != 1 {
		t.Errorf("closed %d times, want 1", next.closed)
	}
}

package otelpasswords_test

import (
	"context"
	"fmt"
	"log"

	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	otelpasswords "github.com/cyclos-go/passwords/otel"
)

// Spans are printed as they end. Without options, Instrument uses the global
// providers and the global propagator.
func Example() {
	server := cyclostest.NewServer()
	defer server.Close()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(printer{}))

	client, err := passwords.New(server.URL, passwords.WithSessionToken(passwords.NewSecret(cyclostest.AdminSession)),
		otelpasswords.Instrument(otelpasswords.WithTracerProvider(provider), otelpasswords.WithPropagator(propagation.TraceContext{})))
	if err != nil {
		log.Fatal(err)
	}
	defer client.CloseIdleConnections()

	ctx, span := provider.Tracer("onboarding").Start(context.Background(), "onboard a user")
	defer span.End()
	// The server rejects this call, because the password is not disabled.
	if err := client.EnablePassword(ctx, passwords.Principal(cyclostest.Ana), cyclostest.TypeLogin); err != nil {
		fmt.Println(err)
	}
	// Output:
	// POST /api/{user}/passwords/{type}/enable (client)
	//     http.request.method = POST
	//     url.template = /api/{user}/passwords/{type}/enable
	//     url.scheme = http
	//     server.address = 127.0.0.1
	//     error.type = 403
	//     http.response.status_code = 403
	// passwords.enablePassword (internal)
	//     error.type = 403
	//     http.response.status_code = 403
	// passwords: enablePassword: 403 Forbidden: illegalAction
	// onboard a user (internal)
}

// printer is an exporter. Replace it by the exporter for your collector, such as
// otlptracehttp.
type printer struct{}

func (printer) ExportSpans(_ context.Context, spans []sdktrace.ReadOnlySpan) error {
	for _, span := range spans {
		fmt.Printf("%s (%s)\n", span.Name(), span.SpanKind())
		for _, attribute := range span.Attributes() {
			if attribute.Key != "server.port" && attribute.Key != "passwords.operation" {
				fmt.Printf("    %s = %s\n", attribute.Key, attribute.Value.String())
			}
		}
	}
	return nil
}

func (printer) Shutdown(context.Context) error { return nil }

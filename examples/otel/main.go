// Command otel traces the calls of a client with OpenTelemetry and prints the
// spans. It calls an embedded server:
//
//	go run .
//
// Each attempt of a call is a span with the name of the operation and the
// attributes of otelhttp. Only the URL differs: url.full and url.template contain
// the path template, "https://cyclos.example.org/api/{user}/passwords", whereas
// otelhttp alone records the path, which names the user. The header traceparent
// continues the trace in the server.
//
// To use this in your own program, copy trace.go and routes.go and pass their HTTP
// client to the package:
//
//	traced, err := tracingClient(baseURL, http.DefaultTransport)
//	...
//	client, err := passwords.New(baseURL, auth, passwords.WithHTTPClient(traced))
//
// The spans go to the provider of the span in the context, or to the global one,
// see otel.SetTracerProvider. The global propagator writes the header, see
// otel.SetTextMapPropagator. Options of otelhttp override both. A baggage
// propagator would send the baggage of the context to the server.
//
// Add only the operation and the error of a call to your own spans: the text of the
// error contains neither credentials nor the user. Avoid otelhttptrace, or pass
// WithoutHeaders to it: it records headers, and redacts no credentials other than
// Authorization.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) (err error) {
	server := cyclostest.NewServer()
	defer server.Close()

	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(printer{out}))
	defer func() { err = errors.Join(err, provider.Shutdown(ctx)) }()

	traced, err := tracingClient(server.URL, http.DefaultTransport,
		otelhttp.WithTracerProvider(provider), otelhttp.WithPropagators(propagation.TraceContext{}))
	if err != nil {
		return err
	}
	client, err := passwords.New(server.URL, passwords.WithSessionToken(passwords.NewSecret(cyclostest.AdminSession)), passwords.WithHTTPClient(traced))
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()

	ctx, span := provider.Tracer("onboarding").Start(ctx, "onboard a user")
	defer span.End()
	user := passwords.Principal(cyclostest.Ana)
	if _, err := client.ListUserPasswords(ctx, user, "status"); err != nil {
		return err
	}
	if err := client.ResetAndSendPassword(ctx, user, cyclostest.TypeLogin, passwords.SendMediumSMS); err != nil {
		return err
	}
	// The server rejects this call, because the password is not disabled.
	if err := client.EnablePassword(ctx, user, cyclostest.TypeLogin); err != nil {
		span.SetStatus(codes.Error, err.Error())
	}
	return nil
}

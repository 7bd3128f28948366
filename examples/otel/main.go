// Command otel traces the calls of a client with OpenTelemetry and prints the
// spans. It calls an embedded server:
//
//	go run .
//
// Each attempt of a call is a span with the name of the operation and the
// attributes of otelhttp, but for the address: url.full and url.template hold the
// template of the path, "https://cyclos.example.org/api/{user}/passwords".
// otelhttp alone records the address as it is, which names the user. The trace
// goes on in the server by the header traceparent.
//
// To have this in a program of your own, copy trace.go and routes.go, and give
// the client that they make to the package:
//
//	traced, err := tracingClient(baseURL, http.DefaultTransport)
//	...
//	client, err := passwords.New(baseURL, auth, passwords.WithHTTPClient(traced))
//
// The spans go to the provider of the span in the context, or to the global one,
// see otel.SetTracerProvider; the header is written by the global propagator, see
// otel.SetTextMapPropagator. The options of otelhttp give it others. A baggage
// propagator would send the baggage of the context to the server.
//
// Put nothing of a call into spans of your own but its operation and its error,
// whose text has neither credentials nor the user in it. Do without otelhttptrace,
// or give it WithoutHeaders: it records headers, and of those with credentials it
// knows Authorization only.
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
	client, err := passwords.New(server.URL, passwords.WithSessionToken(cyclostest.AdminSession), passwords.WithHTTPClient(traced))
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
	// The server refuses this one, as the password is not blocked.
	if err := client.EnablePassword(ctx, user, cyclostest.TypeLogin); err != nil {
		span.SetStatus(codes.Error, err.Error())
	}
	return nil
}

package main

import (
	"context"
	"fmt"
	"io"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// printer is an exporter that prints spans. Replace it with the exporter for your
// collector, such as otlptracehttp.
type printer struct{ out io.Writer }

func (p printer) ExportSpans(_ context.Context, spans []sdktrace.ReadOnlySpan) error {
	for _, span := range spans {
		if _, err := fmt.Fprintf(p.out, "%s (%s)\n", span.Name(), span.SpanKind()); err != nil {
			return err
		}
		for _, attribute := range span.Attributes() {
			if _, err := fmt.Fprintf(p.out, "    %s = %s\n", attribute.Key, attribute.Value.String()); err != nil {
				return err
			}
		}
		if text := span.Status().Description; text != "" {
			if _, err := fmt.Fprintf(p.out, "    status: %s\n", text); err != nil {
				return err
			}
		}
	}
	return nil
}

func (printer) Shutdown(context.Context) error { return nil }

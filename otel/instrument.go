package otelpasswords

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/cyclos-go/passwords"
)

// scope is the name of the tracer and the meter.
const scope = "github.com/cyclos-go/passwords/otel"

// operationKey is the attribute for the operationId.
const operationKey = attribute.Key("passwords.operation")

// Option configures [Instrument].
type Option func(*config)

type config struct {
	tracers    trace.TracerProvider
	meters     metric.MeterProvider
	propagator propagation.TextMapPropagator
}

// WithTracerProvider sets the provider of the tracer. The default is the global one,
// see [otel.SetTracerProvider].
func WithTracerProvider(provider trace.TracerProvider) Option {
	return func(c *config) { c.tracers = provider }
}

// WithMeterProvider sets the provider of the meter. The default is the global one, see
// [otel.SetMeterProvider].
func WithMeterProvider(provider metric.MeterProvider) Option {
	return func(c *config) { c.meters = provider }
}

// WithPropagator sets what writes the span of an attempt into the headers of its
// request. The default is the global propagator, see [otel.SetTextMapPropagator].
// [propagation.Baggage] sends the baggage of the context to the server.
func WithPropagator(propagator propagation.TextMapPropagator) Option {
	return func(c *config) { c.propagator = propagator }
}

// Instrument returns an option for [passwords.New] that records the calls of the
// client, and of those that are derived from it. Do not give it to a client twice:
// each records. A nil provider or propagator stands for the global one.
func Instrument(opts ...Option) passwords.Option {
	var c config
	for _, opt := range opts {
		opt(&c)
	}
	if c.tracers == nil {
		c.tracers = otel.GetTracerProvider()
	}
	if c.meters == nil {
		c.meters = otel.GetMeterProvider()
	}
	if c.propagator == nil {
		c.propagator = otel.GetTextMapPropagator()
	}
	meter := c.meters.Meter(scope, metric.WithSchemaURL(semconv.SchemaURL))
	r := recorder{
		tracer:   c.tracers.Tracer(scope, trace.WithSchemaURL(semconv.SchemaURL)),
		calls:    histogram(meter, "passwords.call.duration", "Duration of calls of password operations, retries included."),
		attempts: histogram(meter, "http.client.request.duration", "Duration of HTTP client requests."),
	}
	return passwords.JoinOptions(
		passwords.WithObserver(r.observe),
		passwords.WithRequestEditor(func(ctx context.Context, req *http.Request) error {
			if req.Header == nil { // removed by another editor
				req.Header = http.Header{}
			}
			c.propagator.Inject(ctx, propagation.HeaderCarrier(req.Header))
			return nil
		}),
	)
}

// histogram returns a histogram of durations, with the boundaries of the semantic
// conventions.
func histogram(meter metric.Meter, name, description string) metric.Float64Histogram {
	h, err := meter.Float64Histogram(name, metric.WithUnit("s"), metric.WithDescription(description),
		metric.WithExplicitBucketBoundaries(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10))
	if err != nil {
		otel.Handle(err)
		return noop.Float64Histogram{}
	}
	return h
}

// recorder records calls and attempts.
type recorder struct {
	tracer          trace.Tracer
	calls, attempts metric.Float64Histogram
}

func (r recorder) observe(ctx context.Context, o passwords.Observation) (context.Context, func(error)) {
	began := time.Now()
	name, kind, durations := "passwords."+string(o.Operation.ID), trace.SpanKindInternal, r.calls
	attributes := []attribute.KeyValue{operationKey.String(string(o.Operation.ID))}
	if o.Attempt > 0 {
		template := strings.TrimSuffix(o.BaseURL.EscapedPath(), "/") + o.Operation.Path
		name, kind, durations = o.Operation.Method+" "+template, trace.SpanKindClient, r.attempts
		attributes = append(attributes,
			semconv.HTTPRequestMethodKey.String(o.Operation.Method), semconv.URLTemplate(template),
			semconv.URLScheme(o.BaseURL.Scheme), semconv.ServerAddress(o.BaseURL.Hostname()), semconv.ServerPort(port(o)))
	}
	ctx, span := r.tracer.Start(ctx, name, trace.WithSpanKind(kind), trace.WithAttributes(attributes...))
	if o.Attempt > 1 {
		span.SetAttributes(semconv.HTTPRequestResendCount(o.Attempt - 1))
	}
	return ctx, func(err error) {
		end := outcome(o, err)
		span.SetAttributes(end...)
		if err != nil {
			span.SetStatus(codes.Error, "")
		}
		span.End()
		durations.Record(ctx, time.Since(began).Seconds(), metric.WithAttributes(append(attributes, end...)...))
	}
}

// port returns the port of the server.
func port(o passwords.Observation) int {
	if number, err := strconv.Atoi(o.BaseURL.Port()); err == nil {
		return number
	}
	if o.BaseURL.Scheme == "http" {
		return 80
	}
	return 443
}

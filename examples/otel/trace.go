package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// tracingClient returns a client for passwords.WithHTTPClient that traces requests
// to the server at baseURL and sends them with next.
func tracingClient(baseURL string, next http.RoundTripper, opts ...otelhttp.Option) (*http.Client, error) {
	routes, err := newRoutes(baseURL)
	if err != nil {
		return nil, err
	}
	opts = append(opts, otelhttp.WithSpanNameFormatter(func(_ string, req *http.Request) string {
		return sealedIn(req.Context()).route.operation
	}))
	return &http.Client{Transport: &sealing{
		routes: routes,
		next:   next,
		traced: otelhttp.NewTransport(unsealing{next}, opts...),
	}}, nil
}

// sealing and unsealing wrap otelhttp and hide the URL of requests and the texts of
// errors from it, which may quote a server or proxy: what otelhttp never sees is in
// no span and no metric.
type sealing struct {
	routes routes
	next   http.RoundTripper
	traced http.RoundTripper
}

// sealed is the data that bypasses otelhttp in the context of a request.
type sealed struct {
	route route
	url   *url.URL
}

type sealedKey struct{}

func sealedIn(ctx context.Context) sealed {
	kept, _ := ctx.Value(sealedKey{}).(sealed)
	return kept
}

func (s *sealing) RoundTrip(req *http.Request) (*http.Response, error) {
	route := s.routes.of(req)
	outer := req.WithContext(context.WithValue(req.Context(), sealedKey{}, sealed{route, req.URL}))
	// Opaque, because the braces of a path would be escaped.
	outer.URL = &url.URL{Scheme: req.URL.Scheme, Host: req.URL.Host, Opaque: "//" + req.URL.Host + route.path}
	resp, err := s.traced.RoundTrip(outer)
	if kept := (*quiet)(nil); errors.As(err, &kept) {
		err = kept.reason // net/http checks the type of some errors
	}
	return resp, err
}

// CloseIdleConnections is called by http.Client.CloseIdleConnections.
func (s *sealing) CloseIdleConnections() {
	if closer, ok := s.next.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

type unsealing struct{ next http.RoundTripper }

func (u unsealing) RoundTrip(req *http.Request) (*http.Response, error) {
	kept := sealedIn(req.Context())
	trace.SpanFromContext(req.Context()).SetAttributes(semconv.URLTemplate(kept.route.path))
	inner := req.WithContext(req.Context())
	inner.URL = kept.url
	resp, err := u.next.RoundTrip(inner)
	if err != nil {
		return resp, &quiet{err}
	}
	if resp != nil && resp.Body != nil {
		resp.Body = quietBody{resp.Body}
	}
	return resp, nil
}

// quiet hides the text of an error, which may quote the server.
type quiet struct{ reason error }

func (q *quiet) Error() string { return "the request failed" }
func (q *quiet) Unwrap() error { return q.reason }

type quietBody struct{ io.ReadCloser }

func (b quietBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF { // not a failure, and compared with ==: see io.Reader
		err = &quiet{err}
	}
	return n, err
}

// Package otelpasswords records the calls of package passwords with OpenTelemetry, in
// spans and metrics that name operations and never users:
//
//	client, err := passwords.New(baseURL, auth, otelpasswords.Instrument())
//
// Do not use otelhttp in addition: it records the URL, which names the user. A
// transport that it wraps also costs the client the knowledge whether a failed
// request was sent, so that fewer calls are retried.
//
// # Spans
//
// Each call is a span of kind internal, named by the operation, such as
// "passwords.changePassword". It covers retries and the waits between them. Each
// attempt of the call is a child of kind client, named by the method and the path
// template, such as "POST /api/{user}/passwords/{type}/change". It covers the session
// token source and the request editors. The header traceparent continues the
// trace in the server if the propagator writes it. Failed calls and attempts have the
// status Error without a description: put the text of the error into a span of your
// own, if you want it there. It contains neither credentials nor the user, but may
// quote an error of your request editors or your session token source.
//
// # Metrics
//
// The histogram passwords.call.duration has the duration of calls, and
// http.client.request.duration that of attempts, both in seconds.
//
// # Attributes
//
// Spans and metrics have the same attributes, by the semantic conventions for HTTP
// clients as far as there are any:
//
//   - passwords.operation: the operationId, such as changePassword;
//   - http.response.status_code: if a response arrived;
//   - error.type: if the call or attempt failed, see below;
//   - http.request.method, url.template, url.scheme, server.address and server.port:
//     of attempts. The template is the path, such as
//     /api/{user}/passwords/{type}/change. url.full is not recorded;
//   - http.request.resend_count: of the spans of attempts from the second on.
//
// The values of error.type are, in this order: outcome_unknown, for
// [passwords.ErrOutcomeUnknown], which no attempt has, because only the call decides;
// canceled; timeout; invalid_argument; response_too_large; unexpected_response; the
// status, such as 403; certificate, dns, dial, read and write for failures of the
// connection; and _OTHER.
package otelpasswords

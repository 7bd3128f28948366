package otelpasswords

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"

	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/cyclos-go/passwords"
)

// outcome returns the attributes of a call or attempt that has ended.
func outcome(o passwords.Observation, err error) []attribute.KeyValue {
	if err == nil {
		return []attribute.KeyValue{semconv.HTTPResponseStatusCode(o.Operation.Status)}
	}
	attributes := []attribute.KeyValue{semconv.ErrorTypeKey.String(errorType(err))}
	if status := statusOf(err); status != 0 {
		attributes = append(attributes, semconv.HTTPResponseStatusCode(status))
	}
	return attributes
}

func statusOf(err error) int {
	var e *passwords.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.StatusCode
}

// kinds are the values of error.type by the error that they stand for.
var kinds = []struct {
	err  error
	name string
}{
	{passwords.ErrOutcomeUnknown, "outcome_unknown"},
	{context.Canceled, "canceled"},
	{context.DeadlineExceeded, "timeout"},
	{passwords.ErrInvalidArgument, "invalid_argument"},
	{passwords.ErrResponseTooLarge, "response_too_large"},
	{passwords.ErrUnexpectedResponse, "unexpected_response"},
}

// errorType returns a text of a fixed set: errors may quote the caller's functions.
func errorType(err error) string {
	for _, kind := range kinds {
		if errors.Is(err, kind.err) {
			return kind.name
		}
	}
	if status := statusOf(err); status != 0 {
		return strconv.Itoa(status)
	}
	var (
		timeout     interface{ Timeout() bool }
		certificate *tls.CertificateVerificationError
		name        *net.DNSError
		operation   *net.OpError
	)
	switch {
	case errors.As(err, &certificate):
		return "certificate"
	case errors.As(err, &name):
		return "dns"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	case errors.As(err, &operation):
		switch operation.Op {
		case "dial", "read", "write":
			return operation.Op
		}
	}
	return semconv.ErrorTypeOther.Value.AsString()
}

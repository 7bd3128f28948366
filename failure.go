package passwords

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
)

// failure is the reason why no whole answer arrived. Its text is of a known
// kind: net/http quotes the URL, which names the user, and what servers and
// proxies sent. errors.Is and errors.As find the reason itself.
type failure struct {
	text   string
	reason error
}

func (f *failure) Error() string { return f.text }
func (f *failure) Unwrap() error { return f.reason }

// newFailure returns nil for nil.
func newFailure(err error) error {
	if err == nil {
		return nil
	}
	err = withoutURL(err)
	return &failure{text: failureText(err), reason: err}
}

func failureText(err error) string {
	var (
		timeout     net.Error
		operation   *net.OpError
		name        *net.DNSError
		certificate *tls.CertificateVerificationError
	)
	switch {
	case errors.Is(err, context.Canceled):
		return context.Canceled.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return context.DeadlineExceeded.Error()
	case errors.As(err, &certificate):
		return "the certificate of the server is not trusted"
	case errors.As(err, &name):
		return name.Error()
	case errors.As(err, &operation):
		return operation.Error()
	case errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	case errors.Is(err, http.ErrSchemeMismatch):
		return http.ErrSchemeMismatch.Error()
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "the connection broke off"
	}
	return "the request failed"
}

// withoutURL returns the error below those that quote the URL.
func withoutURL(err error) error {
	for quoting := (*url.Error)(nil); errors.As(err, &quoting); {
		err = quoting.Err
	}
	return err
}

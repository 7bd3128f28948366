package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"syscall"
)

// Failure is the reason why no complete response arrived. Its text is a
// fixed one, with an address at most, because the errors of net/http quote the URL,
// which names the user, and the text of servers and proxies. errors.Is and errors.As find the reason itself, but no
// [url.Error].
type Failure struct {
	text   string
	reason error
}

func (f *Failure) Error() string { return f.text }

// Is reports whether the reason matches target.
func (f *Failure) Is(target error) bool { return errors.Is(f.reason, target) }

// As finds target in the reason, unless it is a [url.Error].
func (f *Failure) As(target any) bool {
	if _, quoting := target.(**url.Error); quoting {
		return false
	}
	return errors.As(f.reason, target)
}

// Failed returns err as a [*Failure]; nil for nil.
func Failed(err error) error {
	if err == nil {
		return nil
	}
	return &Failure{text: failureText(err), reason: err}
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
	case errors.Is(err, errReplay):
		return errReplay.Error()
	case errors.As(err, &certificate):
		return "the certificate of the server is not trusted"
	case errors.As(err, &name) && name.IsNotFound:
		return "no such host"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	case errors.As(err, &operation):
		return operationText(operation)
	case errors.Is(err, http.ErrSchemeMismatch):
		return http.ErrSchemeMismatch.Error()
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "the connection broke off"
	}
	return "the request failed"
}

// operationText returns the text of an error of package net, keeping only the
// operating system's text.
func operationText(err *net.OpError) string {
	text := "network error"
	switch err.Op {
	case "dial", "read", "write", "proxyconnect":
		text = err.Op
	}
	if addr, ok := err.Addr.(*net.TCPAddr); ok {
		text += " tcp " + addr.String()
	}
	var code syscall.Errno
	switch {
	case errors.As(err.Err, &code):
		text += ": " + code.Error()
	case errors.Is(err.Err, os.ErrDeadlineExceeded):
		text += ": timeout"
	}
	return text
}

// FailedIn returns the error of the caller's own code as it is, unless its text
// quotes a URL, which may hold credentials. The text says where it failed.
func FailedIn(where string, err error) error {
	var quoting *url.Error
	if !errors.As(err, &quoting) {
		return err
	}
	return &Failure{text: where + " failed: " + failureText(err), reason: err}
}

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
	"reflect"
	"regexp"
	"slices"
	"strings"
	"syscall"
)

// Failure is the reason why no complete response arrived. Its text is a fixed one,
// with an address or a host name at most, because the errors of net/http quote the
// URL, which names the user, and the text of servers and proxies. errors.Is finds the
// reason itself. errors.As finds what neither is, wraps nor shows a URL. For
// [net.Error] and similar interfaces that is the Failure.
type Failure struct {
	text, kind string
	// A closure, because printers that use reflection show fields, and call no Error
	// method.
	reason func() error
}

func (f *Failure) Error() string { return f.text }

// Kind returns the kind of the failure, one of a few that hold neither an address nor
// a name.
func (f *Failure) Kind() string { return f.kind }

// Timeout implements [net.Error].
func (f *Failure) Timeout() bool { return holds(f.reason(), timedOut) }

// Temporary implements [net.Error].
func (f *Failure) Temporary() bool {
	return holds(f.reason(), func(err error) bool {
		temporary, ok := err.(interface{ Temporary() bool })
		return ok && temporary.Temporary()
	})
}

// Is reports whether the reason matches target.
func (f *Failure) Is(target error) bool { return errors.Is(f.reason(), target) }

// As finds target in the reason, unless it shows a URL.
func (f *Failure) As(target any) bool { return find(f.reason(), target) }

func find(err error, target any) bool {
	if !showsURL(err) {
		into := reflect.ValueOf(target).Elem()
		if !errors.As(err, target) {
			return false
		}
		found, ok := into.Interface().(error)
		if ok && showsURL(found) { // by a method As
			into.SetZero()
			return false
		}
		return true
	}
	return slices.ContainsFunc(wrapped(err), func(err error) bool { return find(err, target) })
}

// showsURL reports whether err is, wraps or shows a URL.
func showsURL(err error) bool {
	var quoting *url.Error
	return errors.As(err, &quoting) || holds(err, func(err error) bool { return strings.Contains(err.Error(), "://") })
}

func timedOut(err error) bool {
	timeout, ok := err.(interface{ Timeout() bool })
	return ok && timeout.Timeout()
}

// holds reports whether is holds for err or for an error that it wraps.
func holds(err error, is func(error) bool) bool {
	return err != nil && (is(err) || slices.ContainsFunc(wrapped(err), func(err error) bool { return holds(err, is) }))
}

// wrapped returns the errors that err wraps directly.
func wrapped(err error) []error {
	switch err := err.(type) {
	case interface{ Unwrap() error }:
		return []error{err.Unwrap()}
	case interface{ Unwrap() []error }:
		return err.Unwrap()
	}
	return nil
}

// Failed returns err as a [*Failure]; nil for nil.
func Failed(err error) error {
	if err == nil {
		return nil
	}
	text, kind := describe(err)
	return newFailure(text, kind, err)
}

func newFailure(text, kind string, reason error) *Failure {
	return &Failure{text, kind, func() error { return reason }}
}

// describe returns the text and the kind of a failure.
func describe(err error) (text, kind string) {
	var (
		timeout     net.Error
		operation   *net.OpError
		name        *net.DNSError
		certificate *tls.CertificateVerificationError
	)
	switch {
	case errors.Is(err, context.Canceled):
		return context.Canceled.Error(), "canceled"
	case errors.Is(err, context.DeadlineExceeded):
		return context.DeadlineExceeded.Error(), "timeout"
	case errors.Is(err, errReplay):
		return errReplay.Error(), "replay stopped"
	case errors.As(err, &certificate):
		return "the certificate of the server is not trusted", "certificate not trusted"
	case errors.As(err, &name) && name.IsNotFound:
		return hostText("no such host", name.Name), "no such host"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "timeout", "timeout"
	case name != nil:
		return hostText("the host name cannot be looked up", name.Name), "host lookup failed"
	case errors.As(err, &operation):
		return operationText(operation), operationKind(operation)
	case errors.Is(err, http.ErrSchemeMismatch):
		return http.ErrSchemeMismatch.Error(), "HTTP instead of HTTPS"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "the connection broke off", "connection broke off"
	case errors.Is(err, io.ErrNoProgress):
		return "the response makes no progress", "no progress"
	}
	return "the request failed", "other"
}

// hostText adds the host to the text. It is that of the base URL or of a proxy.
func hostText(text, host string) string {
	if hostName.MatchString(host) {
		text += ": " + host
	}
	return text
}

// hostName matches a host without user and port.
var hostName = regexp.MustCompile(`^[A-Za-z0-9._-]{1,253}$`)

// operationKind returns the kind of an error of package net.
func operationKind(err *net.OpError) string {
	if holds(err, timedOut) {
		return "timeout"
	}
	for _, k := range []struct {
		code syscall.Errno
		kind string
	}{
		{syscall.ECONNREFUSED, "connection refused"},
		{syscall.ECONNRESET, "connection reset"},
		{syscall.EPIPE, "connection reset"},
		{syscall.ENETUNREACH, "network unreachable"},
		{syscall.EHOSTUNREACH, "host unreachable"},
	} {
		if errors.Is(err, k.code) {
			return k.kind
		}
	}
	switch err.Op {
	case "dial", "read", "write", "proxyconnect":
		return err.Op + " failed"
	}
	return "network error"
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

// FailedIn returns the error of the caller's own code as it is, unless it shows a
// URL, which may hold credentials. The text says where it failed.
func FailedIn(where string, err error) error {
	if !showsURL(err) {
		return err
	}
	text, kind := describe(err)
	return newFailure(where+" failed: "+text, kind, err)
}

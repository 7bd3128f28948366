// Package proxytest sends the values of package testkit through a real Tomcat
// and a real nginx. Its tests have the build tag servers, since they need the
// Debian packages tomcat10-common and nginx:
//
//	go test -race -tags servers ./internal/proxytest/
package proxytest

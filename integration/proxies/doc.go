// Package proxies sends unusual users and password types through a real Tomcat and
// a real nginx. Its tests have the build tag servers, because they need the Debian
// packages tomcat10-common and nginx:
//
//	go -C integration test -race -tags servers ./proxies
package proxies

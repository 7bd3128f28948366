// Package gen contains the code that oapi-codegen generates from api/openapi.yaml:
// the models of the Cyclos Passwords API, a table of its operations, a request
// builder for each operation, and a client that sends the requests.
//
// Most programs should use package passwords, which returns the models of this
// package. Of its safety, package gen offers only path validation and redirect
// protection: it rejects values that are not exactly one path segment, and the
// default client does not follow redirects. Responses are returned unchanged,
// whatever their size or type. Secrets are plain strings. Principals are not
// distinguished from ids.
//
// Names follow the API and the generator, and change with them.
package gen

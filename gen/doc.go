// Package gen is the client that oapi-codegen makes of api/openapi.yaml: the models
// of the Cyclos Passwords API, a builder for the request of each operation, and a
// client that sends them.
//
// Most programs want package passwords above it instead, which returns the models
// of this one. What is here has little of its safety: values that would not arrive
// as one path segment are refused, and the client follows no redirects. For the
// rest, answers are returned or parsed as they are, whatever their size or type,
// secrets are strings, and users are not told from ids.
//
// Names follow the API and the generator: they change when these do.
package gen

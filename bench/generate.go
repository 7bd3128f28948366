// Package bench compares the client with others: the time, bytes and allocations of
// a call, and the cost of the import. It is a module of its own, so that the other
// clients do not become dependencies of this one.
//
// The generated clients are not committed. go generate writes them, and the build
// tag peers includes them.
package bench

//go:generate go run ./internal/generate

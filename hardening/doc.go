// Package hardening tests package passwords with packages of third parties. It
// is a module of its own so that none of them is a dependency of those who use
// package passwords.
package hardening

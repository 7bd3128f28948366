// Package secrets tests that no printer, encoder, logger, crash or failed test
// shows a credential or password that a client holds, sends or receives. It is in
// a module of its own because it needs packages of third parties.
package secrets

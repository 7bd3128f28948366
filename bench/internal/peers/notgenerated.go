//go:build !peers

package peers

// Generated are the clients that generators wrote: none, as they are not committed.
var Generated []Peer

package testkit

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/cyclos-go/passwords"
)

// Sessions is a session token source and a server that accepts one token. Read
// its counters only when no call is running.
type Sessions struct {
	Valid  string        // the token that the server accepts
	Tokens []string      // what the source returns; the last one is repeated
	Hold   chan struct{} // the source waits until it is closed, unless it is nil
	Refuse Reply         // the response to other tokens

	mu    sync.Mutex
	Asked int      // calls of the source
	Sent  []string // the tokens of the requests
}

// Source returns the next token.
func (s *Sessions) Source(ctx context.Context, _ passwords.Secret) (passwords.Secret, error) {
	s.mu.Lock()
	token := s.Tokens[min(s.Asked, len(s.Tokens)-1)]
	s.Asked++
	s.mu.Unlock()
	if s.Hold != nil {
		select {
		case <-s.Hold:
		case <-ctx.Done():
			return passwords.Secret{}, ctx.Err()
		}
	}
	return passwords.NewSecret(token), nil
}

// Transport returns a transport to the server, which replies ok to the valid
// token.
func (s *Sessions) Transport(t *testing.T, ok Reply) *http.Transport {
	return ServePipes(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		token := r.Header.Get("Session-Token")
		s.Sent = append(s.Sent, token)
		if token != s.Valid {
			s.Refuse.ServeHTTP(w, r)
			return
		}
		ok.ServeHTTP(w, r)
	}))
}

// NewSessionClient returns a client with the default retries that gets its
// session tokens from source.
func NewSessionClient(t *testing.T, transport http.RoundTripper, source func(context.Context, passwords.Secret) (passwords.Secret, error), opts ...passwords.Option) *passwords.Client {
	t.Helper()
	client, err := passwords.New("http://localhost/api", append(opts, passwords.WithSessionTokenSource(source),
		passwords.WithHTTPClient(&http.Client{Transport: transport}))...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// Callers is the number of calls of [Concurrently].
const Callers = 200

// Concurrently starts f in Callers goroutines and returns a function that waits
// for them.
func Concurrently(f func()) (wait func()) {
	var running sync.WaitGroup
	for range Callers {
		running.Go(f)
	}
	return running.Wait
}

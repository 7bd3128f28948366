package cyclostest

import (
	"fmt"
	"slices"

	"github.com/cyclos-go/passwords/gen"
)

// Messages returns the messages that reset-and-send sent, oldest first.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.world.messages)
}

// NewSession opens a session for a user without a password, and returns the
// session token. It panics if the login name is unknown.
func (s *Server) NewSession(loginName string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.mustUser(loginName)
	token := newToken()
	s.world.sessions[token] = u
	return token
}

// EndSession ends a session. It ignores unknown tokens.
func (s *Server) EndSession(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.world.sessions, token)
}

// Status returns the current status of a password. It panics if the login name or
// the internal name of the password type is unknown.
func (s *Server) Status(loginName, passwordType string) gen.PasswordStatusEnum {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mustPassword(loginName, passwordType).status
}

// Check reports whether value is the current value of a password, whatever its
// status. A mismatch is not a failed attempt. A password without a value matches
// nothing. Check panics if a name is unknown, as Status does.
func (s *Server) Check(loginName, passwordType, value string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mustPassword(loginName, passwordType).matches(value)
}

// Calls returns the number of authenticated requests that reached an operation,
// including requests that the operation rejected. Requests that a fault replaced
// do not count unless AfterExecution is set. Calls panics if the operationId is
// unknown.
func (s *Server) Calls(operationID string) int {
	if !knownOperation(operationID) {
		panic(fmt.Errorf("cyclostest: calls: unknown operation %q", operationID))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world.calls[gen.OperationID(operationID)]
}

func (s *Server) mustUser(loginName string) *user {
	u := s.world.userByLogin(loginName)
	if u == nil {
		panic(fmt.Errorf("cyclostest: unknown login name %q", loginName))
	}
	return u
}

func (s *Server) mustPassword(loginName, passwordType string) *password {
	u := s.mustUser(loginName)
	t := s.world.typeByName(passwordType)
	if t == nil {
		panic(fmt.Errorf("cyclostest: unknown password type %q", passwordType))
	}
	return u.password(t, s.now())
}

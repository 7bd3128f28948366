package cyclostest

import (
	"fmt"
	"slices"

	"github.com/cyclos-go/passwords/gen"
)

// Messages returns what reset-and-send has sent, the oldest message first.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.world.messages)
}

// NewSession logs a user in by another way than a password, and returns the
// session token. An unknown login name panics.
func (s *Server) NewSession(loginName string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.mustUser(loginName)
	token := newToken()
	s.world.sessions[token] = u
	return token
}

// EndSession ends a session. An unknown token is ignored.
func (s *Server) EndSession(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.world.sessions, token)
}

// Status returns the status of a password as it is now. An unknown login name,
// or internal name of a password type, panics.
func (s *Server) Status(loginName, passwordType string) gen.PasswordStatusEnum {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mustPassword(loginName, passwordType).status
}

// Check says whether value is the current value of a password, whatever its
// status. It counts no try. A password without a value matches nothing. Unknown
// names panic as in Status.
func (s *Server) Check(loginName, passwordType, value string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mustPassword(loginName, passwordType).matches(value)
}

// Calls returns how many requests an operation has had that were authenticated
// and that no fault kept from it. Those which it refused count too. An unknown
// operationId panics.
func (s *Server) Calls(operationID string) int {
	if !knownOperation(operationID) {
		panic(fmt.Errorf("cyclostest: unknown operation %q", operationID))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world.calls[gen.OperationID(operationID)]
}

func (s *Server) mustUser(loginName string) *user {
	u := s.world.userByLogin(loginName)
	if u == nil {
		panic(fmt.Errorf("cyclostest: no user has the login name %q", loginName))
	}
	return u
}

func (s *Server) mustPassword(loginName, passwordType string) *password {
	u := s.mustUser(loginName)
	t := s.world.typeByName(passwordType)
	if t == nil {
		panic(fmt.Errorf("cyclostest: no password type has the internal name %q", passwordType))
	}
	return u.password(t, s.now())
}

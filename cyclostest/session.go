package cyclostest

import (
	"crypto/rand"
	"maps"
	"strconv"
	"time"

	"github.com/cyclos-go/passwords/gen"
)

// timeoutInSeconds is a parameter.
const timeoutInSeconds = "timeoutInSeconds"

// defaultSessionTimeout is that of a login without timeoutInSeconds.
const defaultSessionTimeout = 30 * time.Minute

// lifetime is that of a session that a login has opened.
type lifetime struct {
	idle time.Duration // the longest time without a request
	end  time.Time
	used *password // of the login, if the owner had to change it then
}

func (l *lifetime) over(now time.Time) bool { return !now.Before(l.end) }

// session returns the user of a session and prolongs it; nil if there is none. It also
// returns the password of the login, if its owner had to change it then.
func (st *state) session(token string, now time.Time) (*user, *password) {
	l := st.lifetimes[token]
	if l == nil {
		return st.sessions[token], nil
	}
	if l.over(now) {
		st.endSession(token)
	}
	l.end = now.Add(l.idle)
	return st.sessions[token], l.used
}

func (st *state) openSession(u *user) (token string) {
	token = rand.Text()
	st.sessions[token] = u
	return token
}

func (st *state) endSession(token string) {
	delete(st.sessions, token)
	delete(st.lifetimes, token)
}

func (c *call) login() (response, *problem) {
	if c.used == nil || c.request.Header.Get(headerSession) != "" {
		return response{}, unauthorizedCode(gen.UnauthorizedErrorCodeMissingAuthorization)
	}
	fields, problem := parseFields(fieldsOf(c.request))
	if problem != nil {
		return response{}, problem
	}
	idle := defaultSessionTimeout
	if given := c.request.URL.Query().Get(timeoutInSeconds); given != "" {
		seconds, err := strconv.ParseInt(given, 10, 32)
		if err != nil || seconds <= 0 {
			return response{}, invalidInput(gen.InputError{Code: gen.InputErrorCodeDataConversion, Value: given})
		}
		idle = time.Duration(seconds) * time.Second
	}
	if len(c.lifetimes)%1024 == 1023 { // now and then, so that long runs stay bounded
		for token, l := range maps.Clone(c.lifetimes) {
			if l.over(c.now) {
				c.endSession(token)
			}
		}
	}
	token := c.openSession(c.caller)
	l := &lifetime{idle: idle, end: c.now.Add(idle)}
	if mustBeChanged(c.used) {
		l.used = c.used
	}
	c.lifetimes[token] = l
	return response{schema: "Auth", body: gen.Auth{SessionToken: token}, fields: fields}, nil
}

func (c *call) logout() (response, *problem) {
	c.endSession(c.request.Header.Get(headerSession))
	return response{}, nil
}

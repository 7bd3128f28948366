package cyclostest

import (
	"math"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestInternalError(t *testing.T) {
	t.Parallel()
	s := New()
	w := httptest.NewRecorder()
	s.writeProblem(w, internalError())
	want := `{"exceptionType":"java.lang.IllegalStateException","kind":"general"}` + "\n"
	if w.Code != 500 || w.Body.String() != want {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	if err := (response{body: math.NaN()}).write(w, lastMinor); err == nil {
		t.Error("got no error for a body that cannot be encoded")
	}
}

// A date that JSON cannot represent is the only cause of a 500.
func TestClockBeyondJSON(t *testing.T) {
	t.Parallel()
	s := New(WithClock(func() time.Time { return time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC) }))
	r := httptest.NewRequest("GET", "/api/self/passwords", nil)
	r.Header.Set(headerSession, AnaSession)
	if w := serveDirect(s, r); w.Code != 500 || !strings.Contains(w.Body.String(), "IllegalStateException") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}
